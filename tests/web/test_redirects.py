"""Nobody is led to somewhere else by an address that a stranger wrote."""

from urllib.parse import quote

from aiohttp import web
from aiohttp.web import Application
from pytest_aiohttp.plugin import AiohttpClient
from yarl import URL

from tests.web.conftest import OWN, Browser, SignIn
from vioP.web.forms import own_path

EVIL = "evil.example"
# How an address that leaves us can be spelled, for one reader or another. Source: WHATWG URL
# (backslashes, tabs and line ends), RFC 3986 (userinfo, case, dots), OWASP.
SPELLINGS = (
    f"https://{EVIL}", f"http://{EVIL}", f"//{EVIL}", f"///{EVIL}", f"////{EVIL}",
    f"/\\{EVIL}", f"\\\\{EVIL}", f"\\/{EVIL}", f"/\\/{EVIL}", f"/\t/{EVIL}", f"/\n/{EVIL}",
    f"/\r/{EVIL}", f"\t//{EVIL}", f"/\t\\{EVIL}", f"HTTPS://{EVIL}", f"https:{EVIL}",
    f"https:/{EVIL}", f"https:\\\\{EVIL}", f"http://127.0.0.1:8080@{EVIL}",
    f"//127.0.0.1:8080@{EVIL}", f"http://127.0.0.1:8080.{EVIL}", f"/.//{EVIL}",
    f"/..//{EVIL}", f"/demo/..//{EVIL}", f"/%2f/{EVIL}", f"/%09/{EVIL}", f"//{EVIL}/%2e%2e",
    f"javascript:alert(1)//{EVIL}", f"data:text/html,{EVIL}", f"ftp://{EVIL}", f"//[::1]/{EVIL}",
    f"/\x0b/{EVIL}", f"/\u3000/{EVIL}", f"\u2028//{EVIL}", f"\uff0f\uff0f{EVIL}", f"/ /{EVIL}",
)  # fmt: skip
HERE = URL("http://127.0.0.1:8080/x/y")


def leads_away(location: str) -> bool:
    """Whether a browser would leave us: it drops tabs and line ends, and turns backslashes."""
    read = location.translate({9: None, 10: None, 13: None}).strip().replace("\\", "/")
    return HERE.join(URL(read)).host != HERE.host


def test_the_judge_knows_what_leaves():
    assert leads_away(f"/\t/{EVIL}")
    assert leads_away(f"/\\{EVIL}")
    assert not leads_away("/board")
    assert len(SPELLINGS) > 30


def test_a_way_back_is_a_path_of_ours():
    for spelled in SPELLINGS:
        way = web.HTTPSeeOther(own_path(spelled, otherwise="/demo"))
        assert not leads_away(way.headers["Location"]), repr(spelled)
    assert own_path("/calls?drilled=yes#now", otherwise="/demo") == "/calls?drilled=yes#now"


async def test_the_clock_bar_leads_back_to_a_page_of_ours(
    demo_app: Application, aiohttp_client: AiohttpClient
):
    browser = await aiohttp_client(demo_app, headers=OWN)

    answer = await browser.post(
        "/demo/clock", data={"by": "1", "back": f"/\t/{EVIL}"}, allow_redirects=False
    )

    assert answer.headers["Location"] == "/demo"


async def test_a_note_leads_back_to_a_page_of_ours(browser: Browser, sign_in: SignIn):
    await sign_in("k1")

    for spelled in SPELLINGS:
        answer = await browser.post(
            "/participants/p1/contact",
            data={"note": "no_texts", "seat": spelled},
            allow_redirects=False,
        )
        location = answer.headers.get("Location", "/")
        assert answer.status < 500, repr(spelled)
        assert not leads_away(location), repr(spelled)


async def test_no_address_of_ours_leads_away_by_what_follows_it(browser: Browser):
    for spelled in SPELLINGS:
        for begun in ("/", "/j/", "/r/", "/set-up/", "/sign-in?next=", "/?back="):
            asked = URL(f"{begun}{quote(spelled, safe='')}", encoded=True)
            answer = await browser.get(asked, allow_redirects=False)
            assert answer.status < 500
            assert not leads_away(answer.headers.get("Location", "/")), (begun, spelled)

"""Pages in Spanish: all of a page that has words of ours, chosen by whoever reads it."""

import re

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from tests.make import group_session, seat_of
from tests.web.conftest import Browser, SignIn
from vioP.domain.message import nudge_text
from vioP.domain.techcheck import Part, Verdict
from vioP.ports import Ports
from vioP.resources import folder
from vioP.web.away import ZONES
from vioP.web.pages import _LINKS
from vioP.web.participant import TOLD
from vioP.web.problems import _TITLES
from vioP.web.rsvp import _SAID
from vioP.web.tech_words import VERDICTS, part_word

TEMPLATES = folder("templates")
CATALOG = read_po(
    (TEMPLATES / "locale" / "es.po").read_text().splitlines(keepends=True), locale="es"
)
SPANISH = {"Accept-Language": "es-US,es;q=0.9,en;q=0.5"}
PLACES = re.compile(r"%\((\w+)\)s")


def words_of_pages() -> set[str]:
    """Everything a template asks to have said in the reader's language."""
    return {
        str(words)
        for path in (TEMPLATES / "web").rglob("*.html")
        for _, words, _, _ in extract_from_file("jinja2.ext:babel_extract", str(path))
    }


def words_of_python() -> set[str]:
    return {
        *TOLD.values(), *_SAID.values(), *_TITLES.values(),
        *(name for _, name in _LINKS["participant"]), *(name for _, name in ZONES),
        *(VERDICTS[each][1] for each in Verdict), *(part_word(each) for each in Part),
    }  # fmt: skip


def test_every_word_is_translated_with_the_same_places_and_nothing_twice():
    known = {str(each.id): str(each.string) for each in CATALOG if each.id}

    assert sorted((words_of_pages() | words_of_python()) - known.keys()) == []
    assert [each for each, said in known.items() if not said.strip()] == []
    assert not any(each.fuzzy for each in CATALOG if each.id)
    wrong = [
        each
        for each, said in known.items()
        if sorted(PLACES.findall(each)) != sorted(PLACES.findall(said))
    ]
    assert wrong == []


async def test_a_browser_that_asks_for_spanish_gets_it_without_a_word_of_english(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    seat = await seat_of(ports, await group_session(ports), "p1")
    link = f"/j/{ports.secrets.link_token(seat)}"
    await sign_in("p1")
    english = {
        str(each.id)
        for each in CATALOG
        if each.id and " " in str(each.id) and each.id != each.string
    }

    for address in ("/me", "/me/away", "/me/travel", link, f"{link}/other",
                    f"/r/{ports.secrets.rsvp_token(seat)}", "/j/forged"):  # fmt: skip
        text = await (await browser.get(address, headers=SPANISH)).text()
        assert '<html lang="es">' in text
        plain = text.replace("&#39;", "'")
        assert [each for each in sorted(english) if f">{each}<" in plain] == [], address


async def test_staff_read_english_whatever_their_browser_asks_for(sign_in: SignIn):
    browser = await sign_in("k1")

    text = await (await browser.get("/board", headers=SPANISH)).text()

    assert '<html lang="en">' in text
    assert 'name="language"' not in text


async def test_a_language_is_chosen_on_the_page_and_stays(browser: Browser):
    answer = await browser.post("/language", data={"language": "es", "back": "/sign-in"})

    assert answer.url.path == "/sign-in"
    assert "Con un código por correo" in await answer.text()
    assert "Mándenme un código" in await (await browser.get("/sign-in")).text()
    await browser.post("/language", data={"language": "en", "back": "/sign-in"})
    assert "Send me a code" in await (await browser.get("/sign-in", headers=SPANISH)).text()


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/\\evil.example", "x"]
)
async def test_choosing_a_language_leads_nowhere_else(browser: Browser, back: str):
    data = {"language": "es", "back": back}

    answer = await browser.post("/language", data=data, allow_redirects=False)

    assert answer.headers["Location"] == "/"


async def test_a_language_there_is_not_is_refused(browser: Browser):
    answer = await browser.post("/language", data={"language": "xx", "back": "/"})

    assert answer.status == 422
    assert "viop_language" not in answer.cookies


def test_the_nudge_in_spanish_is_one_text_of_neutral_words():
    said = nudge_text(
        "Example Health", "https://go.example/j/" + "x" * 43, "+1 212 555 0100", "es"
    )

    assert said.isascii()
    assert len(said) <= 160
    assert "empezado" in said

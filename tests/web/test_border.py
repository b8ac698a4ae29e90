"""What is no text, no form and no day of our times: refused in words, never a fault of ours."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.web import Application, TCPSite

from tests.make import group_session, seat_of
from tests.web.conftest import Browser, SignIn
from tests.web.test_guard import said_to
from vioP.ports import Ports
from vioP.web.guard import GuardedRunner

FORM = "application/x-www-form-urlencoded"
PARTS = (
    b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\np1@x.example\r\n--x--\r\n'
)


@pytest.fixture
async def port(app: Application) -> AsyncIterator[int]:
    """The application as it is really served."""
    runner = GuardedRunner(app, handler_cancellation=True, access_log=None)
    await runner.setup()
    site = TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield runner.addresses[0][1]
    await runner.cleanup()


def request(method: str, path: bytes, *heads: bytes, body: bytes = b"") -> bytes:
    lines = [
        method.encode() + b" " + path + b" HTTP/1.1",
        b"Host: 127.0.0.1:8080",
        b"Accept: text/html",
        b"Connection: close",
        *heads,
    ]
    if method == "POST":
        lines += [b"Content-Length: %d" % len(body)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def form(path: str, body: bytes, kind: str = FORM, *heads: bytes) -> bytes:
    return request(
        "POST", path.encode(), b"Content-Type: " + kind.encode(), *heads, body=body
    )


LOGIN = "/sign-in/password"
STRANGE: dict[str, tuple[bytes, str]] = {
    "a cookie in no encoding": (request("GET", b"/board", b"Cookie: viop=\xff\xfe"), "303"),
    "a language in no encoding": (request("GET", b"/j/x", b"Accept-Language: \xff"), "404"),
    "a token in no encoding": (request("GET", b"/r/%ff.%fe"), "404"),
    "a token in another script": (request("GET", b"/reminders/%C3%A9.x"), "404"),
    "a zero byte in an address": (request("GET", b"/j/a%00b"), "400"),
    "a zero byte in a query": (request("GET", b"/sign-in?a=%00"), "400"),
    "an origin that is none": (form("/sign-in/code", b"email=a", FORM, b"Origin: http://["), "403"),
    "a form in no encoding": (form(LOGIN, b"email=\xff\xfe&password=\xff"), "400"),
    "a zero byte in a form": (form(LOGIN, b"email=a%00@b.example&password=x"), "400"),
    "a zero byte in a field's name": (form(LOGIN, b"email=a&password=b&%00=c"), "400"),
    "an encoding nobody knows": (form(LOGIN, b"email=a", f"{FORM}; charset=nonsense"), "400"),
    "an encoding that is none": (form(LOGIN, b"email=a", f"{FORM}; charset=hex"), "400"),
    "a form in parts": (form(LOGIN, PARTS, "multipart/form-data; boundary=x"), "415"),
    "a form in parts, without a mark": (form(LOGIN, b"x", "multipart/form-data"), "415"),
    "what is not packed as it says": (
        form(LOGIN, b"email=a", FORM, b"Content-Encoding: gzip"), "400",
    ),
    "a signature in no encoding": (
        form("/hooks/mail", b"x", "message/rfc822", b"webhook-signature: v1,\xff"), "400",
    ),
}  # fmt: skip


async def test_what_is_no_text_is_refused_and_is_no_fault(port: int):
    answers = {name: await said_to(port, raw) for name, (raw, _) in STRANGE.items()}

    got = {name: answer.split(" ")[1] for name, (answer, _) in answers.items()}
    assert got == {name: status for name, (_, status) in STRANGE.items()}


FAR = ("0001-01-01", "9999-12-31")
LOOKED_AT = (
    "/roster?day={day}",
    "/roster/print?day={day}",
    "/week?day={day}",
    "/weeks/{day}/grid",
    "/weeks/{day}/what-if",
    "/weeks/{day}/build",
    "/day-end?day={day}",
    "/sick-call?staff=c1&day={day}",
    "/leave?staff=c1&first={day}&last={day}",
)
SENT = {
    "/week/build": {"monday": "{day}"},
    "/leave": {"staff": "c1", "first": "{day}", "last": "{day}"},
    "/participants/p1/discharge": {"last": "{day}"},
    "/cohorts/tidewater/enrollments": {
        "participant": "p3",
        "first": "{day}",
        "until": "{day}",
    },
}


async def test_a_day_of_other_times_is_refused_in_words(browser: Browser, sign_in: SignIn):
    await sign_in("k1")

    for day in FAR:
        for address in LOOKED_AT:
            answer = await browser.get(address.format(day=day))
            assert answer.status == 422, address
        for address, fields in SENT.items():
            said = {name: value.format(day=day) for name, value in fields.items()}
            answer = await browser.post(address, data=said)
            assert answer.status == 422, address


async def test_a_time_at_the_end_of_time_is_not_booked(ports: Ports, browser: Browser):
    token = ports.secrets.link_token(await seat_of(ports, await group_session(ports), "p1"))

    answer = await browser.post(
        f"/j/{token}/tech-check/book", data={"starts": "9999-12-31T23:59:59-23:59"}
    )

    assert answer.status == 422

"""Slow clients, large bodies and nonsense: answered or hung up on, and nobody else waits."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
import structlog
from aiohttp.web import Application, TCPSite

from vioP.web import guard
from vioP.web.guard import GuardedRunner

HEADERS = ("content-security-policy: default-src 'none'", "x-content-type-options: nosniff",
           "referrer-policy: same-origin", "cross-origin-opener-policy: same-origin",
           "server: viop")  # fmt: skip
PATIENCE = 10


@pytest.fixture
async def port(app: Application, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """The application as it is really served, with less patience."""
    monkeypatch.setattr(guard, "HEAD_WITHIN", 0.5)
    monkeypatch.setattr(guard, "BODY_WITHIN", 0.5)
    runner = GuardedRunner(app, handler_cancellation=True, access_log=None)
    await runner.setup()
    site = TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def said_to(port: int, *pieces: bytes, pause: float = 0.0) -> tuple[str, float]:
    """Say something piece by piece; answers what came back until the end, and when that was."""
    loop = asyncio.get_running_loop()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    begun = loop.time()
    answer = b""
    with contextlib.suppress(ConnectionError):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        async with asyncio.timeout(PATIENCE):
            answer = await reader.read()
    writer.close()
    return answer.decode(), loop.time() - begun


async def test_who_says_nothing_is_hung_up_on(port: int):
    answer, took = await said_to(port)

    assert answer == ""
    assert 0.4 < took < 5


async def test_half_a_head_is_not_waited_for(port: int):
    answer, took = await said_to(port, b"GET /sign-in HTTP/1.1\r\nHost: x\r\nX-A: ")

    assert answer == ""
    assert took < 5


async def test_a_head_that_trickles_in_is_not_waited_for_either(port: int):
    trickle = [b"GET / HTTP/1.1\r\n", *(b"X-%d: y\r\n" % n for n in range(40))]

    answer, took = await said_to(port, *trickle, pause=0.05)

    assert answer == ""
    assert took < 5


async def test_half_a_body_is_answered_and_hung_up_on(port: int):
    answer, took = await said_to(
        port,
        b"POST /sign-in/password HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nemail=",
    )

    assert answer.startswith("HTTP/1.1 408")
    assert took < 5
    for each in HEADERS:
        assert each in answer.lower()


@pytest.mark.parametrize("head", ["", "Transfer-Encoding: chunked\r\n"])
async def test_half_a_mail_is_not_waited_for(port: int, head: str):
    length = head or "Content-Length: 1000\r\n"
    answer, took = await said_to(
        port, b"POST /hooks/mail HTTP/1.1\r\nHost: x\r\n" + length.encode() + b"\r\n1"
    )

    assert answer.startswith(("HTTP/1.1 404", "HTTP/1.1 408"))
    assert took < 5


async def test_somebody_quick_is_served_beside_two_hundred_slow_ones(port: int):
    slow = [
        asyncio.create_task(said_to(port, b"GET / HTTP/1.1\r\nX-A: ")) for _ in range(200)
    ]
    await asyncio.sleep(0.1)

    answer, took = await said_to(
        port, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )

    assert answer.startswith("HTTP/1.1 200")
    assert took < 5
    assert {each for each, _ in await asyncio.gather(*slow)} == {""}


async def test_a_connection_may_be_used_again_after_a_rest(port: int):
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    last = request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")

    answer, _ = await said_to(port, request, last, pause=1.0)

    assert answer.count("HTTP/1.1 200") == 2


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"PUT /sign-in HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        (b"POST /sign-in/password HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n"
         + b"a" * 300_000, 413),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 20_000 + b"\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET /board HTTP/1.1\r\nHost: x\r\n\r\n", 403),
        (b"GET /static/nothing HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"GET /static/%2e%2e%2fapp.py HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    ],
)  # fmt: skip
async def test_every_refusal_is_guarded(port: int, request_: bytes, status: int):
    said = request_.replace(b"Host: x\r\n", b"Host: x\r\nConnection: close\r\n", 1)

    answer, _ = await said_to(port, said)

    assert answer.split(" ")[1] == str(status), answer[:200]
    head = answer.partition("\r\n\r\n")[0].lower()
    for each in HEADERS:
        assert each in head
    assert "cache-control: no-store" in head
    assert "python" not in head
    assert "aiohttp" not in head


async def test_an_error_of_ours_is_guarded(
    app: Application, port: int, monkeypatch: pytest.MonkeyPatch
):
    async def broken(_ports: object, _token: str) -> None:
        raise RuntimeError("a secret word")

    monkeypatch.setattr("vioP.web.join.open_link", broken)

    answer, _ = await said_to(
        port, b"GET /j/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )

    assert app
    assert answer.startswith("HTTP/1.1 500")
    assert "a secret word" not in answer
    for each in HEADERS:
        assert each in answer.lower()


async def test_what_is_no_request_is_not_repeated_in_the_log(
    port: int, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    with structlog.testing.capture_logs() as lines:
        await said_to(port, b"GET /j/a-secret-token HTTP/1.1\r\nbad header\r\n\r\n")

    said = [each["event"] for each in lines if each["event"] != "loop.stalled"]
    assert said == ["request.malformed"]
    out = capsys.readouterr()
    assert "a-secret-token" not in out.out + out.err + caplog.text


def test_every_body_is_read_in_time_or_by_a_route_that_does_so_itself(app: Application):
    names = {route.name for route in app.router.routes()}

    assert names >= guard.READ_THEIR_OWN

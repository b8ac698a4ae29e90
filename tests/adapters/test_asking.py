"""Asking a video service: in time, within its limits, and of nobody but the service itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from vioP.domain.errors import Unavailable
from vioP.video import asking
from vioP.video.asking import PATIENCE, Asking, Busy

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def service(answer: Answer) -> AsyncIterator[tuple[Asking, str]]:
    """A service that answers as the test says, and its address."""
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    async with TestServer(app) as there, aiohttp.ClientSession() as http:
        yield Asking("The service", http), f"http://127.0.0.1:{there.port}"


def test_patience_is_five_seconds_to_connect_and_ten_in_all():
    assert (PATIENCE.connect, PATIENCE.total) == (5, 10)


async def test_a_service_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(asking, "PATIENCE", aiohttp.ClientTimeout(total=0.2))

    async def hang(_request: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    async with service(hang) as (asked, url):
        with pytest.raises(Unavailable, match="did not answer"):
            await asked.ask("GET", f"{url}/x")


async def test_a_limit_that_is_reached_holds_up_nothing_else():
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/looks":
            return web.json_response({}, status=429, headers={"Retry-After": "60"})
        return web.json_response({"ok": True})

    async with service(answer) as (asked, url):
        with pytest.raises(Busy):
            await asked.ask("GET", f"{url}/looks", limit="looks")
        with pytest.raises(Busy):
            await asked.ask("GET", f"{url}/else", limit="looks")

        assert (await asked.ask("GET", f"{url}/doors")).body == {"ok": True}


async def test_nobody_else_is_asked_because_a_service_says_so():
    seen = list[str]()

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.path)
        return web.Response(status=302, headers={"Location": "/elsewhere"})

    async with service(answer) as (asked, url):
        answered = await asked.ask(
            "GET", f"{url}/here", headers={"Authorization": "secret"}
        )

    assert (answered.status, answered.is_yes) == (302, False)
    assert seen == ["/here"]


async def test_an_answer_that_is_no_json_is_an_answer_and_broken_json_is_none():
    async def answer(request: web.Request) -> web.Response:
        kind = "application/json" if request.path == "/broken" else "text/html"
        return web.Response(text="<html>", content_type=kind)

    async with service(answer) as (asked, url):
        assert (await asked.ask("GET", f"{url}/page")).body == {}
        with pytest.raises(Unavailable):
            await asked.ask("GET", f"{url}/broken")


async def test_a_service_is_tried_again_after_its_rest(monkeypatch: pytest.MonkeyPatch):
    status = 500

    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({}, status=status)

    async with service(answer) as (asked, url):
        for _ in range(3):
            with pytest.raises(Unavailable, match="did not answer"):
                await asked.ask("GET", url)
        with pytest.raises(Unavailable, match="in trouble"):
            await asked.ask("GET", url)

        status = 200
        now = asyncio.get_running_loop().time()
        monkeypatch.setattr(asking, "_now", lambda: now + 6)
        assert (await asked.ask("GET", url)).is_yes
        assert (await asked.ask("GET", url)).is_yes

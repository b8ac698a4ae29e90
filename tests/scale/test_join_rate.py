"""How many people one process lets in a second, beside a handler that does nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import process_time

import pytest
from aiohttp import web
from pydantic import SecretStr

from tests.make import (
    KEY,
    FixedClock,
    group_session,
    make_ports,
    open_sealed,
    published_programme,
    seat_of,
)
from tests.scale.page import how_busy, write_section
from vioP.app import create_app
from vioP.settings import Settings
from vioP.video.janus.config import free_port

_TEXT = """\
Pressing the join button, by {few} people over and over and by {many} at the same moment; one
process, SQLite on disk with every join written through to it (`synchronous=FULL`). Beside it a
handler of aiohttp that answers the same 303 and does nothing. Who presses runs in the same
process, on a socket of their own.

| What | Value |
|---|---|
| bare handler, answers a second | {bare:.0f} |
| joins a second | {joins:.0f} ({ratio:.2f} of the bare handler) |
| milliseconds of the processor for a join | {cpu:.2f} |
| the same for an answer of the bare handler | {idle:.2f} |
| {many} at once: middle | {middle:.0f} ms |
| {many} at once: 99 of 100 within | {late:.0f} ms |

"""
FEW, MANY = 20, 500


async def press(port: int, path: str, times: int) -> list[float]:
    """One browser on one connection; answers how long each press took, in seconds."""
    loop = asyncio.get_running_loop()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nSec-Fetch-Site: same-origin\r\n"
    )
    request = f"{head}Content-Length: 0\r\n\r\n".encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    took = []
    for _ in range(times):
        begun = loop.time()
        writer.write(request)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert b" 303 " in answer.split(b"\r\n", 1)[0]
        length = int(answer.split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        took.append(loop.time() - begun)
    writer.close()
    await writer.wait_closed()
    return took


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[int]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=2 * MANY).start()
    yield port
    await runner.cleanup()


async def rate_of(app: web.Application, path: str, times: int) -> tuple[float, float]:
    """Answers a second, and seconds of the processor for each."""
    loop = asyncio.get_running_loop()
    async with serving(app) as port:
        await press(port, path, 20)
        begun, cpu = loop.time(), process_time()
        await asyncio.gather(*(press(port, path, times) for _ in range(FEW)))
        count = FEW * times
        return count / (loop.time() - begun), (process_time() - cpu) / count


async def bare(_request: web.Request) -> web.Response:
    """Answer, and do nothing."""
    return web.Response(status=303, headers={"Location": "https://video.test/"})


@pytest.mark.scale
async def test_joins_beside_a_bare_handler(sqlite_url: str, tmp_path: Path):
    async with open_sealed(sqlite_url) as store:
        ports = make_ports(store, FixedClock())
        await published_programme(ports)
        seat = await seat_of(ports, await group_session(ports), "p1")
        path = f"/j/{ports.secrets.link_token(seat)}"
        settings = Settings(link_key=SecretStr(KEY.decode()), data=tmp_path)
        joins, cpu = await rate_of(create_app(ports, settings), path, 40)
        async with serving(create_app(ports, settings)) as port:
            crowd = await asyncio.gather(*(press(port, path, 2) for _ in range(MANY)))
        empty = web.Application()
        empty.router.add_post("/j/{token}", bare)
        plain, idle = await rate_of(empty, path, 400)

    took = sorted(each for one in crowd for each in one)
    text = _TEXT.format(
        few=FEW, many=MANY, bare=plain, joins=joins, ratio=joins / plain,
        cpu=cpu * 1000, idle=idle * 1000,
        middle=took[len(took) // 2] * 1000, late=took[int(len(took) * 0.99)] * 1000,
    ) + how_busy()  # fmt: skip
    write_section("Joins a second", text)
    print(text)  # noqa: T201 - the figures
    assert joins > 0

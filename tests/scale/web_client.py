"""Many clients of a service in another process, by bare sockets: they cost little themselves."""

import asyncio
import json
import resource
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.conftest import ROOT


@dataclass(frozen=True)
class Service:
    """A service in a process of its own.

    Attributes:
        keys: What opens things there, as ``tests.scale.web_service`` prints it.
    """

    process: asyncio.subprocess.Process
    keys: dict[str, Any]

    async def figures(self) -> dict[str, float]:
        """What it has used so far."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"figures\n")
        await self.process.stdin.drain()
        found: dict[str, float] = await said(self.process)
        return found

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to it."""
        return await asyncio.open_connection("127.0.0.1", self.keys["port"], limit=2**14)


@asynccontextmanager
async def service(
    place: Path, groups: int, size: int, pages: int
) -> AsyncIterator[Service]:
    """A service until the block ends."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.scale.web_service",
        str(place), str(groups), str(size), str(pages),
        cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**22,
    )  # fmt: skip
    assert process.stdin is not None
    try:
        yield Service(process, await said(process))
    finally:
        process.stdin.close()
        await process.wait()


async def said(process: asyncio.subprocess.Process) -> Any:
    """The next answer of the service, whatever it logs before."""
    assert process.stdout is not None
    async for line in process.stdout:
        if line.startswith(b"="):
            return json.loads(line[1:])
    raise AssertionError("the service ended")


async def asked(
    stream: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    method: str,
    path: str,
    body: bytes = b"",
    *heads: str,
) -> int:
    """Ask once on a connection that stays open; answers the status."""
    reader, writer = stream
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1:8080", *heads]
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length or 0))
    return int(head.split(b" ", 2)[1])


async def listen(here: Service) -> asyncio.StreamWriter:
    """Open the stream of live pages, and wait for its first word."""
    reader, writer = await here.connect()
    cookie = here.keys["cookie"]
    writer.write(f"GET /live HTTP/1.1\r\nHost: x\r\nCookie: viop={cookie}\r\n\r\n".encode())
    await writer.drain()
    await reader.readuntil(b"retry:")
    return writer


async def hang_up(writers: list[asyncio.StreamWriter]) -> None:
    """Go without a word, all at once."""
    for each in writers:
        each.transport.abort()
    for each in writers:
        with suppress(ConnectionError):
            await each.wait_closed()

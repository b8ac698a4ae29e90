"""What one process of the web takes: messages, joins, slow clients, and pages that listen."""

import asyncio
import json
import resource
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import closing
from pathlib import Path
from statistics import quantiles

import pytest

from tests.scale.page import load, write_section
from tests.scale.web_client import Service, asked, hang_up, listen, service
from tests.scale.web_service import TOKEN

GROUPS, SIZE = 63, 8
MESSAGES, AT_ONCE, JOINS = 3000, 64, 500
SLOW, OTHERS, STORMS = 2000, 200, 3
LISTENERS, COME_AT_ONCE = 10_000, 100
KB, SECOND, SLOWEST, RATE = 20.0, 1000.0, 200.0, 500.0

_TEXT = """\
One process, SQLite on disk with every commit flushed, {seats} seats that begin now; the clients
are another process on the same cores{busy}.

| What | Figure |
|---|---|
| messages of a video service a second, answered when kept ({at_once} at once) | {rate:.0f} |
| the service's processor for one of them | {hook_ms:.1f} ms |
| {joins} presses of the join button at once: p50, p99 | {join_50:.0f}, {join_99:.0f} ms |
| the service's processor for one of them | {join_ms:.1f} ms |
| a page beside {slow} slow connections: p50, p99 | {other_50:.0f}, {other_99:.0f} ms |
| the same with none of them: p50, p99 | {alone_50:.0f}, {alone_99:.0f} ms |

{messages} messages were sent, and as many were in the database afterwards; those that come at the
same time share a commit. A slow connection sends a byte a second and never ends its request.
The promise is 500 messages a second, and a p99 below 200 ms beside slow connections.
"""
_LIVE = """\
{listeners} pages hear `/live` in one process, which lets in {usual}
where it was not told to let in more; the
clients are another process on the same cores{busy}.

| What | Figure |
|---|---|
| memory for each | {kb:.1f} kB |
| all of them connected after | {came:.0f} s |
| the service's processor a second while nothing changes | {cpu:.2f} s |
| listeners left after {storms} storms, in which all hang up at once and come back | {left} |

Each of them wakes once a second, which is what the processor is for. The promise is at most
20 kB each, and none left.
"""


@pytest.mark.scale
async def test_what_one_process_takes(tmp_path: Path):
    found: dict[str, float] = {}
    async with service(tmp_path, GROUPS, SIZE, 500) as here:
        alone = await others(here)
        slow = [await here.connect() for _ in range(SLOW)]
        async with asyncio.TaskGroup() as group:
            dripping = group.create_task(drip([writer for _, writer in slow]))
            beside = await others(here)
            dripping.cancel()
        await hang_up([writer for _, writer in slow])
        found |= await messages(here) | await joins(here)
    assert kept(tmp_path / "viop.db") == MESSAGES

    for name, took in (("alone", alone), ("other", beside)):
        found[f"{name}_50"], found[f"{name}_99"] = middle_and_last(took)
    write_section("One process of the web", _TEXT.format(
        seats=GROUPS * SIZE, messages=MESSAGES, at_once=AT_ONCE, joins=JOINS, slow=SLOW,
        busy=load(), **found,
    ))  # fmt: skip
    assert found["other_99"] < SLOWEST
    assert found["rate"] >= RATE


@pytest.mark.scale
async def test_thousands_of_pages_listen_and_none_is_left_behind(tmp_path: Path):
    many = min(LISTENERS, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 500)
    async with service(tmp_path, 2, 4, many + 10) as here:
        await others(here)
        before, begun = await here.figures(), time.monotonic()
        pages = await come(here, many)
        came, inside = time.monotonic() - begun, await here.figures()
        assert inside["listeners"] == many
        await asyncio.sleep(5)
        rest = await here.figures()
        for storm in range(STORMS):
            await hang_up(pages)
            await gone(here)
            if storm < STORMS - 1:
                pages = await come(here, many)
        after = await here.figures()

    kb = (inside["memory"] - before["memory"]) * 1024 / many
    write_section("Pages that listen", _LIVE.format(
        listeners=f"{many:,}", usual=500, busy=load(), kb=kb, came=came,
        cpu=(rest["cpu"] - inside["cpu"]) / 5, storms=STORMS, left=int(after["listeners"]),
    ))  # fmt: skip
    assert after["listeners"] == 0
    assert kb <= KB


async def come(here: Service, many: int) -> list[asyncio.StreamWriter]:
    """So many listeners, some hundred at a time."""
    pages: list[asyncio.StreamWriter] = []
    for begun in range(0, many, COME_AT_ONCE):
        at_once = min(COME_AT_ONCE, many - begun)
        pages += await asyncio.gather(*(listen(here) for _ in range(at_once)))
    return pages


async def gone(here: Service) -> None:
    """Wait until the service has noticed that all have gone, for a minute at most."""
    for _ in range(120):
        if (await here.figures())["listeners"] == 0:
            return
        await asyncio.sleep(0.5)


async def drip(writers: list[asyncio.StreamWriter]) -> None:
    """Begin a request, and say a letter of it to each now and then."""
    for each in writers:
        each.write(b"GET / HTTP/1.1\r\nX-A: ")
    while True:
        await asyncio.sleep(1)
        for each in writers:
            if not each.transport.is_closing():
                each.write(b"a")


async def others(here: Service) -> list[float]:
    """How long somebody waits for a page, again and again, in seconds."""
    stream, took = await here.connect(), []
    for _ in range(OTHERS):
        begun = time.perf_counter()
        assert await asked(stream, "GET", "/sign-in") == 200
        took.append(time.perf_counter() - begun)
        await asyncio.sleep(0.01)
    await hang_up([stream[1]])
    return took


async def messages(here: Service) -> dict[str, float]:
    """Messages of a video service, each about somebody's coming."""
    guests, heads = here.keys["guests"], f"Authorization: Bearer {TOKEN.decode()}"

    def body(number: int) -> bytes:
        room, seat = guests[number % len(guests)]
        someone = {"id": seat, "occupant_jid": f"j{number}", "joined_at": here.keys["now"]}
        event = {
            "event_name": "muc-occupant-joined",
            "room_name": room,
            "occupant": someone,
        }
        return json.dumps(event).encode()

    before, begun = await here.figures(), time.perf_counter()
    await by_turns(here, range(MESSAGES), lambda stream, number: asked(
        stream, "POST", "/hooks/video/jitsi", body(number), heads
    ), 204)  # fmt: skip
    took, after = time.perf_counter() - begun, await here.figures()
    used = after["cpu"] - before["cpu"]
    return {"rate": MESSAGES / took, "hook_ms": used / MESSAGES * SECOND}


def kept(file: Path) -> int:
    """How many facts of a video service are in a database."""
    with closing(sqlite3.connect(file)) as base:
        count = "SELECT COUNT(*) FROM evidence WHERE source = 'jitsi'"
        [found] = base.execute(count).fetchone()
    return int(found)


async def joins(here: Service) -> dict[str, float]:
    """Everybody presses their button at the same instant."""
    tokens = (here.keys["tokens"] * 2)[:JOINS]
    streams = await asyncio.gather(*(here.connect() for _ in tokens))

    async def press(
        stream: tuple[asyncio.StreamReader, asyncio.StreamWriter], token: str
    ) -> float:
        begun = time.perf_counter()
        assert await asked(stream, "POST", f"/j/{token}") == 303
        return time.perf_counter() - begun

    before = await here.figures()
    took = await asyncio.gather(*map(press, streams, tokens))
    after = await here.figures()
    await hang_up([writer for _, writer in streams])
    half, last = middle_and_last(took)
    used = (after["cpu"] - before["cpu"]) / JOINS * SECOND
    return {"join_50": half, "join_99": last, "join_ms": used}


Ask = Callable[[tuple[asyncio.StreamReader, asyncio.StreamWriter], int], Awaitable[int]]


async def by_turns(here: Service, numbers: Iterable[int], ask: Ask, status: int) -> None:
    """Ask for each number, over so many connections at once."""
    waiting = iter(numbers)

    async def one() -> None:
        stream = await here.connect()
        for number in waiting:
            assert await ask(stream, number) == status
        await hang_up([stream[1]])

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(one())


def middle_and_last(took: list[float]) -> tuple[float, float]:
    """The middle and the 99th of a hundred, in milliseconds."""
    cuts = quantiles(took, n=100)
    return cuts[49] * SECOND, cuts[98] * SECOND

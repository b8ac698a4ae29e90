"""Rooms: how soon it is known that somebody is there, and what many rooms cost."""

import asyncio
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import quantiles
from typing import Any

import aiohttp
import pytest

from tests.browser.conftest import ROOT
from tests.browser.test_peers import meeting
from tests.peers.house import ORIGIN
from tests.peers.peer import Peer
from tests.scale.page import write_section
from tests.scale.web_client import said
from vioP.video.janus.config import find_janus

MEETINGS, PROMISE = 10, 1.0
GROUPS, SIZE, STAY, PING = 50, 8, 60.0, 2.5
_AT_ONCE = 20
_SOON = """\
Eight people (aiortc) come into one room at once, send sound and pictures through the gateway and
Janus, and leave; {meetings} times. Seconds from the moment their media flows until the evidence for
it is written, with people, service and database on the same cores:

| Media | Number | p50 | p95 | Latest |
|---|---|---|---|---|
{rows}

The promise is a p95 of at most {promise:.0f} s. While they met, Janus used {janus:.2f} s of a
processor a second, for passing on eight pictures and mixing eight voices.
"""
_MANY = """\
{groups} rooms of {size}: {people} connections that enter, take handles for sound and pictures, and
ask for a sign of life every {ping} s, as the page does; no media. The service is one process, with
SQLite on disk and Janus beside it; the clients are another.

| | vioP | Janus |
|---|---|---|
| Memory before | {before_viop:.0f} MB | {before_janus:.0f} MB |
| Memory with everybody inside | {inside_viop:.0f} MB | {inside_janus:.0f} MB |
| Processor to let one person in | {enter_viop:.1f} ms | {enter_janus:.1f} ms |
| Processor while everybody stays | {stay_viop:.1f} % of a core | {stay_janus:.1f} % of a core |

Everybody was inside after {took:.0f} s, {at_once} at a time.
"""


@pytest.mark.scale
def test_it_is_known_within_a_second_that_somebody_is_there(tmp_path: Path):
    met: dict[str, Any] = meeting(tmp_path, MEETINGS)

    cuts = {leg: quantiles(took, n=100) for leg, took in met["took"].items()}
    rows = "\n".join(
        f"| {leg} | {len(took)} | {cuts[leg][49]:.2f} | {cuts[leg][94]:.2f} | {max(took):.2f} |"
        for leg, took in met["took"].items()
    )
    write_section("Who is in the room", _SOON.format(
        meetings=MEETINGS, rows=rows, promise=PROMISE,
        janus=met["janus_cpu"] / met["seconds"],
    ))  # fmt: skip
    assert all(each[94] <= PROMISE for each in cuts.values())


@pytest.mark.scale
async def test_what_fifty_rooms_cost(tmp_path: Path):
    if find_janus() is None:
        pytest.skip("janus is missing: apt-get install janus")
    service = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.peers.serve", str(tmp_path), str(GROUPS), str(SIZE),
        cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        limit=2**20,
    )  # fmt: skip
    assert service.stdin is not None
    try:
        lines: list[str] = await said(service)
        assert len(lines) == GROUPS * SIZE
        before = await figures(service)
        begun, gate = time.monotonic(), asyncio.Semaphore(_AT_ONCE)
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http,
            AsyncExitStack() as stack,
        ):

            async def enter(line: str) -> Peer:
                async with gate:
                    coming = Peer.enter(http, line, ORIGIN, with_media=False)
                    return await stack.enter_async_context(coming)

            there = await asyncio.gather(*(enter(line) for line in lines))
            took = time.monotonic() - begun
            inside = await figures(service)
            async with asyncio.TaskGroup() as group:
                for peer in there:
                    group.create_task(peer.stay(STAY, PING))
            after = await figures(service)
    finally:
        service.stdin.close()
        await service.wait()
    found = {"groups": GROUPS, "size": SIZE, "people": GROUPS * SIZE, "ping": PING,
             "took": took, "at_once": _AT_ONCE}  # fmt: skip
    for name in ("viop", "janus"):
        found[f"before_{name}"] = before[name]["memory"]
        found[f"inside_{name}"] = after[name]["memory"]
        entered = inside[name]["cpu"] - before[name]["cpu"]
        found[f"enter_{name}"] = 1000 * entered / len(there)
        found[f"stay_{name}"] = 100 * (after[name]["cpu"] - inside[name]["cpu"]) / STAY
    write_section("Many rooms at once", _MANY.format(**found))
    assert after["viop"]["memory"] - before["viop"]["memory"] < len(there)  # a MB each


async def figures(service: asyncio.subprocess.Process) -> dict[str, Any]:
    """What the service and its Janus have used so far."""
    assert service.stdin is not None
    service.stdin.write(b"figures\n")
    await service.stdin.drain()
    used: dict[str, Any] = await said(service)
    return used

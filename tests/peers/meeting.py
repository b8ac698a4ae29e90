"""Eight people meet, leave and come back; how long it took until that was written, as JSON.

``python -m tests.peers.meeting FOLDER ROUNDS`` runs where Janus finds an interface that is not
loopback.
"""

import asyncio
import json
import resource
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp

from tests.peers.house import ORIGIN, House, house
from tests.peers.peer import Peer
from vioP.domain.attendance import Presence
from vioP.flows.show import show_session

STAYS = 2.0
MEDIA_UP = """
SELECT connection, leg, recorded_at FROM evidence WHERE fact = 'media_up' AND source = 'janus'
"""


async def meet(here: House, http: aiohttp.ClientSession) -> list[Peer]:
    """Everybody comes at once, stays, and leaves; answers who they were."""
    async with AsyncExitStack() as stack:
        entering = (
            stack.enter_async_context(Peer.enter(http, line, ORIGIN))
            for line in await here.lines()
        )
        there = await asyncio.gather(*entering)
        await asyncio.sleep(STAYS)
        assert await presences(here) == {Presence.PRESENT}
    while not here.gateway.desk.is_idle:  # noqa: ASYNC110 - it tells nobody when it is
        await asyncio.sleep(0.1)
    assert await presences(here) == {Presence.LEFT}
    return there


async def presences(here: House) -> set[Presence]:
    """What is known of everybody."""
    [session] = await here.sessions()
    shown = await show_session(here.ports, session.id)
    return {each.presence for each in shown.seats}


async def measure(place: Path, rounds: int) -> dict[str, Any]:
    """What the meetings took: seconds from flowing media to written evidence, for each leg."""
    async with house(place) as here, aiohttp.ClientSession() as http:
        begun, used = time.monotonic(), time.process_time()
        met = [peer for _ in range(rounds) for peer in await meet(here, http)]
        async with here.ports.store.read() as tx:
            rows = await tx.connection.fetch(MEDIA_UP)
        cpu, seconds = time.process_time() - used, time.monotonic() - begun
    written = {(row["connection"], row["leg"]): row["recorded_at"] for row in rows}
    took = {
        leg: [
            (written[peer.feed, leg] - here.clock.at(peer.connected[leg])).total_seconds()
            for peer in met
        ]
        for leg in ("audio", "video")
    }
    janus = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "took": took,
        "seconds": seconds,
        "cpu": cpu,
        "janus_cpu": janus.ru_utime + janus.ru_stime,
    }


if __name__ == "__main__":
    folder, times = sys.argv[1:]
    print(json.dumps(asyncio.run(measure(Path(folder), int(times)))))  # noqa: T201 - the answer

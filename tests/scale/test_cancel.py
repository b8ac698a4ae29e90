"""How soon a call stops whose person has arrived: from media in the room to the order to end it."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import quantiles

import pytest

from tests.carrier import FakeCarrier
from tests.make import FixedClock, make_ports, open_sealed
from tests.scale.page import write_section
from tests.scale.test_ladder import furnish
from vioP.clock import SystemClock
from vioP.domain.attendance import Evidence, Fact, Leg
from vioP.domain.delivery import Channel, Delivery, DeliveryKind
from vioP.domain.ids import SeatId
from vioP.domain.room import Guest
from vioP.domain.time import Instant, later
from vioP.flows.note_presence import Noted, note_presence
from vioP.flows.ring import ring
from vioP.jobs.alarm import Alarm
from vioP.jobs.embedded import EmbeddedEngine
from vioP.jobs.queue import RowQueue
from vioP.jobs.runner import Runner
from vioP.ports import Ports
from vioP.worker import handlers

ALONE, TOGETHER = 60, 20
MOST = 1.0
_TEXT = """\
A phone rings, and its person's picture or sound arrives in the video room: how long until the
telephone is told to stop. Embedded engine, SQLite on disk, a hundred groups of ten. In seconds.

| Arrivals | p50 | p95 | Latest |
|---|---|---|---|
{rows}

The promise is a second.
"""


@dataclass
class Watched(FakeCarrier):
    """A carrier that notes when each call was ended."""

    ended_at: dict[str, float] = field(default_factory=dict)

    async def end(self, reference: str, say: str) -> None:
        self.ended_at.setdefault(reference.removeprefix("ref-"), time.monotonic())
        await super().end(reference, say)


async def ringing(ports: Ports, begins: Instant) -> list[tuple[str, Noted]]:
    """Phones that ring, and for each what the room sees when its person arrives."""
    async with ports.store.read() as tx:
        sessions = await tx.live.between(begins, later(begins, timedelta(minutes=1)))
    now, calls, found = ports.clock.now(), list[Delivery](), list[tuple[str, Noted]]()
    for session in sessions[: ALONE + TOGETHER]:
        seat = session.seats[0]
        key = f"call:{seat.id}:0:phone"
        calls.append(
            Delivery(key, DeliveryKind.CALL, Channel.PHONE, now, session_id=session.id,
                     seat_id=seat.id, content={"phone": seat.contact.phone})
        )  # fmt: skip
        seen = Evidence(Fact.MEDIA_UP, now, "janus", Leg.VIDEO, "c1")
        guest = Guest(SeatId(seat.id), seat.name, is_host=False)
        found.append((key, Noted(session.id, guest, seen, f"e:{key}")))
    async with ports.store.write() as tx:
        await tx.deliveries.add(calls, now)
    while await ring(ports):
        pass
    return found


@pytest.mark.scale
async def test_a_call_stops_within_a_second_of_its_persons_arrival(sqlite_url: str):
    carrier = Watched()
    async with open_sealed(sqlite_url) as store:
        begins = later(SystemClock().now(), timedelta(hours=1))
        await furnish(store, begins)
        clock = FixedClock(begins)
        alarm = Alarm(clock.now)
        ports = make_ports(store, clock, jobs=RowQueue(alarm.ring_at), telephone=carrier)
        phones = await ringing(ports, begins)
        engine = EmbeddedEngine(Runner(store, clock.now, handlers(ports)), alarm)
        await engine.start()
        await engine.run_due()
        alone = [await _arrives(ports, carrier, *each) for each in phones[:ALONE]]
        together = await asyncio.gather(
            *(_arrives(ports, carrier, *each) for each in phones[ALONE:])
        )
        await engine.stop()

    rows = "\n".join(
        f"| {name} | {quantiles(found, n=20)[9]:.3f} | {quantiles(found, n=20)[18]:.3f} "
        f"| {max(found):.3f} |"
        for name, found in ((f"{ALONE}, one by one", alone),
                            (f"{TOGETHER} at once", list(together)))
    )  # fmt: skip
    write_section("A call that is no longer needed", _TEXT.format(rows=rows))
    assert max(*alone, *together) <= MOST


async def _arrives(ports: Ports, carrier: Watched, key: str, seen: Noted) -> float:
    begun = time.monotonic()
    await note_presence(ports, [seen])
    async with asyncio.timeout(10):
        while key not in carrier.ended_at:  # noqa: ASYNC110 - as the far end sees it
            await asyncio.sleep(0.001)
    return carrier.ended_at[key] - begun

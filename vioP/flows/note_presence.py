"""Note what a room saw: evidence first, then whatever hangs on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vioP.domain.attendance import ARRIVALS, Evidence, Fact
from vioP.domain.ids import SeatId, SessionId
from vioP.domain.room import Guest
from vioP.domain.time import later
from vioP.flows.end_calls import call_off
from vioP.flows.jobs import watch_job
from vioP.flows.mark_attendance import start_session
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.live import Witnessed

_HOST_IS_THERE = frozenset({Fact.ENTERED, Fact.MEDIA_UP})


@dataclass(frozen=True, slots=True)
class Noted:
    """One fact about a guest, with the key under which it is kept once."""

    session_id: SessionId
    guest: Guest
    evidence: Evidence
    key: str


async def note_presence(ports: Ports, facts: Sequence[Noted]) -> None:
    """Keep what was seen, all of it or nothing; noting it twice is noting it once.

    An arrival settles whatever was under way to reach its person. A host in the room has
    begun the session, once its doors are open: looking in the day before begins nothing.
    """
    async with ports.store.write() as tx:
        await keep_all(ports, tx, facts)
    await begin_for_hosts(ports, facts)


async def keep_all(ports: Ports, tx: Transaction, facts: Sequence[Noted]) -> None:
    """Keep facts within a transaction; ``begin_for_hosts`` comes after it."""
    now = ports.clock.now()
    seated = [each for each in facts if not each.guest.is_host]
    await keep(
        ports,
        tx,
        [Witnessed(SeatId(each.guest.id), each.evidence, each.key) for each in seated],
    )
    arrived = [each for each in seated if each.evidence.fact in ARRIVALS]
    places = {(each.session_id, SeatId(each.guest.id)) for each in arrived}
    for session_id, seat_id in sorted(places):
        await call_off(ports, tx, session_id, seat_id)
    sessions = sorted({each.session_id for each in facts})
    await ports.jobs.defer(tx, [watch_job(session, now) for session in sessions])


async def begin_for_hosts(ports: Ports, facts: Sequence[Noted]) -> None:
    """Begin the sessions whose host was seen in the room, if their doors are open."""
    for each in facts:
        if each.guest.is_host and each.evidence.fact in _HOST_IS_THERE:
            await _begin(ports, each)


async def keep(ports: Ports, tx: Transaction, seen: Sequence[Witnessed]) -> None:
    """Keep facts about seats within a transaction."""
    now = ports.clock.now()
    await tx.live.witness_all(seen, now)
    arrived = {each.seat_id for each in seen if each.evidence.fact in ARRIVALS}
    await tx.attempts.settle_of_seats(arrived, "joined", now, "viop")


async def admit(ports: Ports, seats: Iterable[SeatId], by: str) -> None:
    """Let people in from the waiting room, and write down which host did it."""
    now = ports.clock.now()
    async with ports.store.write() as tx:
        for seat_id in seats:
            await tx.rooms.admit(seat_id, now, by)
            await tx.audit.note(now, by, "room.admitted", seat_id)


async def _begin(ports: Ports, noted: Noted) -> None:
    async with ports.store.read() as tx:
        session = await tx.live.session(noted.session_id)
    if session is None or session.host_started_at is not None:
        return
    if noted.evidence.at >= later(session.starts, -ports.house.opens_before):
        await start_session(ports, session.id, noted.guest.id)

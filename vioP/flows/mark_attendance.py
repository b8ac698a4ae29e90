"""Marks by staff: the host has started, and who is there, excused or a no-show."""

from vioP.domain.attendance import Evidence, Fact
from vioP.domain.errors import Missing, NoShowTooSoon, PresentTooSoon
from vioP.domain.fallback import Breaker
from vioP.domain.ids import SeatId, SessionId
from vioP.domain.live import LiveSession
from vioP.domain.time import Instant, later
from vioP.flows.jobs import watch_job
from vioP.ports import Ports


async def start_session(ports: Ports, session_id: SessionId, by: str) -> None:
    """Note that the host has begun. From now on the ladders of the session count."""
    now = ports.clock.now()
    async with ports.store.write() as tx:
        if await tx.live.start(session_id, now):
            await tx.attempts.settle_of_session(
                session_id, Breaker.HOST_ABSENT, "host_started", now
            )
            await tx.audit.note(now, by, "session.started", session_id)
            await ports.jobs.defer(tx, [watch_job(session_id, now)])


async def mark_attendance(
    ports: Ports, session: LiveSession, seat_id: SeatId, fact: Fact, by: str
) -> None:
    """Keep what a member of staff says about a seat; what machines saw stays beside it.

    Raises:
        Missing: The seat is not in this session.
        NoShowTooSoon: Nobody is a no-show so early, or while the host has not started.
        PresentTooSoon: Nobody is there so long before the start.
    """
    now = ports.clock.now()
    if seat_id not in {seat.id for seat in session.seats}:
        raise Missing
    if fact is Fact.MARKED_NO_SHOW:
        require_time_for_no_show(ports, session, now)
    if fact is Fact.MARKED_PRESENT and not session.is_near(now):
        raise PresentTooSoon
    async with ports.store.write() as tx:
        await tx.live.witness(
            seat_id,
            Evidence(fact, now, by),
            recorded_at=now,
            key=ports.secrets.mint("evi", now),
        )
        if fact is not Fact.MARK_WITHDRAWN:
            await tx.attempts.settle_of_seat(seat_id, fact.value, now, by)
        await tx.audit.note(now, by, "attendance.marked", seat_id, {"fact": fact.value})
        await ports.jobs.defer(tx, [watch_job(session.id, now)])


def require_time_for_no_show(ports: Ports, session: LiveSession, now: Instant) -> None:
    """A no-show says something about a person, so it waits for the session to be fair.

    Raises:
        NoShowTooSoon: It is too early, or the host has not started.
    """
    started = session.host_started_at
    early = now < later(session.starts, ports.house.no_show_after)
    if started is None or early:
        raise NoShowTooSoon

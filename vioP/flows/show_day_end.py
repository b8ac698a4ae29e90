"""Show what a day still wants before everybody goes home: attendance, people, messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from vioP.domain.attendance import Attendance
from vioP.domain.availability import local_day
from vioP.domain.ids import SessionId
from vioP.domain.live import LiveSeat, LiveSession
from vioP.domain.sheet import holds
from vioP.flows.settle_undelivered import show_trouble
from vioP.flows.show_calls import by_person, show_call_list
from vioP.ports import Ports


@dataclass(frozen=True, slots=True)
class DayEnd:
    """A day that is nearly over.

    Attributes:
        over: Its sessions that are over, in order of start.
        confirmed: Those whose attendance was confirmed, of everybody, and holds.
        running: How many of its sessions are not over yet.
        missed: Who did not come, without having said so, and was not excused.
        waiting: How many people and sessions of the call list nobody has settled, of any day.
        undelivered: How many messages did not arrive, of any day.
    """

    day: date
    over: Sequence[LiveSession]
    confirmed: frozenset[SessionId]
    running: int
    missed: Sequence[tuple[LiveSession, LiveSeat]]
    waiting: int
    undelivered: int


async def show_day_end(ports: Ports, zone: str, day: date | None = None) -> DayEnd:
    """What a day still wants, today's where none is named."""
    now = ports.clock.now()
    named = day or now.astimezone(ZoneInfo(zone)).date()
    since, until = local_day(named, ZoneInfo(zone))
    async with ports.store.read() as tx:
        sessions = [
            each
            for each in await tx.live.between(since, until)
            if since <= each.starts < until
        ]
        said = await tx.confirmations.between(since, until)
    over = [each for each in sessions if each.ends <= now]
    calls = await show_call_list(ports)
    return DayEnd(
        day=named,
        over=over,
        confirmed=frozenset(
            session.id
            for session in over
            if all(holds(session, seat, said.get(seat.id)) for seat in session.seats)
        ),
        running=len(sessions) - len(over),
        missed=[
            (session, seat)
            for session in over
            for seat in session.seats
            if _was_missed(session, seat)
        ],
        waiting=len(by_person(each for each in calls if each.outcome is None)),
        undelivered=(await show_trouble(ports)).messages,
    )


def _was_missed(session: LiveSession, seat: LiveSeat) -> bool:
    """Whether somebody did not come who was expected; a no-show is followed up as well."""
    found = seat.attendance(session)
    is_absent = found in {Attendance.PENDING, Attendance.NO_SHOW}
    return is_absent and seat.is_expected(session)

"""The attendance sheet of a session: what a host confirms, worked out beforehand from evidence."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from vioP.domain.attendance import MARKS, Attendance, Fact, Stay, stays, taken_part
from vioP.domain.ids import SeatId
from vioP.domain.live import LiveSeat, LiveSession
from vioP.domain.time import Instant

_MINUTE = timedelta(minutes=1)


class Confirmed(StrEnum):
    """What can be confirmed of a seat."""

    PRESENT = "present"
    EXCUSED = "excused"
    NO_SHOW = "no_show"


class Reason(StrEnum):
    """Why somebody was away, or there for less than all of it."""

    NONE = ""
    ILLNESS = "illness"
    TECHNICAL = "technical"
    WORK_OR_SCHOOL = "work_or_school"
    CARE_OF_OTHERS = "care_of_others"
    NO_PRIVATE_PLACE = "no_private_place"
    LOCATION = "location"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One seat of a sheet.

    Attributes:
        attendance: What evidence or an earlier confirmation says; nothing where a host must say.
        minutes: For how long they took part, within the session.
    """

    seat_id: SeatId
    attendance: Confirmed | None
    minutes: int
    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True)
class ConfirmedLine:
    """What somebody confirmed of a seat, and when."""

    line: SheetLine
    by: str
    at: Instant


_OF = {
    Attendance.PRESENT: Confirmed.PRESENT,
    Attendance.LATE: Confirmed.PRESENT,
    Attendance.LEFT_EARLY: Confirmed.PRESENT,
    Attendance.EXCUSED: Confirmed.EXCUSED,
    Attendance.NO_SHOW: Confirmed.NO_SHOW,
}


def length(session: LiveSession) -> int:
    """How many minutes a session has."""
    return (session.ends - session.starts) // _MINUTE


def holds(session: LiveSession, seat: LiveSeat, said: Confirmed | None) -> bool:
    """Whether what was confirmed of a seat is still what is known: a later mark may differ."""
    return said is not None and _OF.get(seat.attendance(session)) is said


def version(session: LiveSession, confirmed: int) -> str:
    """What a sheet stands for: other marks, or one more confirmation, are another version.

    Args:
        session: With the marks of its seats.
        confirmed: How many lines have ever been confirmed.
    """
    said = MARKS | {Fact.MARK_WITHDRAWN}
    marks = sum(each.fact in said for seat in session.seats for each in seat.evidence)
    return f"{confirmed}.{marks}"


def drafted(session: LiveSession, seat: LiveSeat, now: Instant) -> SheetLine:
    """What evidence says of a seat.

    Who was there without any media that was seen, say on a line of another service, is taken
    to have been there from when they came until they are known to have left, if they are: the
    host corrects that. Whoever was not seen is left open.
    """
    attendance = _OF.get(seat.attendance(session))
    if attendance is not Confirmed.PRESENT:
        return SheetLine(seat.id, attendance, 0)
    taken = taken_part(seat.evidence, session.starts, session.ends, now)
    seen = taken.video + taken.sound
    if not seen:
        there = stays(seat.evidence)
        if not any(each.until is not None for each in there):
            return SheetLine(seat.id, attendance, length(session))
        seen = sum((_within(session, each) for each in there), timedelta())
    return SheetLine(seat.id, attendance, round(seen / _MINUTE))


def _within(session: LiveSession, stay: Stay) -> timedelta:
    until = min(stay.until or session.ends, session.ends)
    return max(until - max(stay.since, session.starts), timedelta())

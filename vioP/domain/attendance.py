"""Presence and attendance, folded from evidence. Nothing here is stored: facts are.

Evidence is one append-only fact about somebody and a session. Opening a link is never one:
mail scanners open links.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from vioP.domain.time import Instant, later

LATE_AFTER = timedelta(minutes=10)
LEFT_EARLY_BEFORE = timedelta(minutes=15)


class Fact(StrEnum):
    """What was seen or said."""

    JOIN_PRESSED = "join_pressed"
    MEDIA_UP = "media_up"
    MEDIA_DOWN = "media_down"
    LEFT = "left"
    PHONE_BRIDGED = "phone_bridged"
    MARKED_PRESENT = "marked_present"
    MARKED_EXCUSED = "marked_excused"
    MARKED_NO_SHOW = "marked_no_show"
    MARK_WITHDRAWN = "mark_withdrawn"

    @property
    def is_departure(self) -> bool:
        """Whether it says that somebody left."""
        return self in {Fact.MEDIA_DOWN, Fact.LEFT}


ARRIVALS = frozenset({Fact.JOIN_PRESSED, Fact.MEDIA_UP, Fact.PHONE_BRIDGED})
DEPARTURES = frozenset({Fact.MEDIA_DOWN, Fact.LEFT})
MARKS = frozenset({Fact.MARKED_PRESENT, Fact.MARKED_EXCUSED, Fact.MARKED_NO_SHOW})


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact, with who says so and when it happened."""

    fact: Fact
    at: Instant
    source: str


class Presence(StrEnum):
    """Whether somebody is in the session now, as far as is known."""

    PRESENT = "present"
    AWAY = "away"
    LEFT = "left"


class Attendance(StrEnum):
    """What presence added up to."""

    PENDING = "pending"
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    NO_SHOW = "no_show"


def presence(evidence: Iterable[Evidence]) -> Presence:
    """Whether somebody is there now.

    The newest arrival or departure decides, in any order of delivery; of two at the same
    instant the arrival counts, because a doubtful person is not a missing one. A mark by
    staff that somebody is present holds until it is withdrawn.
    """
    facts = list(evidence)
    if _mark(facts) is Fact.MARKED_PRESENT:
        return Presence.PRESENT
    moves = [each for each in facts if each.fact in ARRIVALS | DEPARTURES]
    if not moves:
        return Presence.AWAY
    last = max(moves, key=lambda each: (each.at, each.fact in ARRIVALS))
    return Presence.PRESENT if last.fact in ARRIVALS else Presence.LEFT


def missing_since(evidence: Iterable[Evidence], starts: Instant) -> Instant:
    """When somebody went missing: the start, or when they last dropped out after it."""
    gone = [each.at for each in evidence if each.fact in DEPARTURES]
    return max([starts, *gone])


def is_excused(evidence: Iterable[Evidence]) -> bool:
    """Whether staff have said that nobody need look for this person."""
    return _mark(list(evidence)) in {Fact.MARKED_EXCUSED, Fact.MARKED_NO_SHOW}


def fold(evidence: Iterable[Evidence], starts: Instant, ends: Instant) -> Attendance:
    """What the evidence adds up to. A human mark beats what machines saw.

    Without a mark, absence stays *pending*: nobody is called a no-show by a fold.
    """
    facts = list(evidence)
    match _mark(facts):
        case Fact.MARKED_EXCUSED:
            return Attendance.EXCUSED
        case Fact.MARKED_NO_SHOW:
            return Attendance.NO_SHOW
        case _:
            pass
    arrivals = [each.at for each in facts if each.fact in ARRIVALS | {Fact.MARKED_PRESENT}]
    if not arrivals:
        return Attendance.PENDING
    if presence(facts) is Presence.LEFT and _left(facts) < later(ends, -LEFT_EARLY_BEFORE):
        return Attendance.LEFT_EARLY
    late = min(arrivals) > later(starts, LATE_AFTER)
    return Attendance.LATE if late else Attendance.PRESENT


def _left(facts: Sequence[Evidence]) -> Instant:
    return max(each.at for each in facts if each.fact in DEPARTURES)


def _mark(facts: Sequence[Evidence]) -> Fact | None:
    marks = [each for each in facts if each.fact in MARKS | {Fact.MARK_WITHDRAWN}]
    if not marks:
        return None
    last = max(marks, key=lambda each: each.at)
    return None if last.fact is Fact.MARK_WITHDRAWN else last.fact

"""Which other groups of a day one could be held together with, and for how many of its people."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vioP.domain.ids import CohortId
from vioP.domain.time import Instant
from vioP.planner.board import empty_board
from vioP.planner.from_programme import Statement, stated_meeting
from vioP.planner.meetings import HeldMeeting, together
from vioP.planner.places import give_places


@dataclass(frozen=True, slots=True)
class Merge:
    """A group that another one could be held together with.

    Attributes:
        fits: How many of the joining group's people would have a place in it.
    """

    into: CohortId
    starts: Instant
    ends: Instant
    fits: int


def merges(statement: Statement, meeting: HeldMeeting) -> tuple[Merge, ...]:
    """The groups of the same track and day that have a place for some of a group's people.

    Everybody of the other group keeps their place. Who may come follows the rules that hold
    for any place: licences, language, capacity, people kept apart, another session then.
    A group that another one has joined goes nowhere itself.

    Returns:
        The one with a place for most first, then the one nearest in time.
    """
    if meeting.joined:
        return ()
    found = [
        Merge(each.cohort.id, each.starts, each.ends, _fits(statement, meeting, each))
        for each in _others(statement, meeting)
    ]

    def order(merge: Merge) -> tuple[int, float, str]:
        away = abs((merge.starts - meeting.starts).total_seconds())
        return (-merge.fits, away, merge.into)

    return tuple(sorted((each for each in found if each.fits), key=order))


def _others(statement: Statement, meeting: HeldMeeting) -> Sequence[HeldMeeting]:
    """The meetings that are held on a meeting's day for its track, and are yet to begin."""
    now = statement.arranged.now
    return [
        each
        for each in statement.meetings
        if each.cohort.track_id == meeting.cohort.track_id
        and each.cohort.id != meeting.cohort.id
        and each.usual_day == meeting.usual_day
        and (now is None or each.starts > now)
    ]


def _fits(statement: Statement, meeting: HeldMeeting, other: HeldMeeting) -> int:
    """How many of a meeting's people would have a place in another one."""
    both = stated_meeting(together(other, meeting), statement.arranged)
    rest = [
        each for each in statement.problem.meetings if each.id not in {meeting.id, other.id}
    ]
    board = empty_board(replace(statement.problem, meetings=(*rest, both)))
    places, _ = give_places(board)
    coming = {each.participant for each in places if each.meeting == both.id}
    return len(coming.intersection(meeting.attendees))

"""What a draft changes for people who were told another week, and whether it had to."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from vioP.domain.ids import CohortId
from vioP.domain.session import PlannedSession, due_day
from vioP.planner.board import Board, empty_board
from vioP.planner.from_programme import Statement
from vioP.planner.limits import limits
from vioP.planner.minutes import minutes_of
from vioP.planner.problem import Need, Rule
from vioP.planner.starts import holds

_WHY = {
    Rule.ROLE: "the clinician no longer has the role",
    Rule.LANGUAGE: "the clinician does not speak the participant's language",
    Rule.LICENCE: "the clinician is not licensed there then",
    Rule.ENROLLMENT: "the participant is not enrolled then",
    Rule.PIN: "it is pinned to another time",
    Rule.PARTICIPANT_HOURS: "the participant cannot come then",
    Rule.CLINICIAN_HOURS: "the clinician does not work then",
    Rule.CLINICIAN_OVERLAP: "the clinician has a group then",
    Rule.PARTICIPANT_OVERLAP: "the participant has a group then",
    Rule.CLINICIAN_DAY: "the clinician's day would be too long",
    Rule.CLINICIAN_WEEK: "the clinician's week would be too long",
    Rule.PARTICIPANT_DAY: "the participant's day would be too long",
    Rule.ROOMS: "every room is taken then",
}


class What(StrEnum):
    """What becomes of a session."""

    NEW = "new"
    MOVED = "moved"
    GONE = "gone"
    PEOPLE = "other people"


@dataclass(frozen=True, slots=True)
class Change:
    """One session that is not as people were told.

    Attributes:
        why: What forced it; empty if it was chosen, for somebody else's place or less waiting.
    """

    key: str
    what: What
    before: PlannedSession | None
    after: PlannedSession | None
    why: tuple[str, ...] = ()


def changes(
    statement: Statement, told: Sequence[PlannedSession], draft: Sequence[PlannedSession]
) -> tuple[Change, ...]:
    """Everything a draft changes, in the order of time.

    Args:
        statement: The week as it is stated now.
        told: What people were told.
        draft: What they would be told.
    """
    before, after = ({_stands_for(each): each for each in some} for some in (told, draft))
    needs = {f"{each.id}:{statement.week.monday}": each for each in statement.problem.needs}
    board = _with_groups(statement, draft)
    found = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        what = _what(old, new)
        if what is not None:
            why: tuple[str, ...] = ()
            if old is not None and what is not What.PEOPLE:
                why = _why(board, needs.get(key), statement, old)
            found.append(Change(key, what, old, new, why))
    return tuple(sorted(found, key=_when))


def _when(change: Change) -> tuple[str, str]:
    session = change.after or change.before
    return ("" if session is None else session.starts.isoformat(), change.key)


def _stands_for(session: PlannedSession) -> str:
    """Its key; for a group that makes up for a day, the key of that day."""
    if session.cohort_id is None:
        return session.key
    return f"{session.cohort_id}:{due_day(session.key)}"


def _what(old: PlannedSession | None, new: PlannedSession | None) -> What | None:
    if old is None:
        return What.NEW
    if new is None:
        return What.GONE
    if (old.starts, old.ends, old.staff) != (new.starts, new.ends, new.staff):
        return What.MOVED
    return What.PEOPLE if old.participants != new.participants else None


def _with_groups(statement: Statement, draft: Sequence[PlannedSession]) -> Board:
    """A board with the groups and who is in them, and no appointment."""
    board = empty_board(statement.problem)
    meetings = {each.id: each for each in statement.problem.meetings}
    for session in draft:
        if session.key in meetings:
            for participant in session.participants:
                board.give(meetings[session.key], participant)
    return board


def _why(
    board: Board, need: Need | None, statement: Statement, old: PlannedSession
) -> tuple[str, ...]:
    """Which rules would be broken if an appointment stayed, others' appointments apart."""
    if old.promise.day in statement.arranged.programme.program.holidays:
        return ("the day is closed",)
    if old.cohort_id is not None:
        return (_why_group(statement, old.cohort_id, old.key),)
    if need is None:
        return ("it is not needed any more",)
    clinician = board.clinicians.get(old.staff[0])
    if clinician is None:
        return ("the clinician has left",)
    participant = board.participants[need.participant]
    start = minutes_of(old.starts, statement.week)
    table = limits(board, need, clinician, participant)
    return tuple(_WHY[rule] for rule, starts in table.items() if not holds(starts, start))


def _why_group(statement: Statement, cohort_id: CohortId, key: str) -> str:
    for each in statement.meetings:
        if key in {joined.id for joined in each.joined}:
            return f"it is held together with {each.cohort.id.capitalize()}"
    if statement.arranged.arrangements.moved_meeting(cohort_id, due_day(key)):
        return "it is moved by hand"
    return "a facilitator, the day or the cohort has changed"

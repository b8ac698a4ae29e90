"""Moving one session of a week by hand: what holds it there, whether it fits, and why not.

Explanations name people by their identifiers alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.arrangement import MovedMeeting, Pin
from vioP.domain.ids import ParticipantId, StaffId
from vioP.domain.session import PlannedSession
from vioP.domain.time import Instant
from vioP.planner.board import Board, board_of
from vioP.planner.explain_placed import clause
from vioP.planner.from_programme import Statement
from vioP.planner.limits import fixed_limits, legal, limits, moving_limits
from vioP.planner.meetings import HeldMeeting
from vioP.planner.minutes import minutes_of
from vioP.planner.problem import (
    Need,
    Place,
    Placement,
    ProblemClinician,
    Rule,
    Solution,
    Span,
    Violation,
)
from vioP.planner.starts import Starts, holds
from vioP.planner.to_solution import to_solution
from vioP.planner.verify import verify

_WEEK = timedelta(days=6)
_BUSY = {Rule.CLINICIAN_OVERLAP, Rule.PARTICIPANT_OVERLAP}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where somebody wants a session.

    Attributes:
        what: The key of a session, or of what has no place.
        is_lasting: Whether it should stay there in the weeks to come.
    """

    what: str
    starts: Instant
    staff_id: StaffId
    is_lasting: bool = False


@dataclass(frozen=True, slots=True)
class Against:
    """What stands against a place.

    Attributes:
        lasting: What no other session could make room for.
        moving: What is in the way, and might move.
    """

    lasting: tuple[str, ...] = ()
    moving: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether it simply fits."""
        return not (self.lasting or self.moving)


def sought(statement: Statement, what: str) -> Need | HeldMeeting | None:
    """The appointment or the meeting of a key; nothing if the week has none of it."""
    for need in statement.problem.needs:
        if what in {need.id, f"{need.id}:{statement.week.monday}"}:
            return need
    for meeting in (*statement.meetings, *statement.unheld):
        # What makes up for another day is arranged already, under a key of its own.
        if meeting.id == what and what == f"{meeting.cohort.id}:{meeting.usual_day}":
            return meeting
    return None


def holding(
    statement: Statement, found: Need | HeldMeeting, wanted: Wanted
) -> Pin | MovedMeeting:
    """The arrangement that holds a session where somebody wants it."""
    if isinstance(found, HeldMeeting):
        local = wanted.starts.astimezone(ZoneInfo(found.cohort.zone))
        lead = wanted.staff_id
        own = found.cohort.facilitators
        return MovedMeeting(
            found.cohort.id,
            found.usual_day,
            local.date(),
            local.time(),
            None if own and lead == own[0] else lead,
            wanted.is_lasting,
        )
    programme = statement.arranged.programme
    person = next(e for e in programme.participants if e.id == found.participant)
    zone = statement.arranged.zone_at(person, wanted.starts)
    local = wanted.starts.astimezone(ZoneInfo(zone))
    monday = statement.week.monday
    return Pin(
        ParticipantId(found.participant),
        found.kind,
        local.weekday(),
        local.time(),
        monday,
        None if wanted.is_lasting else monday + _WEEK,
        wanted.staff_id,
        found.id,
    )


def is_superseded(old: object, new: Pin | MovedMeeting) -> bool:
    """Whether an arrangement says nothing more once a newer one holds."""
    match old, new:
        case MovedMeeting(), MovedMeeting():
            if new.is_lasting:
                return new.moves(old.cohort_id, old.instead_of)
            same = (old.cohort_id, old.instead_of) == (new.cohort_id, new.instead_of)
            return same and not old.is_lasting
        case Pin(), Pin():
            same = (old.participant_id, old.kind) == (new.participant_id, new.kind)
            until = new.last or date.max
            within = new.first <= old.first and (old.last or date.max) <= until
            return same and old.plan_id in {None, new.plan_id} and within
        case _:
            return False


def with_it_there(
    statement: Statement,
    sessions: Sequence[PlannedSession],
    found: Need | HeldMeeting,
    wanted: Wanted,
) -> Solution:
    """The week as it stands, with one session where somebody wants it and no other moved."""
    solution = to_solution(statement, sessions)
    if isinstance(found, HeldMeeting):
        return _with_places(statement, solution, found)
    start = minutes_of(wanted.starts, statement.week)
    there = Placement(found.id, wanted.staff_id, start, start + found.minutes)
    others = [each for each in solution.placements if each.need != found.id]
    return replace(
        solution,
        placements=(*others, there),
        unplaced=tuple(each for each in solution.unplaced if each.need != found.id),
    )


def _with_places(
    statement: Statement, solution: Solution, meeting: HeldMeeting
) -> Solution:
    """The meeting with its people: as they stand in it, or all of them if it was not held."""
    is_held = any(each.meeting == meeting.id for each in solution.places)
    stated = [each for each in statement.problem.meetings if each.id == meeting.id]
    if is_held or not stated:
        return solution
    barred = {who for who, _ in stated[0].barred}
    come = [each for each in stated[0].attendees if each not in barred]
    asked = {f"{meeting.id}/{each}" for each in come}
    return replace(
        solution,
        places=(*solution.places, *(Place(meeting.id, each) for each in come)),
        unplaced=tuple(each for each in solution.unplaced if each.need not in asked),
    )


def newly_broken(
    before: Iterable[Violation], statement: Statement, solution: Solution
) -> tuple[Violation, ...]:
    """The rules a solution breaks that were not broken before."""
    known = set(before)
    return tuple(each for each in verify(statement.problem, solution) if each not in known)


def against(
    statement: Statement, solution: Solution, need: Need, wanted: Wanted
) -> Against:
    """What stands against an appointment at a time with somebody, in half sentences."""
    board = board_of(statement.problem, solution, leaving_out=need.id)
    clinician = board.clinicians.get(wanted.staff_id)
    if clinician is None:
        return Against((f"{wanted.staff_id} is not among this week's clinicians",))
    start = minutes_of(wanted.starts, statement.week)
    if start % statement.problem.grid:
        return Against((f"sessions start every {statement.problem.grid} minutes",))
    person = board.participants[need.participant]
    span = (start, start + need.minutes)

    def said(tables: dict[Rule, Starts]) -> tuple[str, ...]:
        return tuple(
            _clause(rule, board, solution, need, clinician, span)
            for rule, starts in tables.items()
            if not holds(starts, start)
        )

    return Against(
        said(fixed_limits(need, clinician, person)),
        said(moving_limits(board, need, clinician, person)),
    )


def free_starts(
    statement: Statement, solution: Solution, need: Need, staff_id: str
) -> Starts:
    """Every start an appointment could have with somebody while all else stands."""
    free = replace(need, pinned=None)
    board = board_of(statement.problem, solution, leaving_out=need.id)
    clinician = board.clinicians.get(staff_id)
    if clinician is None:
        return ()
    return legal(
        limits(board, free, clinician, board.participants[need.participant]).values()
    )


def _clause(
    rule: Rule,
    board: Board,
    solution: Solution,
    need: Need,
    clinician: ProblemClinician,
    span: Span,
) -> str:
    """Why a rule forbids a place; what is in the way is named."""
    person = board.participants[need.participant]
    if rule in _BUSY:
        is_clinician = rule is Rule.CLINICIAN_OVERLAP
        who = clinician.id if is_clinician else person.id
        names = ", ".join(_in_the_way(board, solution, need, who, span))
        return f"{who} has {names} then" if names else f"{who} has too short a break then"
    return clause(rule, need, clinician, person.where_in(span))


def _in_the_way(
    board: Board, solution: Solution, need: Need, who: str, span: Span
) -> list[str]:
    problem = board.problem
    is_clinician = who in board.clinicians
    gap = problem.clinician_buffer if is_clinician else problem.participant_buffer
    needs = {each.id: each for each in problem.needs}
    inside = {each.meeting for each in solution.places if each.participant == who}
    busy = [
        (each.start, each.end, each.id)
        for each in problem.meetings
        if who in each.hosts or each.id in inside
    ]
    busy += [
        (each.start, each.end, each.need)
        for each in solution.placements
        if each.need != need.id and who in {each.clinician, needs[each.need].participant}
    ]
    return [
        name
        for start, end, name in sorted(busy)
        if start < span[1] + gap and span[0] < end + gap
    ]

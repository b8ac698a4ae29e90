"""One move by hand under way: the week without it and with it, and whether it can be made."""

import asyncio
from dataclasses import dataclass

from vioP.domain.arrangement import MovedMeeting, Pin
from vioP.domain.errors import BeingBuilt, Invalid, Missing, NoPlan, StalePlan
from vioP.domain.session import PlannedSession
from vioP.domain.time import Instant, Week, week_of
from vioP.domain.week import WeekPlan
from vioP.flows.build_week import read_around, restate_week
from vioP.flows.search_week import ReadWeek, StatedWeek
from vioP.flows.show import WeekInDraft, read_draft
from vioP.flows.suppose_week import as_used_to, searched
from vioP.planner.meetings import HeldMeeting
from vioP.planner.moving import (
    Against,
    Wanted,
    against,
    holding,
    newly_broken,
    sought,
    with_it_there,
)
from vioP.planner.problem import Need, Solution
from vioP.planner.to_plan import to_plan
from vioP.planner.to_solution import to_solution
from vioP.planner.verify import verify
from vioP.ports import Ports
from vioP.storage.weeks import Draft


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a move cannot be made, in half sentences."""

    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Solved:
    """The week with the session where it is wanted, judged."""

    solution: Solution
    plan: WeekPlan


@dataclass(frozen=True, slots=True)
class MoveTurn:
    """One move under way: the week without it, with it, and what holds it."""

    shown: WeekInDraft
    draft: Draft
    now: StatedWeek
    then: StatedWeek
    found: Need | HeldMeeting
    what: Pin | MovedMeeting
    wanted: Wanted


async def move_turn(ports: Ports, week: Week, wanted: Wanted) -> MoveTurn:
    """The week without a move and with it. Raises what ``consider_move`` raises."""
    moment = ports.clock.now()
    async with ports.store.read() as tx:
        shown = await read_draft(tx, week)
        around = await read_around(tx, week, moment)
    draft = movable(shown)
    read = ReadWeek(week, shown.programme, shown.version, around)
    now = await asyncio.to_thread(read.stated)
    found = sought(now.statement, wanted.what)
    if found is None:
        raise Missing("There is no such session in this week, or it cannot be moved here.")
    _require_ahead(session_of(draft.plan, found, week), wanted, moment)
    what = holding(now.statement, found, wanted)
    _require_within(what, week)
    then = await restate_week(now, [what])
    there = sought(then.statement, wanted.what)
    if there is None:
        raise Missing("There is no such session in this week, or it cannot be moved here.")
    return MoveTurn(shown, draft, now, then, there, what, wanted)


def movable(shown: WeekInDraft) -> Draft:
    """The draft in which something may be moved.

    Raises:
        NoPlan: The week was never built.
        StalePlan: The programme has changed since.
        BeingBuilt: It is being built at this moment.
    """
    if shown.draft is None:
        raise NoPlan
    if shown.build is not None and not shown.build.note:
        raise BeingBuilt
    if shown.is_stale:
        raise StalePlan
    return shown.draft


def session_of(
    plan: WeekPlan, found: Need | HeldMeeting, week: Week
) -> PlannedSession | None:
    """The session that stands for an appointment or a meeting; nothing if it has no place."""
    key = found.id if isinstance(found, HeldMeeting) else f"{found.id}:{week.monday}"
    return next((each for each in plan.sessions if each.key == key), None)


def _require_ahead(stands: PlannedSession | None, wanted: Wanted, moment: Instant) -> None:
    if stands is not None and stands.starts <= moment:
        raise Invalid("This session has begun, or is over. It stays where it is.")
    if wanted.starts <= moment:
        raise Invalid("That time is over. Choose one that is still to come.")


def _require_within(what: Pin | MovedMeeting, week: Week) -> None:
    if isinstance(what, MovedMeeting) and week_of(what.day) != week:
        raise Invalid("For the cohort that is a day of another week. Choose another time.")


async def solved(turn: MoveTurn) -> Solved | Refused:
    """The week with the session where it is wanted, or why there is none.

    Nothing else moves if nothing else must; otherwise others make room for it.
    """
    wrong = await asyncio.to_thread(stands_against, turn)
    if wrong.lasting:
        return Refused(wrong.lasting)
    then, sessions = turn.then, turn.draft.plan.sessions
    solution = with_it_there(then.statement, sessions, turn.found, turn.wanted)
    if not wrong.is_nothing:
        solution = await searched(as_used_to(then, sessions))
        if not _is_there(turn, solution) or _broken(turn, solution):
            return Refused(wrong.moving)
    plan = await asyncio.to_thread(
        to_plan, then.statement, solution, then.programme, then.version
    )
    # A draft that could not be published any more is no place to go on from.
    grave = [each for each in plan.violations if each not in turn.draft.plan.violations]
    return Refused(tuple(grave)) if grave else Solved(solution, plan)


def stands_against(turn: MoveTurn) -> Against:
    """What stands against a move, while everything else stays where it is."""
    statement, wanted = turn.then.statement, turn.wanted
    solution = with_it_there(statement, turn.draft.plan.sessions, turn.found, wanted)
    if isinstance(turn.found, HeldMeeting):
        return _against_meeting(turn, turn.found, solution)
    wrong = against(statement, solution, turn.found, wanted)
    if not wrong.is_nothing:
        return wrong
    # The judge has the last word; it shares no code with the limits above.
    return Against((), _broken(turn, solution))


def _against_meeting(turn: MoveTurn, meeting: HeldMeeting, solution: Solution) -> Against:
    programme = turn.then.programme
    if meeting.day in programme.program.holidays:
        return Against((f"{meeting.day} is a closed day",))
    taken = (
        meeting.day != meeting.instead_of and meeting.day.weekday() in meeting.cohort.days
    )
    if taken:
        return Against((f"the group meets on {meeting.day} anyway",))
    if meeting.id in {each.id for each in turn.then.statement.unheld}:
        return Against(("none of its facilitators works then",))
    if turn.wanted.staff_id not in meeting.hosts:
        return Against((f"{turn.wanted.staff_id} does not work then",))
    return Against((), _broken(turn, solution))


def _is_there(turn: MoveTurn, solution: Solution) -> bool:
    if isinstance(turn.found, HeldMeeting):
        return any(each.meeting == turn.found.id for each in solution.places)
    return any(each.need == turn.found.id for each in solution.placements)


def _broken(turn: MoveTurn, solution: Solution) -> tuple[str, ...]:
    """The rules a week breaks with the move, and does not break without it."""
    stood = to_solution(turn.now.statement, turn.draft.plan.sessions)
    before = verify(turn.now.statement.problem, stood)
    found = newly_broken(before, turn.then.statement, solution)
    return tuple(each.what.removesuffix(".") for each in found)

"""Suppose: what one change would do to a week, found out without writing anything."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from vioP.domain.arrangement import Arrangement
from vioP.domain.session import PlannedSession
from vioP.domain.suppose import Admitted, Supposition
from vioP.domain.time import Instant, Week
from vioP.domain.told_if import ToldIf, told_of
from vioP.domain.week import Notice, UnplacedNeed, WeekPlan
from vioP.flows.build_week import state_week
from vioP.flows.compare_week import ScoredWeek
from vioP.flows.crew import run_apart
from vioP.flows.enroll import require_no_overlap, require_open
from vioP.flows.publish_week import doors_open
from vioP.flows.search_tasks import SearchPart, deaf
from vioP.flows.search_week import LARGE, StatedWeek
from vioP.flows.show import WeekInDraft, read_draft
from vioP.planner.changes import Change, changes
from vioP.planner.habits import used_to
from vioP.planner.improve import STEPS_A_NEED
from vioP.planner.problem import Solution
from vioP.planner.score import score
from vioP.planner.to_plan import to_plan
from vioP.planner.to_solution import to_solution
from vioP.ports import Ports


@dataclass(frozen=True, slots=True)
class SupposedWeek:
    """What one change would do to a week.

    Attributes:
        is_told: Whether it is compared with what people were told; otherwise with the draft,
            or with the week as it would be built now.
        is_quick: Whether the week is so large that building it may find a better one.
        told: How many participants would have to be told something.
        unplaced: What would have no place, and has one now.
        still_unplaced: How much has no place either way.
        notices: What would be worth knowing, and is not so now.
        violations: What would keep the week from being published.
    """

    is_told: bool
    is_quick: bool
    changes: tuple[Change, ...]
    told: int
    unplaced: tuple[UnplacedNeed, ...]
    still_unplaced: int
    notices: tuple[Notice, ...]
    violations: tuple[str, ...]
    before: ScoredWeek
    after: ScoredWeek


async def suppose_week(
    ports: Ports, week: Week, what: Supposition, more: Sequence[Arrangement] = ()
) -> SupposedWeek:
    """Plan a week as if one thing were different, and compare. Nothing is kept.

    Args:
        ports: The surroundings.
        week: Which week.
        what: The change.
        more: What would be arranged along with it.

    Raises:
        NoProgramme: Nothing was imported yet.
        Missing: The change is about somebody who is not there.
        Invalid: It would change nothing in that week.
        CohortsOverlap: Somebody would be in two places at once.
        CohortNotOpen: The cohort takes nobody on that day.
        SearchDied: A worker process died.
    """
    now = await state_week(ports, week)
    if isinstance(what, Admitted):
        admitted = what.enrollment(now.programme, week)
        require_no_overlap(now.programme, admitted)
        require_open(now.programme, admitted)
    then = await state_week(ports, week, what, more)
    async with ports.store.read() as tx:
        shown = await read_draft(tx, week)
    base = await _base(now, shown)
    if shown.published is None:
        then = as_used_to(then, base.sessions)
    solution = await searched(then)
    return await asyncio.to_thread(
        compared, now, then, base, solution, shown, doors_open(ports)
    )


def compared(
    now: StatedWeek,
    then: StatedWeek,
    base: WeekPlan,
    solution: Solution,
    shown: WeekInDraft,
    doors: Instant,
) -> SupposedWeek:
    """What a solution would change about a week, in everything people care about."""
    plan = to_plan(then.statement, solution, then.programme, then.version)
    stood = to_solution(now.statement, base.sessions)
    lacked = {each.need for each in base.unplaced}
    at = told_if(then, shown, doors)
    over = at.over(base.sessions)
    unplaced = [each for each in plan.unplaced if _is_ahead(each, base.week, over)]
    known = {(each.about, each.text) for each in base.notices}
    return SupposedWeek(
        is_told=shown.published is not None,
        is_quick=then.is_large,
        changes=tuple(
            each
            for each in changes(then.statement, base.sessions, plan.sessions)
            if each.key not in over
        ),
        told=len(told_of(base.sessions, plan.sessions, at)),
        unplaced=tuple(each for each in unplaced if each.need not in lacked),
        still_unplaced=len([each for each in unplaced if each.need in lacked]),
        notices=tuple(
            each for each in plan.notices if (each.about, each.text) not in known
        ),
        violations=plan.violations,
        before=ScoredWeek(score(now.statement.problem, stood), len(base.unplaced)),
        after=ScoredWeek(score(then.statement.problem, solution), len(plan.unplaced)),
    )


async def _base(now: StatedWeek, shown: WeekInDraft) -> WeekPlan:
    """The week a change is compared with: as told, as drafted, or as it would be built."""
    if shown.published is not None:
        return shown.published.plan
    if shown.draft is not None and not shown.is_stale:
        return shown.draft.plan
    solution = await searched(now)
    return await asyncio.to_thread(
        to_plan, now.statement, solution, now.programme, now.version
    )


def as_used_to(then: StatedWeek, sessions: tuple[PlannedSession, ...]) -> StatedWeek:
    """A week nobody was told about: what stands in the draft stays if nothing speaks for it."""
    statement = then.statement
    problem = used_to(statement.problem, to_solution(statement, sessions))
    return replace(then, statement=replace(statement, problem=problem))


async def searched(stated: StatedWeek) -> Solution:
    """A week within seconds, whatever its size; a small one as it would be built."""
    problem = stated.statement.problem
    if not stated.is_large:
        return await asyncio.to_thread(SearchPart(problem).run, deaf)
    [solution] = await run_apart([SearchPart(problem, steps=STEPS_A_NEED * LARGE)])
    return solution


def told_if(turn: StatedWeek, shown: WeekInDraft, doors: Instant) -> ToldIf:
    """What decides who is told if a week is published now."""
    tracks = {each.id: each.track_id for each in turn.programme.cohorts}
    return ToldIf(turn.statement.arranged.now, doors, tracks, shown.left)


def _is_ahead(unplaced: UnplacedNeed, week: Week, over: Collection[str]) -> bool:
    """Whether what has no place is not of a session that was held already."""
    meeting = unplaced.need.partition("/")[0]
    return not {meeting, f"{unplaced.need}:{week.monday}"} & set(over)

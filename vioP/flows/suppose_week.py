"""Suppose: what one change would do to a week, found out without writing anything."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from vioP.domain.arrangement import Arrangement
from vioP.domain.following import Tracks, following, group_places
from vioP.domain.programme import Programme
from vioP.domain.session import PlannedSession
from vioP.domain.suppose import Admitted, Supposition, suppose
from vioP.domain.time import Instant, Week
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
    then = await state_week(ports, week, partial(suppose, week=week, what=what), more)
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
    known = {(each.about, each.text) for each in base.notices}
    return SupposedWeek(
        is_told=shown.published is not None,
        is_quick=then.is_large,
        changes=changes(then.statement, base.sessions, plan.sessions),
        told=len(told_of(base.sessions, plan.sessions, tracks_of(then.programme), doors)),
        unplaced=tuple(each for each in plan.unplaced if each.need not in lacked),
        still_unplaced=len([each for each in plan.unplaced if each.need in lacked]),
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


def tracks_of(programme: Programme) -> Tracks:
    """The track of each cohort of a programme."""
    return {each.id: each.track_id for each in programme.cohorts}


def told_of(
    before: tuple[PlannedSession, ...],
    after: tuple[PlannedSession, ...],
    tracks: Tracks,
    doors: Instant,
) -> set[str]:
    """The participants for whom some session comes, goes, or is at another time.

    Args:
        before: The sessions as people know them.
        after: The sessions as they would be.
        tracks: The track of each cohort.
        doors: Of what begins before it, no place goes over to another group.
    """
    then, now = (
        {
            (each.key, who): (each.starts, each.ends)
            for each in sessions
            for who in each.participants
        }
        for sessions in (before, after)
    )
    groups, other_groups = group_places(before), group_places(after)
    begun = {each.key for each in before if each.starts < doors}
    lost = {each for each in groups - other_groups if each.key not in begun}
    went = following(lost, other_groups - groups, tracks)
    for place, became in went.items():
        then[became] = then.pop(place)
    return {
        who
        for key, who in then.keys() | now.keys()
        if then.get((key, who)) != now.get((key, who))
    }

"""Recommend: the cohorts somebody could join without anybody else moving, the kindest first."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from vioP.domain.enrollment import Enrollment
from vioP.domain.errors import Missing
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.programme import Programme
from vioP.domain.session import PlannedSession
from vioP.domain.time import Week
from vioP.flows.build_week import state_week
from vioP.flows.search_week import StatedWeek
from vioP.planner.explain import explain
from vioP.planner.habits import used_to
from vioP.planner.problem import Solution
from vioP.planner.solve import solve
from vioP.planner.to_plan import to_plan
from vioP.planner.wishes import wishes
from vioP.ports import Ports

# What a day with something in it costs, in half hours of waiting.
_A_DAY = 3
# A stay nobody has ended yet; only the week that is looked at matters here.
_STAY = timedelta(weeks=12)


@dataclass(frozen=True, slots=True)
class RecommendedCohort:
    """A cohort, and what joining it would mean for one participant's week.

    Attributes:
        price: Their days, three half hours each, and the half hours they would wait.
        sessions: Their whole week; empty if they cannot join.
        against: Why they cannot; empty if they can.
    """

    cohort_id: CohortId
    price: int
    sessions: tuple[PlannedSession, ...]
    against: tuple[str, ...]


async def recommend_cohorts(
    ports: Ports, participant_id: ParticipantId, week: Week
) -> tuple[RecommendedCohort, ...]:
    """Try every cohort on a week, instead of those they are in, and say what it would mean.

    Returns:
        First those they can join without anybody moving, the lowest price first; then the
        others, each with why not.

    Raises:
        NoProgramme: Nothing was imported yet.
        Missing: There is no such participant.
    """
    now = await state_week(ports, week)
    if participant_id not in {each.id for each in now.programme.participants}:
        raise Missing
    before = await asyncio.to_thread(lambda: solve(now.statement.problem))
    found = []
    for cohort in now.programme.cohorts:
        if any(
            each.participant_id == participant_id
            and each.cohort_id == cohort.id
            and each.until > week.monday
            for each in now.programme.enrollments
        ):
            continue
        enrollment = _enrollment(participant_id, cohort.id, week.monday)
        stated = await state_week(ports, week, partial(_with, enrollment))
        found.append(
            await asyncio.to_thread(_tried, stated, before, participant_id, cohort.id)
        )
    return tuple(sorted(found, key=lambda each: (bool(each.against), each.price)))


def _enrollment(who: ParticipantId, cohort: CohortId, first: date) -> Enrollment:
    return Enrollment(f"{who}-{cohort}", who, cohort, first, first + _STAY)


def _with(enrollment: Enrollment, programme: Programme) -> Programme:
    """The programme as it would be if somebody were in one cohort instead of theirs."""
    others = [
        each
        for each in programme.enrollments
        if each.participant_id != enrollment.participant_id
    ]
    return replace(programme, enrollments=(*others, enrollment))


def _tried(
    stated: StatedWeek, before: Solution, who: ParticipantId, cohort: CohortId
) -> RecommendedCohort:
    stood = {each.need: each for each in before.placements}
    problem = used_to(stated.statement.problem, before)
    after = solve(problem)
    own_needs = {each.id for each in problem.needs if each.participant == who}
    # Places come before appointments, so somebody's own appointments keep them out of none.
    others = tuple(each for each in after.placements if each.need not in own_needs)
    bare = replace(after, placements=others)
    against = [
        reason
        for each in after.unplaced
        if each.need in own_needs or each.need.endswith(f"/{who}")
        for reason in explain(
            problem, after if each.need in own_needs else bare, each.need
        ).reasons
    ]
    # The same reason on each of a cohort's days is one reason.
    against = list(dict.fromkeys(against))
    moved = sorted(
        each.need
        for each in after.placements
        if each.need not in own_needs and stood.get(each.need, each) != each
    )
    if moved:
        against.append(f"{', '.join(moved)} would have to move.")
    plan = to_plan(stated.statement, after, stated.programme, stated.version)
    own = tuple(each for each in plan.sessions if who in each.participants)
    asked = wishes(replace(each, participants=(who,), staff=()) for each in own)
    price = _A_DAY * asked.participant_days + asked.participant_waits
    return RecommendedCohort(cohort, price, () if against else own, tuple(against))

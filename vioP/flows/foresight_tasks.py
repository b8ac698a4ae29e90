"""What worker processes do for foresights: foresee a week, propose a term, try a cohort.

Like ``search_tasks``, it imports little: a worker loads it before it can begin.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from vioP.domain.enrollment import Enrollment
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.openings import openings
from vioP.domain.programme import Programme
from vioP.domain.right_age import wrong_age
from vioP.domain.session import PlannedSession
from vioP.domain.time import Week
from vioP.domain.week import Notice, UnplacedNeed
from vioP.flows.search_tasks import Report
from vioP.flows.search_week import ReadWeek, StatedWeek
from vioP.planner.explain import explain
from vioP.planner.forecast import foresee
from vioP.planner.habits import used_to
from vioP.planner.problem import Rule, Solution, WeekProblem
from vioP.planner.solve import solve
from vioP.planner.template import ProposedCohort, propose
from vioP.planner.to_plan import to_plan
from vioP.planner.wishes import wishes

# What a day with something in it costs, in half hours of waiting.
_A_DAY = 3
# A stay nobody has ended yet; only the week that is looked at matters here.
_STAY = timedelta(weeks=12)


@dataclass(frozen=True, slots=True)
class ForeseenWeek:
    """A week ahead.

    Attributes:
        unplaced: What would find no place if it were planned today.
        notices: What is worth knowing early.
    """

    week: Week
    sessions: int
    unplaced: tuple[UnplacedNeed, ...]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class RecommendedCohort:
    """A cohort, and what joining it would mean for one participant's week.

    Attributes:
        price: Their days, three half hours each, and the half hours they would wait.
        sessions: Their whole week; empty if they cannot join.
        against: Why they cannot; empty if they can.
        opens: A later day on which they could begin, where the cohort takes nobody before.
        is_full: Whether nothing is against it but that no place is left.
    """

    cohort_id: CohortId
    price: int
    sessions: tuple[PlannedSession, ...]
    against: tuple[str, ...]
    opens: date | None = None
    is_full: bool = False


@dataclass(frozen=True, slots=True)
class Foresee:
    """Plan a week as if today, and say what would be short."""

    week: ReadWeek

    def run(self, _report: Report) -> ForeseenWeek:
        """The week ahead."""
        stated = self.week.stated()
        solution = solve(stated.statement.problem)
        plan = to_plan(stated.statement, solution, stated.programme, stated.version)
        return ForeseenWeek(
            stated.statement.week,
            len(plan.sessions),
            plan.unplaced,
            foresee(stated.statement, plan, stated.programme),
        )


@dataclass(frozen=True, slots=True)
class Propose:
    """Judge every cohort on one week of a term, as it is and as it could be."""

    programme: Programme
    week: Week

    def run(self, _report: Report) -> tuple[ProposedCohort, ...]:
        """Every cohort."""
        return propose(self.programme, self.week)


@dataclass(frozen=True, slots=True)
class TryCohorts:
    """Try cohorts on a week, for somebody who would be in one of them instead of in theirs."""

    week: ReadWeek
    who: ParticipantId
    cohorts: tuple[CohortId, ...]

    def run(self, _report: Report) -> tuple[RecommendedCohort, ...]:
        """What joining each would mean, beside the week as it stands."""
        before = solve(self.week.stated().statement.problem)
        return tuple(self._try(each, before) for each in self.cohorts)

    def _try(self, cohort: CohortId, before: Solution) -> RecommendedCohort:
        monday = self.week.week.monday
        [wanted] = (each for each in self.week.programme.cohorts if each.id == cohort)
        joining = openings(self.week.programme, wanted)
        first = joining.next(monday)
        if first is None or first >= monday + timedelta(weeks=1):
            found = joining.against(monday)
            assert found is not None  # noqa: S101 - what opens later is not open on Monday
            why = f"{found.why} {found.remedy}"
            return RecommendedCohort(cohort, 0, (), (why,), found.next)
        enrollment = _enrollment(self.who, cohort, first)
        programme = _with(enrollment, self.week.programme)
        stated = replace(self.week, programme=programme).stated()
        return _tried(stated, before, self.who, cohort)


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
    problem = used_to(stated.statement.problem, before)
    after = solve(problem)
    against, is_full = _against(problem, before, after, who)
    year = stated.statement.week.monday.year
    too_young_or_old = wrong_age(stated.programme, who, cohort, year)
    against, is_full = [*too_young_or_old, *against], is_full and not too_young_or_old
    plan = to_plan(stated.statement, after, stated.programme, stated.version)
    own = tuple(each for each in plan.sessions if who in each.participants)
    asked = wishes(replace(each, participants=(who,), staff=()) for each in own)
    price = _A_DAY * asked.participant_days + asked.participant_waits
    return RecommendedCohort(
        cohort, price, () if against else own, tuple(against), is_full=is_full
    )


def _against(
    problem: WeekProblem, before: Solution, after: Solution, who: ParticipantId
) -> tuple[list[str], bool]:
    """What speaks against a week with somebody new, and whether it is only that it is full."""
    stood = {each.need: each for each in before.placements}
    appointments = {each.id for each in problem.needs}
    own_needs = {each.id for each in problem.needs if each.participant == who}
    # Places come before appointments, so somebody's own appointments keep them out of none.
    others = tuple(each for each in after.placements if each.need not in own_needs)
    bare = replace(after, placements=others)
    # Places go by identifier: where one is missing, it may be somebody else who has none.
    had_none = {each.need for each in before.unplaced}
    missing = [
        each
        for each in after.unplaced
        if each.need in own_needs
        or each.need.endswith(f"/{who}")
        or each.need not in had_none
    ]
    against = [
        reason
        for each in missing
        for reason in explain(
            problem, after if each.need in appointments else bare, each.need
        ).reasons
    ]
    moved = sorted(
        each.need
        for each in after.placements
        if each.need not in own_needs and stood.get(each.need, each) != each
    )
    is_full = (
        bool(missing)
        and not moved
        and all(each.rules == (Rule.CAPACITY,) for each in missing)
    )
    # The same reason on each of a cohort's days is one reason.
    against = list(dict.fromkeys(against))
    if moved:
        against.append(f"{', '.join(moved)} would have to move.")
    return against, is_full

"""Propose when cohorts meet next term, and who holds them.

The same problem as the timetabling of courses for people already enrolled (ITC-2007 track 2):
a cohort is a course, its members are its students, facilitators are rooms with features. Each
cohort in turn gets the days, the start and the facilitators that cost least while the others
stand, until no cohort finds anything better.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import time
from itertools import combinations

from vioP.domain.ids import CohortId, StaffId
from vioP.domain.program import Cohort
from vioP.domain.programme import Programme
from vioP.domain.time import Week
from vioP.planner.from_programme import Circumstances, state
from vioP.planner.minutes import minutes_of
from vioP.planner.problem import ProblemClinician, ProblemParticipant, Role, Span

_FIRST, _LAST, _STEP = 7 * 60, 20 * 60, 30
_WEEKDAYS = range(5)
_ROUNDS = 8
# A member without a licensed facilitator cannot be treated; one who cannot come misses a
# meeting; being told another time, or meeting other faces, is a nuisance.
UNCOVERED, CANNOT_COME, NO_HOST, MOVED, OTHER_HOST = 100, 10, 500, 1, 4


@dataclass(frozen=True, slots=True)
class ProposedCohort:
    """A cohort as it is, and as it could be.

    Attributes:
        before: The pattern and facilitators of today, with what they cost.
        after: The proposed ones; the same if nothing is better.
    """

    cohort: Cohort
    before: "Fit"
    after: "Fit"

    @property
    def is_new(self) -> bool:
        """Whether anything would change."""
        return self.before.pattern != self.after.pattern or (
            self.before.hosts != self.after.hosts
        )


@dataclass(frozen=True, slots=True)
class Pattern:
    """Weekdays, Monday is 0, and a start on the cohort's own clock."""

    days: tuple[int, ...]
    at: time


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a pattern with its facilitators suits the members.

    Attributes:
        cannot_come: Meetings that members cannot attend, added up over them.
        uncovered: Members in whose state no facilitator is licensed.
    """

    pattern: Pattern
    hosts: tuple[StaffId, ...]
    cannot_come: int
    uncovered: tuple[str, ...]
    price: int


def propose(programme: Programme, week: Week) -> tuple[ProposedCohort, ...]:
    """Patterns and facilitators for every cohort, judged on one week.

    Args:
        programme: The cohorts, their members and everybody's hours and licences.
        week: A week of the term; members and hours are taken from it.
    """
    term = _Term(programme, week)
    current = {each.id: term.fit_as_it_is(each) for each in programme.cohorts}
    chosen = dict(current)
    order = sorted(programme.cohorts, key=lambda each: (-chosen[each.id].price, each.id))
    for _ in range(_ROUNDS):
        better = False
        for cohort in order:
            found = term.best(cohort, chosen)
            if found.price < chosen[cohort.id].price:
                chosen[cohort.id], better = found, True
        if not better:
            break
    return tuple(
        ProposedCohort(each, current[each.id], chosen[each.id])
        for each in programme.cohorts
    )


class _Term:
    def __init__(self, programme: Programme, week: Week) -> None:
        self.week = week
        problem = state(week, programme, Circumstances({})).problem
        people = {each.id: each for each in problem.participants}
        holding = {each for cohort in programme.cohorts for each in cohort.facilitators}
        self.staff: dict[StaffId, ProblemClinician] = {
            StaffId(each.id): each
            for each in problem.clinicians
            if each.role is Role.THERAPIST or each.id in holding
        }
        self.members: dict[str, list[ProblemParticipant]] = {
            cohort.id: [
                people[each.participant_id]
                for each in programme.enrollments
                if each.cohort_id == cohort.id
                and each.until > week.monday
                and each.participant_id in people
            ]
            for cohort in programme.cohorts
        }
        self.cohorts = {each.id: each for each in programme.cohorts}

    def fit_as_it_is(self, cohort: Cohort) -> Fit:
        """The pattern and the facilitators of today."""
        return self._fit(cohort, Pattern(cohort.days, cohort.at), cohort.facilitators)

    def best(self, cohort: Cohort, chosen: Mapping[CohortId, Fit]) -> Fit:
        """The cheapest pattern and facilitators while the other cohorts stand."""
        best = chosen[cohort.id]
        taken = self._taken(cohort, chosen)
        for pattern in self._patterns(cohort):
            spans = self.spans(cohort, pattern)
            if self._floor(cohort, pattern, spans) >= best.price:
                continue
            free = [
                each
                for each in self.staff
                if all(_inside(span, self.staff[each].available) for span in spans)
                and not any(_meets(span, taken.get(each, ())) for span in spans)
            ]
            for hosts in combinations(free, min(len(free), len(cohort.facilitators))):
                if hosts:
                    fit = self._fit(cohort, pattern, self._led(cohort, hosts))
                    best = min(best, fit, key=lambda each: each.price)
        return best

    def spans(self, cohort: Cohort, pattern: Pattern) -> tuple[Span, ...]:
        """The meetings of a pattern, in minutes of the week."""
        moved = replace(cohort, days=pattern.days, at=pattern.at)
        return tuple(
            (minutes_of(starts, self.week), minutes_of(ends, self.week))
            for _, starts, ends in moved.meetings(self.week)
        )

    def _patterns(self, cohort: Cohort) -> Iterator[Pattern]:
        days = sorted({*_WEEKDAYS, *cohort.days})
        for chosen in combinations(days, len(cohort.days)):
            for minute in range(_FIRST, _LAST + 1, _STEP):
                yield Pattern(chosen, time(minute // 60, minute % 60))

    def _taken(
        self, cohort: Cohort, chosen: Mapping[CohortId, Fit]
    ) -> dict[StaffId, list[Span]]:
        """When each clinician holds other cohorts."""
        taken: dict[StaffId, list[Span]] = {}
        for other, fit in chosen.items():
            if other != cohort.id:
                for host in fit.hosts:
                    spans = self.spans(self.cohorts[other], fit.pattern)
                    taken.setdefault(host, []).extend(spans)
        return taken

    def _led(self, cohort: Cohort, hosts: tuple[StaffId, ...]) -> tuple[StaffId, ...]:
        """Whoever leads today goes on leading, if they are still there."""
        return tuple(
            sorted(
                hosts,
                key=lambda each: (
                    cohort.facilitators.index(each)
                    if each in cohort.facilitators
                    else len(cohort.facilitators),
                    each,
                ),
            )
        )

    def _floor(self, cohort: Cohort, pattern: Pattern, spans: tuple[Span, ...]) -> int:
        """What a pattern costs whoever holds it."""
        cannot = sum(
            not _inside(span, who.available)
            for who in self.members[cohort.id]
            for span in spans
        )
        moved = pattern != Pattern(cohort.days, cohort.at)
        return cannot * CANNOT_COME + moved * MOVED * len(self.members[cohort.id])

    def _fit(self, cohort: Cohort, pattern: Pattern, hosts: tuple[StaffId, ...]) -> Fit:
        spans = self.spans(cohort, pattern)
        here = [self.staff[each] for each in hosts if each in self.staff]
        working = [
            each for each in here if all(_inside(span, each.available) for span in spans)
        ]
        states = {one.state for each in working for one in each.licences}
        members = self.members[cohort.id]
        uncovered = tuple(sorted(each.id for each in members if each.state not in states))
        cannot = sum(not _inside(span, who.available) for who in members for span in spans)
        others = len(set(hosts) - set(cohort.facilitators))
        price = self._floor(cohort, pattern, spans) + UNCOVERED * len(uncovered)
        price += OTHER_HOST * others + NO_HOST * (len(cohort.facilitators) - len(working))
        return Fit(pattern, hosts, cannot, uncovered, price)


def _inside(span: Span, hours: tuple[Span, ...]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in hours)


def _meets(span: Span, others: list[Span] | tuple[()]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)

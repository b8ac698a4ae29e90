"""Who takes part in what, from when to when, and what a payer has approved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.program import Cohort
from vioP.domain.time import Week, week_of

_YEAR = 366


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which an enrollment rests, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Enrollment:
    """A participant's stretch in a cohort. Rosters are computed from these, never stored.

    Attributes:
        first: The first day.
        until: The day after the last one.
        days: The weekdays attended; empty means all of the cohort's.
    """

    id: str
    participant_id: ParticipantId
    cohort_id: CohortId
    first: date
    until: date
    days: tuple[int, ...] = ()
    phase: str = ""
    pauses: tuple[Pause, ...] = ()

    def __post_init__(self) -> None:
        if self.until <= self.first:
            raise ValueError(f"enrollment {self.id} ends before it starts")

    def includes(self, day: date) -> bool:
        """Whether the participant takes part on a day."""
        return (
            self.first <= day < self.until
            and (not self.days or day.weekday() in self.days)
            and not any(pause.first <= day <= pause.last for pause in self.pauses)
        )

    def covers(self, day: date) -> bool:
        """Whether a day lies inside it, whichever weekdays are attended."""
        return self.first <= day < self.until and not any(
            pause.first <= day <= pause.last for pause in self.pauses
        )


def stretch_id(
    known: Iterable[Enrollment],
    participant_id: ParticipantId,
    cohort_id: CohortId,
    first: date,
) -> str:
    """The identifier of somebody's stretch in a cohort from a day on.

    Args:
        known: Every enrollment.
        participant_id: Who.
        cohort_id: Where.
        first: From which day on.

    Returns:
        That of their stretch there which is not over by then: it is changed. Whoever comes
        back begins another one, and what was stays as it was.
    """
    usual = f"{participant_id}-{cohort_id}"
    own = {
        each.id: each
        for each in known
        if (each.participant_id, each.cohort_id) == (participant_id, cohort_id)
    }
    for each in own.values():
        if each.until > first:
            return each.id
    return f"{usual}-{first}" if usual in own else usual


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """An appointment a participant is owed: kind, length, every how many weeks, with whom.

    Attributes:
        offset: Shifts which weeks it is due in, so that not everybody's falls together.
        begins: The first day of care.
        early_weeks: For so many weeks from then it is due more often.
        early_every: Every how many weeks it is due in those.
    """

    id: str
    participant_id: ParticipantId
    kind: str
    minutes: int
    every_weeks: int
    staff_id: StaffId
    offset: int = 0
    begins: date | None = None
    early_weeks: int = 0
    early_every: int = 1

    def is_due(self, week: Week, since: Week) -> bool:
        """Whether it is due in a week, counted from the week the count began.

        The early weeks count from the first one of care, so that nobody waits for the turn
        that everybody else is in.
        """
        if self.begins is not None:
            number = (week.monday - week_of(self.begins).monday).days // 7
            if 0 <= number < self.early_weeks:
                return number % self.early_every == 0
        weeks = (week.monday - since.monday).days // 7
        return (weeks + self.offset) % self.every_weeks == 0


@dataclass(frozen=True, slots=True)
class Authorization:
    """A payer's approval of care: so many units, from a day on."""

    id: str
    participant_id: ParticipantId
    payer_id: str
    code: str
    units: int
    first: date


def overlapping_meetings(one: Cohort, other: Cohort, day: date) -> tuple[int, ...]:
    """The weekdays, by the first cohort's days, on which two cohorts meet at the same time.

    Compared as instants: two evening cohorts in different zones may well overlap.
    """
    week = week_of(day)
    return tuple(
        one_day.weekday()
        for one_day, one_starts, one_ends in one.meetings(week)
        if any(
            starts < one_ends and one_starts < ends
            for _, starts, ends in other.meetings(week)
        )
    )


def clashing_days(one: Cohort, other: Cohort, first: date, until: date) -> tuple[int, ...]:
    """The weekdays on which two cohorts meet at the same time anywhere between two days.

    Every week is looked at, up to a year: zones change their clocks on different days.
    """
    if until <= first:
        return ()
    weeks = min((until - first).days, _YEAR) // 7 + 1
    days = {
        day
        for each in range(weeks)
        for day in overlapping_meetings(one, other, first + timedelta(weeks=each))
    }
    return tuple(sorted(days))


def first_unauthorized_day(units: int, days: Iterable[date]) -> date | None:
    """The first day that no unit is left for, if every day is attended."""
    left = units
    for day in sorted(days):
        if left == 0:
            return day
        left -= 1
    return None

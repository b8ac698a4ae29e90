"""The places of a cohort: how many are held on which day, and from when on one stays free.

A place is held for the whole of an enrollment, pauses included: whoever rests comes back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from vioP.domain.enrollment import Enrollment
from vioP.domain.program import Cohort

_ONE_DAY = timedelta(days=1)
_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Hold:
    """A place that is held for somebody.

    Attributes:
        until: The day after the last one; ``date.max`` where no end is known.
        days: The weekdays it is held on; empty means all of the cohort's.
    """

    first: date
    until: date
    days: tuple[int, ...] = ()

    def includes(self, day: date) -> bool:
        """Whether it is held on a day."""
        return self.first <= day < self.until and self.is_on(day.weekday())

    def is_on(self, weekday: int) -> bool:
        """Whether it is held on a weekday."""
        return not self.days or weekday in self.days


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one cohort, and whoever holds them.

    Attributes:
        weekdays: The weekdays it meets on.
        most: How many there are.
    """

    weekdays: tuple[int, ...]
    most: int
    holds: tuple[Hold, ...] = ()

    def holding(self, *more: Hold) -> "Places":
        """The same places, with more of them held."""
        return Places(self.weekdays, self.most, (*self.holds, *more))

    def taken(self, day: date) -> int:
        """How many are held on a day."""
        return sum(each.includes(day) for each in self.holds)

    def free_from(self, earliest: date, days: tuple[int, ...] = ()) -> date | None:
        """The first meeting from which on a place stays free, as far as anybody knows.

        Args:
            earliest: No day before it counts.
            days: The weekdays it is wanted on; empty means all of them.

        Returns:
            Nothing where no end of a full stretch is known.
        """
        wanted, begins = self._wanted(days), earliest
        for weekday in wanted:
            for first, until in self._full(weekday):
                if until == date.max:
                    return None
                last = _last_before(until, weekday)
                if first <= last and begins <= last:
                    begins = last + _ONE_DAY
        return self.next_meeting(begins, days)

    def next_meeting(self, since: date, days: tuple[int, ...] = ()) -> date:
        """The first day from another one on on which the cohort meets, on some weekdays."""
        return min(_next(since, each) for each in self._wanted(days))

    def first_full(
        self, first: date, until: date, days: tuple[int, ...] = ()
    ) -> date | None:
        """The first meeting between two days, the last not included, with no place left."""
        found = []
        for weekday in self._wanted(days):
            for begins, ends in self._full(weekday):
                day = _next(max(begins, first), weekday)
                if day < min(ends, until):
                    found.append(day)
        return min(found, default=None)

    def most_taken(self, since: date, until: date) -> int:
        """How many are held on the fullest meeting between two days, the last not included."""
        days = (since + timedelta(days=each) for each in range((until - since).days))
        meets = (each for each in days if each.weekday() in self.weekdays)
        return max(map(self.taken, meets), default=0)

    def _wanted(self, days: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(each for each in self.weekdays if each in days) or self.weekdays

    def _full(self, weekday: int) -> Iterator[tuple[date, date]]:
        """The stretches in which no place is left on a weekday, in order."""
        if self.most < 1:
            yield date.min, date.max
            return
        held = [each for each in self.holds if each.is_on(weekday)]
        steps = [(each.first, 1) for each in held] + [(each.until, -1) for each in held]
        taken, since = 0, None
        for day, step in sorted(steps):
            taken += step
            if taken >= self.most and since is None:
                since = day
            elif taken < self.most and since is not None:
                yield since, day
                since = None


def places_of(cohort: Cohort, group_max: int, enrollments: Iterable[Enrollment]) -> Places:
    """The places of a cohort, held by whoever is or will be enrolled in it.

    Args:
        cohort: Which.
        group_max: The most people the program puts into any group.
        enrollments: Anybody's; those of other cohorts are left out.
    """
    return Places(
        cohort.days,
        min(cohort.capacity, group_max),
        tuple(
            Hold(each.first, each.until, each.days)
            for each in enrollments
            if each.cohort_id == cohort.id
        ),
    )


def _next(day: date, weekday: int) -> date:
    """The first day of a weekday, from a day on."""
    return day + timedelta(days=(weekday - day.weekday()) % _A_WEEK)


def _last_before(day: date, weekday: int) -> date:
    """The last day of a weekday before a day."""
    return day - timedelta(days=(day.weekday() - weekday - 1) % _A_WEEK + 1)

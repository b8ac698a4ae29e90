"""When somebody may join a cohort, and the next day on which they could."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from vioP.domain.enrollment import Enrollment
from vioP.domain.program import Cohort, EnrollmentMode, Track, rotation_of
from vioP.domain.programme import Programme
from vioP.domain.rotation import Taught

# Nobody plans further ahead: whoever finds no day until then is told that there is none.
_DAYS_AHEAD = 2 * 366


@dataclass(frozen=True, slots=True)
class NotOpen:
    """Why somebody may not begin on a day.

    Attributes:
        why: A sentence without names.
        next: The next day on which they could begin; nothing where there is none.
    """

    why: str
    next: date | None

    @property
    def remedy(self) -> str:
        """What could be done instead."""
        if self.next is None:
            return "Choose another cohort."
        return f"The next day to begin is {self.next}."


@dataclass(frozen=True, slots=True)
class Openings:
    """When people may join one cohort.

    Attributes:
        closed: Days on which nothing is held.
    """

    cohort: Cohort
    track: Track | None
    closed: Collection[date]

    def sittings(self, since: date) -> Iterator[date]:
        """The days on which the cohort meets, from a day on."""
        start = since.toordinal()
        for each in range(start, min(start + _DAYS_AHEAD, date.max.toordinal())):
            day = date.fromordinal(each)
            if day.weekday() in self.cohort.days and day not in self.closed:
                yield day

    def taught(self, day: date) -> Taught | None:
        """The module of a day, where that is known."""
        rotation = rotation_of(self.cohort, self.track)
        return rotation.on(day) if rotation else None

    def module_starts(self, since: date) -> Iterator[tuple[date, Taught]]:
        """The first sitting of each module's turn, from a day on."""
        for day in self.sittings(since):
            taught = self.taught(day)
            if taught and next(self.sittings(taught.since)) == day:
                yield day, taught

    def next(self, since: date) -> date | None:
        """The first day from another one on, on which somebody may begin; nothing if none is."""
        match self.cohort.mode:
            case EnrollmentMode.ROLLING:
                return since
            case EnrollmentMode.CLOSED:
                return since if since <= self.start else None
            case EnrollmentMode.MODULE_START:
                wanted = self.cohort.opens_at
                return next(
                    (
                        day
                        for day, taught in self.module_starts(since)
                        if not wanted or taught.module in wanted
                    ),
                    None,
                )

    def against(self, first: date) -> NotOpen | None:
        """What speaks against beginning on a day; nothing if somebody may.

        A few days before the first sitting are as good as that sitting.
        """
        found = self.next(first)
        if found is not None and found <= next(self.sittings(first), first):
            return None
        return NotOpen(self._why(first), found)

    @property
    def start(self) -> date:
        """The first day on which a cohort meets that is not rolling."""
        first = self.cohort.first_day
        assert first is not None  # noqa: S101 - a cohort that is not rolling has one
        return next(self.sittings(first), first)

    def _why(self, first: date) -> str:
        name = self.cohort.id
        if self.cohort.mode is EnrollmentMode.CLOSED:
            return f"{name} is closed: nobody joins after its start on {self.start}."
        which = "certain modules only" if self.cohort.opens_at else "a module"
        return f"{name} takes people at the start of {which}, and {first} is no such day."


def openings(programme: Programme, cohort: Cohort) -> Openings:
    """When people may join a cohort of a programme."""
    track = next((each for each in programme.tracks if each.id == cohort.track_id), None)
    return Openings(cohort, track, frozenset(programme.program.holidays))


def not_open(programme: Programme, enrollment: Enrollment) -> NotOpen | None:
    """What speaks against an enrollment's first day; nothing if they may, or have begun already.

    An enrollment that keeps its first day may change in any other way.
    """
    known = {each.id: each.first for each in programme.enrollments}
    if known.get(enrollment.id) == enrollment.first:
        return None
    for cohort in programme.cohorts:
        if cohort.id == enrollment.cohort_id:
            return openings(programme, cohort).against(enrollment.first)
    return None

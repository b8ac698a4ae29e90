"""How far somebody is with their care, as whoever hosts them today wants to know."""

from dataclasses import dataclass
from datetime import date, timedelta

from vioP.domain.ids import CohortId

_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Course:
    """Somebody's stretch in a cohort, on the day of one session.

    Attributes:
        day: The day of the session.
        first: Their first day.
        until: The day after their last one.
        has_met: Whether they had a place in an earlier session of the cohort.
        helpers: Who takes part for their sake, and in which language: ``interpreter``, ``es``.
        guest_from: Their own cohort, if the session is another one's that theirs has joined.
    """

    day: date
    first: date
    until: date
    has_met: bool
    helpers: tuple[tuple[str, str], ...] = ()
    guest_from: CohortId | None = None

    @property
    def week(self) -> int:
        """Which week of theirs this is, counted from one."""
        return (self.day - self.first) // _WEEK + 1

    @property
    def weeks(self) -> int:
        """How many weeks theirs are."""
        return -((self.first - self.until) // _WEEK)

    @property
    def is_new(self) -> bool:
        """Whether they meet the others for the first time."""
        return not self.has_met and self.day - self.first < _WEEK

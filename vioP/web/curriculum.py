"""What a cohort is taught in these weeks, and when people may join it, in words."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from vioP.domain.openings import Openings
from vioP.domain.program import EnrollmentMode
from vioP.domain.time import week_of
from vioP.i18n import long_day
from vioP.web.session_words import module_line

_WEEK = timedelta(weeks=1)
_TO_SUNDAY = timedelta(days=6)
_WEEKS = 8


@dataclass(frozen=True, slots=True)
class TaughtWeek:
    """A week of a rotation.

    Attributes:
        days: On which the cohort meets in it.
    """

    monday: str
    module: str
    days: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class Curriculum:
    """What a cohort's page says of its modules and of who may join.

    Attributes:
        now: The module of this week; empty where none is known.
        begins: When which module begins after this week; empty where none is known.
        weeks: This week and those after it; empty where none is known.
        joining: When people may join, in words.
        opens: The next day on which somebody could begin; nothing where there is none.
    """

    now: str
    begins: str
    weeks: tuple[TaughtWeek, ...]
    joining: str
    opens: date | None


def curriculum(ways: Openings, today: date) -> Curriculum:
    """What a cohort's page says on a day of the cohort's own zone."""
    following = next(ways.module_starts(week_of(today).monday + _WEEK), None)
    return Curriculum(
        now=this_week(ways, today),
        begins=f"{following[1].module} on {long_day(following[0])}" if following else "",
        weeks=_weeks(ways, today),
        joining=_joining(ways, today),
        opens=ways.next(today),
    )


def this_week(ways: Openings, today: date) -> str:
    """The module of the week a day lies in; empty where none is known."""
    return module_line(ways.taught(week_of(today).monday + _TO_SUNDAY))


def _weeks(ways: Openings, today: date) -> tuple[TaughtWeek, ...]:
    mondays = [week_of(today).monday + each * _WEEK for each in range(_WEEKS)]
    found = [
        TaughtWeek(
            monday=long_day(monday),
            module=this_week(ways, monday),
            days=_days(ways, monday),
            is_now=monday <= today,
        )
        for monday in mondays
    ]
    return tuple(found) if any(each.module for each in found) else ()


def _days(ways: Openings, monday: date) -> str:
    """On which days of a week the cohort meets, in words."""
    days = takewhile(lambda day: day < monday + _WEEK, ways.sittings(monday))
    return ", ".join(f"{day:%a} {day.day}" for day in days) or "Closed"


def _joining(ways: Openings, today: date) -> str:
    cohort, opens = ways.cohort, ways.next(today)
    match cohort.mode:
        case EnrollmentMode.ROLLING:
            return "People may join on any day."
        case EnrollmentMode.CLOSED if opens is None:
            return "It has started and is closed: nobody joins any more."
        case EnrollmentMode.CLOSED:
            return f"It is closed once it starts, on {long_day(ways.start)}."
        case EnrollmentMode.MODULE_START:
            where = " or ".join(cohort.opens_at) or "a module"
            when = f"The next day to begin is {long_day(opens)}." if opens else ""
            return f"People join where {where} begins. {when}".strip()

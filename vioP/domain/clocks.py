"""Clocks that change apart: whose own reading of a standing meeting moves, and when.

A cohort keeps its anchor zone's clock through every change. Somebody in a zone that changes
on another day, or never, meets at another reading from then on, and must hear of it. Where
both clocks change on the same day nothing moves, and nobody is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from vioP.domain.enrollment import Enrollment
from vioP.domain.program import Cohort
from vioP.domain.time import Instant, WallTime, instant, week_of

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


class Ahead(StrEnum):
    """How far ahead somebody is told of it: once each."""

    WEEK = "week"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class MovedReading:
    """One standing meeting as a person's own clock shows it.

    Attributes:
        starts: The first meeting after the change.
        before: The reading they are used to, on the weekday they are used to.
        after: The reading from then on.
    """

    starts: Instant
    before: datetime
    after: datetime


def change_between(anchor: ZoneInfo, own: ZoneInfo, today: date) -> date | None:
    """The next day, within a week from today, on which two clocks move against each other.

    Args:
        anchor: The zone whose calendar the day is of.
        own: The other zone.
        today: Where to begin; today itself counts.
    """
    for ahead in range(8):
        day = today + ahead * _DAY
        if _apart(anchor, own, day) != _apart(anchor, own, day + _DAY):
            return day
    return None


def _apart(anchor: ZoneInfo, own: ZoneInfo, day: date) -> timedelta:
    """How far two clocks are apart when a day begins."""
    begins = datetime.combine(day, time(), anchor)
    return (begins.astimezone(own).utcoffset() or timedelta()) - (
        begins.utcoffset() or timedelta()
    )


def moved_readings(
    cohort: Cohort, enrollments: Iterable[Enrollment], own: ZoneInfo, day: date
) -> tuple[MovedReading, ...]:
    """The meetings of a cohort that somebody meets at another reading from a day on.

    Args:
        cohort: The cohort.
        enrollments: Theirs in it. Whoever begins after the change knows no other reading.
        own: Their zone.
        day: The day on which clocks change.
    """
    anchor = ZoneInfo(cohort.zone)
    own_ones = list(enrollments)
    found = []
    for weekday in cohort.days:
        after = day + (weekday - day.weekday()) % 7 * _DAY
        if not any(
            each.covers(after - _WEEK) and each.includes(after) for each in own_ones
        ):
            continue
        first, used = (
            WallTime(weekday, cohort.at).on(week_of(each), anchor)
            for each in (after, after - _WEEK)
        )
        now, before = first.astimezone(own), used.astimezone(own)
        if (now.weekday(), now.time()) != (before.weekday(), before.time()):
            found.append(MovedReading(instant(first), before, now))
    return tuple(sorted(found, key=lambda each: each.starts))


def notice_due(today: date, day: date) -> Ahead | None:
    """Which notice of a change is due: a week before, or on the day before.

    A notice that was missed is made up for as long as it is of use.
    """
    left = (day - today).days
    if left in {0, 1}:
        return Ahead.DAY
    return Ahead.WEEK if 1 < left <= 7 else None  # noqa: PLR2004 - a week

"""Instants as whole minutes of a week, and back. The planner knows no other time."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from vioP.domain.availability import Interval, local_day
from vioP.domain.time import Instant, Week, instant
from vioP.planner.problem import Span


def minutes_of(moment: Instant, week: Week) -> int:
    """An instant as whole minutes since Monday 00:00 UTC of a week."""
    return (moment - _zero(week)) // timedelta(minutes=1)


def instant_of(minutes: int, week: Week) -> Instant:
    """The instant that a number of minutes stands for."""
    return Instant(_zero(week) + timedelta(minutes=minutes))


def spans_of(intervals: Iterable[Interval], week: Week) -> tuple[Span, ...]:
    """Intervals as spans of a week."""
    return tuple((minutes_of(a, week), minutes_of(b, week)) for a, b in intervals)


@lru_cache(maxsize=1024)
def days_of(week: Week, zone: str) -> tuple[Span, ...]:
    """The seven days of a week on the clock of a zone."""
    days = (week.monday + timedelta(days=each) for each in range(7))
    return spans_of([local_day(day, ZoneInfo(zone)) for day in days], week)


@lru_cache(maxsize=64)
def _zero(week: Week) -> Instant:
    return instant(
        datetime.combine(week.monday, time(0), ZoneInfo("UTC")),
    )


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch made one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found

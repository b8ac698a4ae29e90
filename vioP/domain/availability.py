"""When somebody can meet: regular hours, leave, closures, and the spans they leave."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from vioP.domain.time import Instant, WallTime, Week, instant

Interval = tuple[Instant, Instant]


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """A stretch of a weekday (Monday is 0) in the zone of whoever keeps it."""

    weekday: int
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise ValueError(f"hours must close after they open, not {self.closes}")

    def on(self, week: Week, zone: ZoneInfo) -> Interval:
        """These hours in one week."""
        return (
            WallTime(self.weekday, self.opens).on(week, zone),
            WallTime(self.weekday, self.closes).on(week, zone),
        )


@dataclass(frozen=True, slots=True)
class Leave:
    """A stretch during which somebody is away."""

    starts: Instant
    ends: Instant


def every_day(
    opens: time, closes: time, days: Iterable[int] = range(5)
) -> tuple[Hours, ...]:
    """The same hours on several weekdays, Monday to Friday unless said otherwise."""
    return tuple(Hours(day, opens, closes) for day in days)


# A week of five hundred people asks for the same few days thousands of times.
@lru_cache(maxsize=4096)
def local_day(day: date, zone: ZoneInfo) -> Interval:
    """A calendar day in a zone: 23, 24 or 25 hours."""
    return (
        instant(_midnight(day, zone)),
        instant(_midnight(day + timedelta(days=1), zone)),
    )


def away_on(first: date, last: date, zone: ZoneInfo, held: Instant | None = None) -> Leave:
    """Leave on whole days; on the first of them, from the end of what was held until then."""
    starts, ends = local_day(first, zone)[0], local_day(last, zone)[1]
    return Leave(starts if held is None else max(starts, held), ends)


def open_in_week(
    hours: Iterable[Hours], week: Week, zone: ZoneInfo, away: Iterable[Interval]
) -> tuple[Interval, ...]:
    """When somebody can meet in a week: their hours, without what is taken away."""
    spans = sorted(each.on(week, zone) for each in hours)
    return without(spans, away)


def without(spans: Iterable[Interval], away: Iterable[Interval]) -> tuple[Interval, ...]:
    """What is left of some spans when others are taken away."""
    left = list(spans)
    for gap in away:
        left = [piece for span in left for piece in _without(span, gap)]
    return tuple(left)


def _without(span: Interval, gap: Interval) -> list[Interval]:
    (start, end), (away_from, back) = span, gap
    pieces = [(start, min(end, away_from)), (max(start, back), end)]
    return [piece for piece in pieces if piece[0] < piece[1]]


def _midnight(day: date, zone: ZoneInfo) -> Instant:
    return WallTime(day.weekday(), time(0)).on(
        Week(day - timedelta(days=day.weekday())), zone
    )

"""A zone's rules as calendars read them: at most one summer and one winter rule.

Outlook, Thunderbird and others read a VTIMEZONE only when it has yearly BYDAY rules and no
lists of dates. The rules come from the POSIX footer of the zone's own file; a zone that
does not follow them around an event is not written at all, and the event is told in UTC.
Source: RFC 5545, section 3.6.5; RFC 8536, section 3.3; MS-OXCICAL 2.1.3.1.1.19.
"""

import importlib.resources
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

_NAME = r"(?:<([^>]+)>|([A-Za-z]+))"
_RULE = r"M(\d+)\.(\d)\.(\d)(?:/([-+0-9:]+))?"
_FOOTER = re.compile(rf"^{_NAME}([-+0-9:]+)(?:{_NAME}([-+0-9:]*),{_RULE},{_RULE})?$")
_WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_LAST_WEEK = 5
_DAY = timedelta(days=1)
Part = TimezoneStandard | TimezoneDaylight


@dataclass(frozen=True, slots=True)
class Onset:
    """When a rule begins each year: the nth weekday of a month at a clock reading."""

    month: int
    week: int
    weekday: int
    at: timedelta

    @property
    def by_day(self) -> str:
        """The weekday as RRULE writes it; the last week counts from the end."""
        nth = -1 if self.week == _LAST_WEEK else self.week
        return f"{nth}{_WEEKDAYS[self.weekday]}"

    def in_year(self, year: int) -> datetime:
        """The clock reading at which it begins in a year."""
        days = [date(year, self.month, 1) + each * _DAY for each in range(31)]
        fitting = [
            day
            for day in days
            if day.month == self.month and day.isoweekday() % 7 == self.weekday
        ]
        nth = -1 if self.week == _LAST_WEEK else self.week - 1
        return datetime.combine(fitting[nth], datetime.min.time()) + self.at


@dataclass(frozen=True, slots=True)
class Rules:
    """A zone's offsets, and when it changes between them, if it does."""

    standard: tuple[str, timedelta]
    daylight: tuple[str, timedelta] | None = None
    begins: Onset | None = None
    ends: Onset | None = None

    def offset_at(self, moment: datetime) -> timedelta:
        """The offset a reader of these rules uses at an instant."""
        if self.daylight is None or self.begins is None or self.ends is None:
            return self.standard[1]
        year = (moment + self.standard[1]).year
        on = self.begins.in_year(year).replace(tzinfo=UTC) - self.standard[1]
        off = self.ends.in_year(year).replace(tzinfo=UTC) - self.daylight[1]
        summer = on <= moment < off if on < off else not off <= moment < on
        return self.daylight[1] if summer else self.standard[1]


@lru_cache(maxsize=512)
def vtimezone(zone: str, year: int) -> bytes | None:
    """The VTIMEZONE of a zone, or nothing when it cannot be trusted around a year.

    It is compared with the zone's own history every three days, from the year before to
    the year after.
    """
    rules = rules_of(zone)
    if rules is None or not _holds(rules, ZoneInfo(zone), year):
        return None
    return bytes(_component(zone, rules).to_ical())


def rules_at(zone: str, *moments: datetime) -> bytes | None:
    """The VTIMEZONE to send with an event, or nothing when the event must be told in UTC.

    Args:
        zone: The event's zone.
        moments: Every instant the event tells; the rules must give the right reading at each.
    """
    rules = rules_of(zone)
    if rules is None or any(_reads_wrong(rules, zone, each) for each in moments):
        return None
    around = {vtimezone(zone, each.year) for each in moments}
    return None if None in around else around.pop()


def _reads_wrong(rules: Rules, zone: str, moment: datetime) -> bool:
    return rules.offset_at(moment) != moment.astimezone(ZoneInfo(zone)).utcoffset()


def _holds(rules: Rules, zone: ZoneInfo, year: int) -> bool:
    begin = datetime(year - 1, 12, 1, 13, tzinfo=UTC)
    moments = (begin + timedelta(days=each, hours=each % 24) for each in range(0, 428, 3))
    return not any(_reads_wrong(rules, zone.key, each) for each in moments)


@lru_cache(maxsize=512)
def rules_of(zone: str) -> Rules | None:
    """The yearly rules a zone now follows, or nothing when it follows none of this shape."""
    try:
        found = _FOOTER.match(_footer(zone))
    except FileNotFoundError:
        return None  # this machine knows a zone that the package does not: told in UTC
    if not found:
        return None
    standard = (found[1] or found[2], -_duration(found[3]))
    if found[7] is None:
        return Rules(standard)
    offset = -_duration(found[6]) if found[6] else standard[1] + timedelta(hours=1)
    begins, ends = (_onset(found.groups()[first : first + 4]) for first in (6, 10))
    if not all(timedelta() <= each.at < _DAY for each in (begins, ends)):
        return None  # a change outside its own day is read differently by everybody
    return Rules(standard, (found[4] or found[5], offset), begins, ends)


def _onset(parts: tuple[str | None, ...]) -> Onset:
    month, week, weekday, at = parts
    return Onset(int(month or 0), int(week or 0), int(weekday or 0), _duration(at or "2"))


def _footer(zone: str) -> str:
    """The last line of a zone's file. Only known zones get here, so the path is ours."""
    file = importlib.resources.files("tzdata").joinpath("zoneinfo", *zone.split("/"))
    raw = file.read_bytes()
    return raw.rstrip(b"\n").rsplit(b"\n", 1)[1].decode()


def _duration(text: str) -> timedelta:
    sign = -1 if text.startswith("-") else 1
    hours, minutes, seconds = [*map(int, text.lstrip("+-").split(":")), 0, 0][:3]
    return sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _component(zone: str, rules: Rules) -> Timezone:
    component = Timezone()
    component.add("TZID", zone)
    if rules.daylight is None:
        component.add_component(
            _part(TimezoneStandard(), rules.standard, rules.standard[1])
        )
        return component
    component.add_component(
        _part(TimezoneDaylight(), rules.daylight, rules.standard[1], rules.begins)
    )
    component.add_component(
        _part(TimezoneStandard(), rules.standard, rules.daylight[1], rules.ends)
    )
    return component


def _part(
    part: Part,
    to: tuple[str, timedelta],
    from_offset: timedelta,
    onset: Onset | None = None,
) -> Part:
    name, offset = to
    if onset is None:
        part.add("DTSTART", datetime(1970, 1, 1))  # noqa: DTZ001 - a wall time of the zone
    else:
        part.add("DTSTART", onset.in_year(2007))
        part.add("RRULE", vRecur(FREQ="YEARLY", BYMONTH=onset.month, BYDAY=onset.by_day))
    part.add("TZOFFSETFROM", from_offset)
    part.add("TZOFFSETTO", offset)
    part.add("TZNAME", name)
    return part

"""When a person of the house can test a device with somebody: quarters of an hour that are free."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.availability import Interval, open_in_week
from vioP.domain.ids import StaffId
from vioP.domain.people import Staff
from vioP.domain.time import Instant, Week, instant, later, week_of


@dataclass(frozen=True, slots=True)
class SupportRules:
    """How test sessions are offered.

    Attributes:
        lasts: How long one is.
        notice: How long ahead it must be booked at least.
        ahead: How far ahead it may be.
    """

    lasts: timedelta = timedelta(minutes=15)
    notice: timedelta = timedelta(minutes=30)
    ahead: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that is free, and who of the house would be there."""

    starts: Instant
    ends: Instant
    staff_id: StaffId


def free_slots(
    staff: Iterable[Staff],
    busy: Mapping[StaffId, Sequence[Interval]],
    own: Sequence[Interval],
    rules: SupportRules,
    now: Instant,
) -> tuple[Slot, ...]:
    """Every time that is free for somebody of the house and for the person, the soonest first.

    Args:
        staff: Those who test devices.
        busy: When each of them is away, or with somebody else.
        own: When the person has appointments.
        rules: How test sessions are offered.
        now: The present instant.
    """
    found: dict[Instant, Slot] = {}
    for each in staff:
        taken = [*busy.get(each.id, ()), *own]
        for slot in _of(each, taken, rules, now):
            found.setdefault(slot.starts, slot)
    return tuple(found[starts] for starts in sorted(found))


def _of(
    staff: Staff, taken: Sequence[Interval], rules: SupportRules, now: Instant
) -> Iterator[Slot]:
    first, last = later(now, rules.notice), later(now, rules.ahead)
    week = week_of(now.date() - timedelta(days=1))  # it may still be yesterday there
    while week.monday <= last.date():
        for opens, closes in open_in_week(staff.hours, week, ZoneInfo(staff.zone), taken):
            starts = _next_step(max(opens, first), rules.lasts)
            while later(starts, rules.lasts) <= min(closes, last):
                yield Slot(starts, later(starts, rules.lasts), staff.id)
                starts = later(starts, rules.lasts)
        week = Week(week.monday + timedelta(weeks=1))


def _next_step(moment: Instant, step: timedelta) -> Instant:
    """The next multiple of a step since midnight, not before a moment."""
    midnight = instant(datetime(moment.year, moment.month, moment.day, tzinfo=UTC))
    steps = -(-(moment - midnight) // step)
    return later(midnight, steps * step)

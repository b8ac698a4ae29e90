"""Reminders: the day before, on the day, and when the door opens; one a person and day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from vioP.domain.delivery import DeliveryKind
from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.time import Instant, WallTime, later, week_of

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Reminders:
    """When a program reminds.

    Attributes:
        day_before_at: The reading of the person's own clock; nothing for never.
        same_day_before: How long before the first start of the day; zero for never.
        door_opens: Whether they are told when a room opens.
        opens_before: How long before the start it does.
        late: How late a reminder may be decided; later ones are left out.
    """

    day_before_at: time | None = time(17)
    same_day_before: timedelta = timedelta(hours=2)
    door_opens: bool = True
    opens_before: timedelta = timedelta(minutes=10)
    late: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody's seat in a session that is still to come."""

    seat_id: SeatId
    session_id: SessionId
    participant_id: ParticipantId
    name: str
    zone: str
    starts: Instant
    language: str = "en"

    @property
    def day(self) -> date:
        """The day it is, on its person's own clock."""
        return self.starts.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of one person.

    Attributes:
        seat: Whose link it carries: the first of the day.
        clocks: The first starts of the day by their person's own clock, such as ``09:00``;
            nothing when a room opens.
        more: How many starts follow these.
        until: From then on it is of no use.
    """

    kind: DeliveryKind
    seat: Expected
    due: Instant
    until: Instant
    clocks: tuple[str, ...] = ()
    more: int = 0

    @property
    def key(self) -> str:
        """The same for the same reminder, however often it is decided."""
        if self.kind is DeliveryKind.DOOR_OPEN:
            return f"{self.kind}:{self.seat.seat_id}:{self.seat.starts:%Y%m%dT%H%M}"
        return f"{self.kind}:{self.seat.participant_id}:{self.seat.day}"


def due_now(
    seats: Iterable[Expected], rules: Reminders, now: Instant
) -> tuple[Reminder, ...]:
    """What is due, and not so late that it is of no use any more.

    Of the reminder of the day and the open door the second is left out when the first would
    come at the same time: one message says both.
    """
    ordered = sorted(seats, key=lambda each: (each.participant_id, each.day, each.starts))
    found = [
        reminder
        for _, group in groupby(ordered, key=lambda each: (each.participant_id, each.day))
        for reminder in _of_day(list(group), rules)
    ]
    return tuple(
        each
        for each in found
        if each.due <= now < each.until and now < later(each.due, rules.late)
    )


def _of_day(seats: list[Expected], rules: Reminders) -> Iterator[Reminder]:
    first = seats[0]
    clocks = tuple(
        f"{each.starts.astimezone(ZoneInfo(each.zone)):%H:%M}" for each in seats[:_SHOWN]
    )
    more = max(0, len(seats) - _SHOWN)
    if rules.day_before_at is not None:
        due = _evening_before(first, rules.day_before_at)
        until = later(due, timedelta(hours=3))
        yield Reminder(DeliveryKind.DAY_BEFORE, first, due, until, clocks, more)
    if rules.same_day_before > rules.opens_before:
        due = later(first.starts, -rules.same_day_before)
        until = later(first.starts, -rules.opens_before)
        yield Reminder(DeliveryKind.SAME_DAY, first, due, until, clocks, more)
    if rules.door_opens:
        for each in seats:
            due = later(each.starts, -rules.opens_before)
            yield Reminder(DeliveryKind.DOOR_OPEN, each, due, each.starts)


def _evening_before(seat: Expected, at: time) -> Instant:
    day = seat.day - timedelta(days=1)
    return WallTime(day.weekday(), at).on(week_of(day), ZoneInfo(seat.zone))

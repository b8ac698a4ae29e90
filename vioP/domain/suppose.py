"""What if: the programme as it would be after one change. Nothing is changed by supposing it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.availability import Hours, Leave, away_on, every_day
from vioP.domain.enrollment import Enrollment, stretch_id
from vioP.domain.errors import Invalid, Missing
from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.programme import Programme
from vioP.domain.time import Instant, WallTime, Week, instant, week_of

_ONE_DAY = timedelta(days=1)
# Nothing fits into a minute; no hours at all would mean the usual ones.
_NEVER = (Hours(0, time(0), time(0, 1)),)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row, and the hours of each of them on the clock of whoever it concerns.

    Attributes:
        last: The last day, included.
        opens: When it begins on each day; nothing for the whole day.
        closes: When it ends on each day.
    """

    first: date
    last: date
    opens: time | None = None
    closes: time | None = None

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"The last day {self.last} is before the first, {self.first}.")
        if (self.opens is None) != (self.closes is None):
            raise ValueError("Give both a beginning and an end of the hours, or neither.")
        if self.opens is not None and self.closes is not None and self.closes <= self.opens:
            raise ValueError(f"The hours end at {self.closes:%H:%M}, before they begin.")

    def weekdays(self, week: Week) -> frozenset[int]:
        """Which weekdays of a week it touches.

        Raises:
            Invalid: None; supposing it would change nothing in that week.
        """
        days = [week.monday + timedelta(days=each) for each in range(7)]
        found = frozenset(
            each.weekday() for each in days if self.first <= each <= self.last
        )
        if not found:
            raise Invalid(f"These days lie outside the week of {week.monday}.")
        return found


@dataclass(frozen=True, slots=True)
class Away:
    """A clinician is away."""

    staff_id: StaffId
    when: Stretch


@dataclass(frozen=True, slots=True)
class CannotCome:
    """A participant cannot come to appointments; groups stay where they are."""

    participant_id: ParticipantId
    when: Stretch


@dataclass(frozen=True, slots=True)
class Discharged:
    """A participant's care ends after a day."""

    participant_id: ParticipantId
    last: date


@dataclass(frozen=True, slots=True)
class Admitted:
    """A participant joins a cohort from a day on."""

    participant_id: ParticipantId
    cohort_id: CohortId
    first: date

    def enrollment(self, programme: Programme, week: Week) -> Enrollment:
        """The enrollment this would be, until the end of a week: later ones are not looked at.

        Raises:
            Invalid: It would begin after that week.
        """
        until = week.monday + timedelta(days=7)
        if self.first >= until:
            raise Invalid(f"{self.first} is after the week of {week.monday}.")
        who, where = self.participant_id, self.cohort_id
        key = stretch_id(programme.enrollments, who, where, self.first)
        return Enrollment(key, who, where, self.first, until)


@dataclass(frozen=True, slots=True)
class Closed:
    """The whole program is closed on a day."""

    day: date


Supposition = Away | CannotCome | Discharged | Admitted | Closed


def suppose(programme: Programme, week: Week, what: Supposition) -> Programme:
    """The programme as it would be, as far as one week is concerned.

    Who is away works here as before; ``leave_if`` says when they are not there.

    Raises:
        Missing: The change is about somebody who is not there.
        Invalid: It would change nothing in that week.
    """
    match what:
        case Away(staff_id, when):
            _require(staff_id, (each.id for each in programme.staff))
            when.weekdays(week)
            return programme
        case CannotCome(participant_id, when):
            _require(participant_id, (each.id for each in programme.participants))
            usual = every_day(*programme.program.policy.participant_window)
            people = [
                replace(
                    each, hours=tuple(_without(each.hours or usual, when, week)) or _NEVER
                )
                if each.id == participant_id
                else each
                for each in programme.participants
            ]
            return replace(programme, participants=tuple(people))
        case Discharged(participant_id, last):
            return discharged(programme, participant_id, last)
        case Admitted():
            return enrolled(programme, what.enrollment(programme, week))
        case Closed(day):
            Stretch(day, day).weekdays(week)
            holidays = (*programme.program.holidays, day)
            return replace(programme, program=replace(programme.program, holidays=holidays))


def leave_if(
    programme: Programme, what: Supposition, now: Instant
) -> Mapping[StaffId, tuple[Leave, ...]]:
    """The leave there would be as well, and by whom; what was held by now was held."""
    if not isinstance(what, Away):
        return {}
    zone = next(ZoneInfo(e.zone) for e in programme.staff if e.id == what.staff_id)
    return {what.staff_id: tuple(_leave(what.when, zone, now))}


def _leave(when: Stretch, zone: ZoneInfo, now: Instant) -> Iterator[Leave]:
    if when.opens is None or when.closes is None:
        is_today = when.first == now.astimezone(zone).date()
        yield away_on(when.first, when.last, zone, _minute(now) if is_today else None)
        return
    day = when.first
    while day <= when.last:
        starts, ends = (
            WallTime(day.weekday(), at).on(week_of(day), zone)
            for at in (when.opens, when.closes)
        )
        if ends > now:
            yield Leave(max(starts, _minute(now)), ends)
        day += _ONE_DAY


def _minute(now: Instant) -> Instant:
    return instant(now.replace(second=0, microsecond=0))


def discharged(
    programme: Programme,
    participant_id: ParticipantId,
    last: date,
    cohort_id: CohortId | None = None,
) -> Programme:
    """A programme in which enrollments of somebody end after a day: all, or those in a cohort.

    Raises:
        Missing: They are not enrolled after it.
    """
    until = last + _ONE_DAY
    own = [
        each
        for each in programme.enrollments
        if each.participant_id == participant_id and cohort_id in {None, each.cohort_id}
    ]
    if not any(each.first < until < each.until for each in own):
        raise Missing(
            f"No enrollment of {participant_id} would end after {last}. Choose a day of "
            "their stay, before its last."
        )
    ended = [
        replace(each, until=min(each.until, until)) if each in own else each
        for each in programme.enrollments
        if each not in own or each.first < until
    ]
    return replace(programme, enrollments=tuple(ended))


def enrolled(programme: Programme, enrollment: Enrollment) -> Programme:
    """A programme with one more enrollment, or with one changed."""
    kept = [each for each in programme.enrollments if each.id != enrollment.id]
    return replace(programme, enrollments=(*kept, enrollment))


def _require(who: str, known: Iterable[str]) -> None:
    if who not in set(known):
        raise Missing(f"There is nobody called {who}.")


def _without(hours: Iterable[Hours], when: Stretch, week: Week) -> Iterator[Hours]:
    """Hours without a stretch of one week."""
    days = when.weekdays(week)
    for each in hours:
        if each.weekday not in days:
            yield each
            continue
        if when.opens is None or when.closes is None:
            continue
        if each.opens < when.opens:
            yield replace(each, closes=min(each.closes, when.opens))
        if when.closes < each.closes:
            yield replace(each, opens=max(each.opens, when.closes))

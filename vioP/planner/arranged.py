"""What arrangements and a program's own levels make of a week's people and meetings."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from vioP.domain.arrangement import Arrangements, Journey, Pin
from vioP.domain.availability import Hours, Interval, local_day, open_in_week
from vioP.domain.enrollment import Enrollment, ServicePlan
from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.people import Participant
from vioP.domain.program import Cohort, Concern, Impact, Track
from vioP.domain.programme import Programme
from vioP.domain.session import ToldSession
from vioP.domain.time import Instant, WallTime, Week
from vioP.planner.minutes import minutes_of, spans_of
from vioP.planner.problem import Rule, Span, Stay
from vioP.planner.units import unauthorized_from

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Arranged:
    """A programme with its arrangements, asked about one week."""

    week: Week
    programme: Programme
    arrangements: Arrangements
    now: Instant | None = None
    told: Mapping[str, ToldSession] = field(default_factory=dict)

    @cached_property
    def begun(self) -> Mapping[str, ToldSession]:
        """The sessions that run or are over, as people know of them, by key."""
        now, told = self.now, self.told
        return {k: told[k] for k in told if now is not None and told[k].starts <= now}

    def travels(self, participant: Participant) -> tuple[Stay, ...]:
        """Where else somebody is for part of the week, one stay after the other."""
        return tuple(
            Stay(journey.state, spans_of([interval], self.week)[0])
            for journey, interval in self._away(participant)
        )

    def open(
        self, participant: Participant, hours: Iterable[Hours], closed: Iterable[date]
    ) -> tuple[Span, ...]:
        """Somebody's hours in the week, on the clock of wherever they are."""
        hours, closed = tuple(hours), sorted(closed)
        away = self._away(participant)
        home = ZoneInfo(participant.zone)
        if not away:
            return _open_at_home(hours, self.week, home, tuple(closed))
        gaps = [local_day(day, home) for day in closed]
        gaps += [interval for _, interval in away]
        found = list(open_in_week(hours, self.week, home, gaps))
        for journey, (start, end) in away:
            there = ZoneInfo(journey.zone)
            shut = [local_day(day, there) for day in closed]
            for opens, closes in open_in_week(hours, self.week, there, shut):
                if max(opens, start) < min(closes, end):
                    found.append((max(opens, start), min(closes, end)))
        return spans_of(sorted(found), self.week)

    def zone_at(self, participant: Participant, moment: Instant) -> str:
        """The zone somebody is in at a moment."""
        return self.arrangements.zone_at(participant.id, participant.zone, moment)

    def _away(self, participant: Participant) -> list[tuple[Journey, Interval]]:
        """This week's journeys in order; of two that overlap the later one is meant."""
        journeys = self.arrangements.journeys_of(participant.id)
        if not journeys:
            return []
        first = local_day(self.week.monday - _DAY, ZoneInfo(participant.zone))[0]
        last = local_day(self.week.monday + 8 * _DAY, ZoneInfo(participant.zone))[0]
        found: list[tuple[Journey, Interval]] = []
        for journey in journeys:
            zone = ZoneInfo(journey.zone)
            start, end = local_day(journey.first, zone)[0], local_day(journey.last, zone)[1]
            if end <= first or last <= start:
                continue
            if found and found[-1][1][1] > start:
                before, (since, _) = found.pop()
                if since < start:
                    found.append((before, (since, start)))
            found.append((journey, (start, end)))
        return found

    def pin_of(self, plan: ServicePlan) -> Pin | None:
        """The pin that holds an appointment this week; of two the later noted one counts."""
        for pin in reversed(self.arrangements.pins):
            day = self.week.monday + timedelta(days=pin.weekday)
            if (
                (pin.participant_id, pin.kind) == (plan.participant_id, plan.kind)
                and pin.plan_id in {None, plan.id}
                and pin.first <= day
                and (pin.last is None or day <= pin.last)
            ):
                return pin
        return None

    def pinned(self, participant: Participant, pin: Pin) -> int:
        """The start a pin means this week, in minutes."""
        noon = WallTime(pin.weekday, time(12)).on(self.week, ZoneInfo(participant.zone))
        zone = self.zone_at(participant, noon)
        moment = WallTime(pin.weekday, pin.at).on(self.week, ZoneInfo(zone))
        return minutes_of(moment, self.week)

    def apart(self) -> tuple[tuple[str, str], ...]:
        """Everybody who is kept apart from somebody."""
        return tuple(sorted((each.one, each.other) for each in self.arrangements.apart))

    def barred(
        self, cohort: Cohort, day: date, span: Interval, of: Collection[CohortId]
    ) -> Iterator[tuple[ParticipantId, Rule]]:
        """Who of some cohorts may not be in a meeting of one cohort, and by which rule."""
        window = self._blocks(Concern.OUTSIDE_WINDOW)
        units = self._blocks(Concern.UNITS_RUNNING_OUT)
        if not (cohort.phases or window or units):
            return
        for each in self.programme.enrollments:
            who = each.participant_id
            if each.cohort_id not in of or who not in self.people:
                continue
            if cohort.phases and each.covers(day) and not self.may_enter(each, cohort, day):
                yield who, Rule.PHASE
            if window and self._is_outside(who, span):
                yield who, Rule.WINDOW
            if units:
                last = self._unauthorized.get(who)
                if last is not None and last <= day:
                    yield who, Rule.UNITS

    def may_enter(self, enrollment: Enrollment, cohort: Cohort, day: date) -> bool:
        """Whether somebody's phase on a day is one the cohort is for."""
        track = next(each for each in self.programme.tracks if each.id == cohort.track_id)
        return not cohort.phases or self.phase_on(enrollment, track, day) in cohort.phases

    def holds_few(self, count: int) -> bool:
        """Whether a meeting of so few people is held at all."""
        policy = self.programme.program.policy
        return count >= policy.group_min or not self._blocks(Concern.THIN_GROUP)

    def phase_on(self, enrollment: Enrollment, track: Track, day: date) -> str:
        """The phase somebody is in on a day: the last one opened, or the one they began in."""
        opened = [
            each
            for each in self.arrangements.phases
            if each.participant_id == enrollment.participant_id and each.first <= day
        ]
        names = [each.name for each in track.phases]
        reached = [each.phase for each in opened if each.phase in names]
        start = enrollment.phase or (names[0] if names else "")
        return max([start, *reached], key=lambda each: [*names, each].index(each))

    @cached_property
    def _unauthorized(self) -> Mapping[ParticipantId, date]:
        return unauthorized_from(self.programme, self.week.monday + timedelta(days=6))

    @cached_property
    def people(self) -> Mapping[ParticipantId, Participant]:
        """Everybody who takes part."""
        return {each.id: each for each in self.programme.participants}

    @cached_property
    def enrollments(self) -> Mapping[ParticipantId, Sequence[Enrollment]]:
        """Everybody's own enrollments."""
        found = defaultdict(list)
        for each in self.programme.enrollments:
            found[each.participant_id].append(each)
        return found

    @cached_property
    def staff(self) -> frozenset[StaffId]:
        """Everybody who works here."""
        return frozenset(each.id for each in self.programme.staff)

    def _blocks(self, concern: Concern) -> bool:
        return self.programme.program.policy.impact(concern) is Impact.BLOCK

    def _is_outside(self, who: ParticipantId, span: Interval) -> bool:
        zone = ZoneInfo(self.zone_at(self.people[who], span[0]))
        opens, closes = self.programme.program.policy.participant_window
        starts, ends = (each.astimezone(zone) for each in span)
        return is_outside(starts, ends, (opens, closes))


# Many people keep the program's own hours, and most weeks nobody of them travels.
@lru_cache(maxsize=4096)
def _open_at_home(
    hours: tuple[Hours, ...], week: Week, zone: ZoneInfo, closed: tuple[date, ...]
) -> tuple[Span, ...]:
    gaps = [local_day(day, zone) for day in closed]
    return spans_of(sorted(open_in_week(hours, week, zone, gaps)), week)


def is_outside(starts: datetime, ends: datetime, window: tuple[time, time]) -> bool:
    """Whether a session on somebody's own clock leaves the hours of the program's day."""
    opens, closes = window
    return starts.time() < opens or ends.time() > closes or starts.date() != ends.date()

"""What sessions that are over add up to: who came, how long, and what became of who was missing.

Every figure is counted from sessions as they are known now, so a late word of a video service,
or a correction of the attendance, changes what a report says. Means hide what matters here:
of waits the half and the slowest twentieth are told.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from vioP.domain.attendance import ARRIVALS, CAME, Attendance, taken_part
from vioP.domain.fallback import Rung
from vioP.domain.ids import ParticipantId
from vioP.domain.live import LiveSeat, LiveSession
from vioP.domain.tech_sums import TechSums, tech_sums
from vioP.domain.time import Instant

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Came:
    """How places were used.

    Attributes:
        there: Who took part, late or for a part included.
        excused: Who was excused, or had said that they cannot come.
        missed: Who neither came nor said so.
        not_held: Who was not seen either, of a session that no host began and nobody came to.
    """

    there: int = 0
    excused: int = 0
    missed: int = 0
    not_held: int = 0

    @property
    def places(self) -> int:
        """Every place there was."""
        return self.there + self.excused + self.missed + self.not_held

    @property
    def rate(self) -> float:
        """Which share of those who did not say no took part; 0 where nobody was expected."""
        expected = self.there + self.missed
        return self.there / expected if expected else 0.0


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes people took part: with their picture, and by sound alone."""

    video: int = 0
    sound: int = 0


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of those who were missing once a session had begun.

    Attributes:
        missing: Who was written to.
        came: Who of these then took part.
        called: For whom a phone was rung.
        came_after_call: Who of these then took part.
        looked_for: For whom a person was put to work.
        waits: Minutes from the first message to taking part, of those who came; the shortest first.
    """

    missing: int
    came: int
    called: int
    came_after_call: int
    looked_for: int
    waits: tuple[float, ...]

    def wait(self, share: float) -> float | None:
        """Within how many minutes a share of those who came did so; nothing when nobody did.

        Source: the nearest-rank method.
        """
        if not self.waits:
            return None
        return self.waits[max(ceil(share * len(self.waits)), 1) - 1]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a stretch of time adds up to.

    Attributes:
        weeks: How places were used, by the Monday of the week.
        cohorts: How places were used, by cohort; appointments have none.
        minutes: Minutes people took part, by the Monday of the week.
        people: How many people had a place, by the Monday of the week.
        devices: What the last device checks of everybody who had a place add up to.
    """

    sessions: int
    weeks: Mapping[date, Came]
    cohorts: Mapping[str, Came]
    minutes: Mapping[date, Minutes]
    people: Mapping[date, int]
    reached: Reached
    devices: TechSums


def whole_weeks(first: date, last: date, today: date) -> tuple[date, date] | None:
    """The whole weeks within some days that are over, first and last day; or nothing.

    What leaves the house covers these: two files that differ by a day tell that day apart.
    """
    begins = first + timedelta(days=-first.weekday() % 7)
    end = min(last, today - timedelta(days=1))
    ends = end - timedelta(days=(end.weekday() + 1) % 7)
    return (begins, ends) if begins < ends else None


def report(sessions: Iterable[LiveSession], now: Instant) -> Report:
    """What the sessions that are over by now add up to."""
    over = [each for each in sessions if each.ends <= now]
    weeks: dict[date, Counter[str]] = {}
    cohorts: dict[str, Counter[str]] = {}
    minutes: dict[date, Minutes] = {}
    people: dict[date, set[ParticipantId]] = {}
    for session in over:
        monday = session.day - timedelta(days=session.day.weekday())
        for seat in session.seats:
            people.setdefault(monday, set()).add(seat.participant_id)
            used = _used(session, seat)
            weeks.setdefault(monday, Counter())[used] += 1
            if session.cohort_id:
                cohorts.setdefault(session.cohort_id, Counter())[used] += 1
        minutes[monday] = _with(minutes.get(monday, Minutes()), session)
    return Report(
        sessions=len(over),
        weeks={each: Came(**weeks[each]) for each in sorted(weeks)},
        cohorts={each: Came(**cohorts[each]) for each in sorted(cohorts)},
        minutes=dict(sorted(minutes.items())),
        people={each: len(who) for each, who in people.items()},
        reached=_reached(over),
        devices=_devices(over),
    )


def _used(session: LiveSession, seat: LiveSeat) -> str:
    found = seat.attendance(session)
    if found in CAME:
        return "there"
    if found is Attendance.EXCUSED or not seat.is_expected(session):
        return "excused"
    return "missed" if _was_held(session) else "not_held"


def _was_held(session: LiveSession) -> bool:
    """Whether there was anything to miss: a host began it, or somebody came."""
    return session.host_started_at is not None or any(
        seat.attendance(session) in CAME for seat in session.seats
    )


def _with(before: Minutes, session: LiveSession) -> Minutes:
    video, sound = timedelta(), timedelta()
    for seat in session.seats:
        taken = taken_part(seat.evidence, session.starts, session.ends, session.ends)
        video, sound = video + taken.video, sound + taken.sound
    return Minutes(before.video + video // _MINUTE, before.sound + sound // _MINUTE)


def _reached(sessions: Sequence[LiveSession]) -> Reached:
    missing = [
        (seat, seat.steps)
        for session in sessions
        for seat in session.seats
        if any(step.rung is Rung.NUDGE and step.done_at is not None for step in seat.steps)
    ]
    waits = []
    came = called = came_after_call = looked_for = 0
    for seat, steps in missing:
        first = min(step.due for step in steps if step.rung is Rung.NUDGE)
        arrived = _arrival_after(seat, first)
        rang = any(step.rung.is_call and step.done_at is not None for step in steps)
        came += arrived is not None
        called += rang
        came_after_call += rang and arrived is not None
        looked_for += any(step.rung is Rung.COORDINATOR for step in steps)
        if arrived is not None:
            waits.append((arrived - first) / _MINUTE)
    return Reached(
        len(missing), came, called, came_after_call, looked_for, tuple(sorted(waits))
    )


def _arrival_after(seat: LiveSeat, moment: Instant) -> Instant | None:
    arrivals = [
        each.at for each in seat.evidence if each.fact in ARRIVALS and each.at >= moment
    ]
    return min(arrivals, default=None)


def _devices(sessions: Sequence[LiveSession]) -> TechSums:
    checks = {
        seat.participant_id: seat.tech_check
        for session in sessions
        for seat in session.seats
    }
    return tech_sums(checks.values())

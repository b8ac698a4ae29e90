"""What a coordinator arranges for single people beside the programme's own files.

A pin keeps an appointment where it is, a journey says where somebody is for a while, two
people are kept apart, a phase is opened by a clinician, a closed day is made up for, a
colleague stands in for somebody who is out, a group's meeting is moved, once or from then on,
or held together with another group's, and a day is closed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from vioP.domain.availability import local_day
from vioP.domain.ids import CohortId, ParticipantId, StaffId


@dataclass(frozen=True, slots=True)
class Pin:
    """An appointment that stays at one time, on the participant's own clock.

    Attributes:
        kind: ``individual``, ``psychiatry`` or ``family``.
        weekday: Monday is 0.
        first: The first day it holds.
        last: The last day it holds; nothing while no end is known.
        staff_id: With whom; nothing for whoever gives it anyway.
        plan_id: Which service plan's, where somebody has several of a kind.
    """

    participant_id: ParticipantId
    kind: str
    weekday: int
    at: time
    first: date
    last: date | None = None
    staff_id: StaffId | None = None
    plan_id: str | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"the last day {self.last} is before the first, {self.first}")


@dataclass(frozen=True, slots=True)
class Journey:
    """Days somebody spends elsewhere, both included.

    Clinicians must be licensed for where somebody is during a session, not for where they
    live, and times are told on the clock of that place.
    """

    participant_id: ParticipantId
    first: date
    last: date
    city: str
    state: str
    zone: str

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the last day {self.last} is before the first, {self.first}")


@dataclass(frozen=True, slots=True)
class KeptApart:
    """Two people who are never in one group. Why is not written down here."""

    one: ParticipantId
    other: ParticipantId

    def __post_init__(self) -> None:
        if self.one == self.other:
            raise ValueError(f"{self.one} cannot be kept apart from themselves")


@dataclass(frozen=True, slots=True)
class OpenedPhase:
    """A clinician found somebody ready for a phase, from a day on."""

    participant_id: ParticipantId
    phase: str
    first: date


@dataclass(frozen=True, slots=True)
class MakeUp:
    """A cohort's day that is held on another day of the same week.

    Attributes:
        instead_of: The day that is not held.
        at: The start on the cohort's own clock.
    """

    cohort_id: CohortId
    instead_of: date
    day: date
    at: time


@dataclass(frozen=True, slots=True)
class StandIn:
    """A clinician who holds a cohort's meeting of one day, beside or instead of its own."""

    cohort_id: CohortId
    day: date
    staff_id: StaffId


@dataclass(frozen=True, slots=True)
class MovedMeeting:
    """A cohort's meeting that is held at another time of its week, though its own was possible.

    Attributes:
        instead_of: The day it is usually on.
        day: The day it is held on; it may be the same.
        at: The start on the cohort's own clock.
        staff_id: Who leads it then; nothing for its own facilitators.
        is_lasting: Whether the meetings of that weekday in all weeks to come move alike.
    """

    cohort_id: CohortId
    instead_of: date
    day: date
    at: time
    staff_id: StaffId | None = None
    is_lasting: bool = False

    def moves(self, cohort_id: CohortId, day: date) -> bool:
        """Whether it moves the meeting a cohort usually has on a day."""
        follows = (
            self.is_lasting
            and day > self.instead_of
            and day.weekday() == self.instead_of.weekday()
        )
        return cohort_id == self.cohort_id and (day == self.instead_of or follows)

    def on(self, day: date) -> "MovedMeeting":
        """It as it moves the meeting of a day: as many days away as the first one."""
        return replace(self, instead_of=day, day=day + (self.day - self.instead_of))


@dataclass(frozen=True, slots=True)
class MergedMeeting:
    """A cohort's meeting of one day that is held together with another cohort's of that day.

    Attributes:
        into: Whose meeting it joins, at that one's time and with its facilitators.
    """

    cohort_id: CohortId
    day: date
    into: CohortId

    def __post_init__(self) -> None:
        if self.cohort_id == self.into:
            raise ValueError(f"{self.cohort_id} cannot be held together with itself")


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day on which nothing is held, beside the programme's own."""

    day: date


OfCohort = MakeUp | StandIn | MovedMeeting | MergedMeeting
Arrangement = Pin | Journey | KeptApart | OpenedPhase | OfCohort | ClosedDay


@dataclass(frozen=True, slots=True)
class Arrangements:
    """Everything arranged, by kind."""

    pins: tuple[Pin, ...] = ()
    journeys: tuple[Journey, ...] = ()
    apart: tuple[KeptApart, ...] = ()
    phases: tuple[OpenedPhase, ...] = ()
    make_ups: tuple[MakeUp, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()
    moved: tuple[MovedMeeting, ...] = ()
    merged: tuple[MergedMeeting, ...] = ()

    def mover(self, cohort_id: CohortId, day: date) -> MovedMeeting | None:
        """What moves a cohort's meeting of a day; of two the later noted one counts."""
        for each in reversed(self.moved):
            if each.moves(cohort_id, day):
                return each
        return None

    def moved_meeting(self, cohort_id: CohortId, day: date) -> MovedMeeting | None:
        """Where a cohort's meeting of a day was moved to."""
        found = self.mover(cohort_id, day)
        return None if found is None else found.on(day)

    def joins(self, cohort_id: CohortId, day: date) -> CohortId | None:
        """Whose meeting a cohort's of a day joins, if it joins one."""
        for each in self.merged:
            if (each.cohort_id, each.day) == (cohort_id, day):
                return each.into
        return None

    def plus(self, more: Iterable["Arrangement"]) -> "Arrangements":
        """These and some that are noted later."""
        new = arranged(more)
        return Arrangements(
            self.pins + new.pins,
            self.journeys + new.journeys,
            self.apart + new.apart,
            self.phases + new.phases,
            self.make_ups + new.make_ups,
            self.stand_ins + new.stand_ins,
            self.moved + new.moved,
            self.merged + new.merged,
        )

    def standing_in(self, cohort_id: CohortId, day: date) -> tuple[StaffId, ...]:
        """Who stands in for a cohort's facilitators on a day."""
        return tuple(
            each.staff_id
            for each in self.stand_ins
            if (each.cohort_id, each.day) == (cohort_id, day)
        )

    def journeys_of(self, participant_id: ParticipantId) -> tuple[Journey, ...]:
        """Somebody's journeys, in the order of time."""
        own = [each for each in self.journeys if each.participant_id == participant_id]
        return tuple(sorted(own, key=lambda each: each.first))

    def zone_at(self, participant_id: ParticipantId, home: str, moment: datetime) -> str:
        """The zone somebody is in at a moment; of two journeys the later one is meant."""
        for each in reversed(self.journeys_of(participant_id)):
            zone = ZoneInfo(each.zone)
            if local_day(each.first, zone)[0] <= moment < local_day(each.last, zone)[1]:
                return each.zone
        return home


def arranged(all_of_them: Iterable[Arrangement]) -> Arrangements:
    """Sort arrangements by kind."""
    items = list(all_of_them)
    return Arrangements(
        tuple(each for each in items if isinstance(each, Pin)),
        tuple(each for each in items if isinstance(each, Journey)),
        tuple(each for each in items if isinstance(each, KeptApart)),
        tuple(each for each in items if isinstance(each, OpenedPhase)),
        tuple(each for each in items if isinstance(each, MakeUp)),
        tuple(each for each in items if isinstance(each, StandIn)),
        tuple(each for each in items if isinstance(each, MovedMeeting)),
        tuple(each for each in items if isinstance(each, MergedMeeting)),
    )

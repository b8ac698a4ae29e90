"""A program, its tracks and its cohorts: what is offered, before anybody takes part.

Tracks, modules and modalities are internal words. They shape the week and never leave the
house: no invite, address, message or display name carries them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from vioP.domain.contact import QUIET_HOURS
from vioP.domain.ids import CohortId, ProgramId, StaffId, TrackId
from vioP.domain.rotation import ModuleTurn, Rotation
from vioP.domain.session import Block
from vioP.domain.time import Instant, WallTime, Week, later

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Concern(StrEnum):
    """Something a week may do that no hard rule forbids; a program says how grave it is."""

    MOVED_CLOCKS = "moved_clocks"
    OUTSIDE_WINDOW = "outside_window"
    UNITS_RUNNING_OUT = "units_running_out"
    THIN_GROUP = "thin_group"
    SHORT_WEEK = "short_week"
    DAYS_A_WEEK = "days_a_week"
    SERVICE_GAP = "service_gap"
    LONG_WEEK = "long_week"
    CLOSED_DAY = "closed_day"
    PHASE_DUE = "phase_due"


class Impact(StrEnum):
    """How grave a concern is. Hard rules always block a placement.

    ``block`` gives nobody a place where the concern would be true; it is for concerns about
    a single place in a group (``BLOCKABLE``). Others can only be seen in a whole week.
    """

    BLOCK = "block"
    BLOCK_PUBLISHING = "block_publishing"
    WARN = "warn"
    IGNORE = "ignore"


class EnrollmentMode(StrEnum):
    """When somebody may join a cohort: any day, where a module begins, or up to its start."""

    ROLLING = "rolling"
    MODULE_START = "module-start"
    CLOSED = "closed"


BLOCKABLE = (Concern.OUTSIDE_WINDOW, Concern.UNITS_RUNNING_OUT, Concern.THIN_GROUP)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a program has decided about its weeks. Minutes, unless the name says otherwise.

    Attributes:
        participant_window: The local hours outside which a session is only placed with a
            warning (groups) or not at all (appointments).
        coverage: Which facilitators of a group must be licensed where a participant is:
            ``any``, ``lead`` or ``all``.
        video_rooms: Most sessions at the same moment.
        days_a_week: Fewest and most days of care in a whole week of enrollment.
        longest_gap: Most days without care between two days of it.
        week_starts: The weekday on which a counted week begins, Monday is 0; a day is made
            up for inside it.
        impacts: Concerns that are graver, or less grave, than a warning.
        quiet_hours: From which reading of their own clock until which nobody gets a text
            or a machine's call, unless it is about their safety.
        ladder: Times of the missed-join ladder that differ from the house's, in minutes.
        video: The video service its sessions meet at; empty for the house's own choice.
        video_fallback: Where they go when it does not answer; ``none`` for nowhere, empty
            for the house's own choice.
    """

    group_min: int = 4
    group_max: int = 10
    clinician_buffer: int = 10
    participant_buffer: int = 0
    clinician_max_day: int = 480
    clinician_max_week: int = 2400
    participant_max_day: int = 330
    participant_window: tuple[time, time] = (time(7, 30), time(21, 30))
    coverage: str = "any"
    video_rooms: int = 40
    days_a_week: tuple[int, int] = (1, 7)
    longest_gap: int = 7
    week_starts: int = 0
    impacts: tuple[tuple[Concern, Impact], ...] = ()
    quiet_hours: tuple[time, time] = QUIET_HOURS
    ladder: tuple[tuple[str, float], ...] = ()
    video: str = ""
    video_fallback: str = ""

    def impact(self, concern: Concern) -> Impact:
        """How grave a concern is to this program."""
        return dict(self.impacts).get(concern, Impact.WARN)


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a track with a gate at its end."""

    name: str
    weeks: int
    gate: str


@dataclass(frozen=True, slots=True)
class Cadence:
    """How long an appointment lasts, and every how many weeks it is due.

    Attributes:
        early_weeks: For so many weeks from the first one it is due more often.
        early_every: Every how many weeks it is due in those.
    """

    kind: str
    minutes: int
    every_weeks: int
    early_weeks: int = 0
    early_every: int = 1


@dataclass(frozen=True, slots=True)
class Track:
    """A path of care. Its name and everything in it stay in the house.

    Attributes:
        part2: Whether 42 CFR Part 2 applies: no voicemail, a notice on every export.
        ages: Youngest and oldest age it takes.
        minimum_weekly_minutes: What a week of care must add up to.
        cadence: The track's own appointments; they beat the program's.
        rotation: In which order and for how long its modules are taught, where that is known.
    """

    id: TrackId
    name: str
    modules: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ()
    part2: bool = False
    ages: tuple[int, int] = (18, 120)
    minimum_weekly_minutes: int = 540
    guardian: bool = False
    cadence: tuple[Cadence, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    rotation: tuple[ModuleTurn, ...] = ()


@dataclass(frozen=True, slots=True)
class Cohort:
    """People who move through a track together, on the same days at the same time.

    Attributes:
        zone: The anchor zone. The cohort keeps this zone's clock through every change.
        days: Weekdays, Monday is 0.
        blocks: What a day is made of, breaks included.
        facilitators: The clinicians who host, the lead first.
        phases: The phases of the track it is for; empty means all of them.
        first_day: When its first module begins, or a closed cohort starts.
        rotation: Its own modules in turn; empty means the track's.
        mode: When somebody may join.
        opens_at: The modules at whose beginning somebody may join; empty means any.
    """

    id: CohortId
    track_id: TrackId
    zone: str
    days: tuple[int, ...]
    at: time
    blocks: tuple[Block, ...]
    facilitators: tuple[StaffId, ...]
    capacity: int
    coordinator_id: StaffId | None
    phases: tuple[str, ...] = ()
    first_day: date | None = None
    rotation: tuple[ModuleTurn, ...] = ()
    mode: EnrollmentMode = EnrollmentMode.ROLLING
    opens_at: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.days or list(self.days) != sorted(set(self.days)):
            raise ValueError(f"cohort {self.id} needs different weekdays, in order")
        if self.mode is not EnrollmentMode.ROLLING and self.first_day is None:
            raise ValueError(f"cohort {self.id} is {self.mode} and needs a first day")

    @property
    def length(self) -> timedelta:
        """From the start to the end of a day, breaks included."""
        return timedelta(minutes=sum(block.minutes for block in self.blocks))

    def meetings(self, week: Week) -> Iterator[tuple[date, Instant, Instant]]:
        """Each day of a week on which the cohort meets: the date, the start and the end."""
        zone = ZoneInfo(self.zone)
        for weekday in self.days:
            starts = WallTime(weekday, self.at).on(week, zone)
            yield week.monday + timedelta(days=weekday), starts, later(starts, self.length)


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays, and how they count.

    Attributes:
        unit: What one unit is: ``day`` or ``session``.
        min_day_minutes: Minutes of care that make a day a unit.
        min_week_minutes: Fewest minutes of care a week; 0 asks for none.
        max_week_minutes: Most minutes of care a week; 0 if there is no limit.
        days_a_week: Fewest and most days of care a week; nothing for the program's own.
        longest_gap: Most days between two days of care; nothing for the program's own.
    """

    id: str
    code: str
    unit: str
    min_day_minutes: int = 0
    min_week_minutes: int = 0
    details: tuple[tuple[str, str], ...] = ()
    max_week_minutes: int = 0
    days_a_week: tuple[int, int] | None = None
    longest_gap: int | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """The service itself.

    Attributes:
        invite_name: The neutral name that people outside see.
        zone: The head office's zone; cohorts have their own.
        holidays: Days on which nothing is held.
        callback_phone: Where a person answers, in E.164.
    """

    id: ProgramId
    name: str
    invite_name: str
    zone: str
    callback_phone: str
    policy: Policy = field(default_factory=Policy)
    cadence: tuple[Cadence, ...] = ()
    holidays: tuple[date, ...] = ()
    crisis_lines: tuple[str, ...] = ()


def cadence_of(program: Program, track: Track, kind: str) -> Cadence | None:
    """How often an appointment of this kind is due: the track's word before the program's."""
    of_kind = [each for each in (*track.cadence, *program.cadence) if each.kind == kind]
    return of_kind[0] if of_kind else None


def rotation_of(cohort: Cohort, track: Track | None) -> Rotation | None:
    """What a cohort is taught when, if that is known: its own rotation before the track's."""
    turns = cohort.rotation or (track.rotation if track else ())
    return Rotation(cohort.first_day, turns) if turns and cohort.first_day else None

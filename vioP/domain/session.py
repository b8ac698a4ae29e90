"""A session: one dated meeting in one room, and the seats in it.

A group day of three blocks and its breaks is one session: one link, one invite, one watch
for missed joins. Breaks belong to the session, and are not counted as care.
"""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.time import Instant, WallTime, Week, week_of


class Kind(StrEnum):
    """What a session is for. An internal word: it never leaves the house."""

    GROUP = "group"
    INDIVIDUAL = "individual"
    PSYCHIATRY = "psychiatry"
    FAMILY = "family"
    ORIENTATION = "orientation"
    TECH_TEST = "tech_test"


BREAK = "break"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a session: what it is for (or a break), and how many minutes long."""

    kind: str
    minutes: int

    def __post_init__(self) -> None:
        if self.minutes <= 0:
            raise ValueError("a block lasts at least one minute")

    @property
    def is_care(self) -> bool:
        """Whether its minutes count as care."""
        return self.kind != BREAK


@dataclass(frozen=True, slots=True)
class Promise:
    """The clock reading people were promised: a day and a time in a zone.

    It is stored beside the instant, so that a change of a zone's rules can be seen.
    """

    day: date
    at: time
    zone: str

    def kept_at(self) -> Instant:
        """The instant that keeps the promise, by the rules of its zone as they are known now."""
        return WallTime(self.day.weekday(), self.at).on(
            week_of(self.day), ZoneInfo(self.zone)
        )


@dataclass(frozen=True, slots=True)
class BrokenPromise:
    """A published session that no longer starts when the clock shows what was promised.

    The rules of a zone were changed after people had been told.
    """

    key: str
    week: Week
    promise: Promise
    starts: Instant


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session as a week plan holds it: no identity yet, but a key that stays the same.

    Attributes:
        key: The same for the same meeting in every revision of the week: the cohort and
            day of a group, or the person, kind and turn of anything else.
        staff: Who hosts, the lead first.
        participants: Who has a seat, in order of identifier.
    """

    key: str
    kind: Kind
    cohort_id: CohortId | None
    promise: Promise
    starts: Instant
    ends: Instant
    blocks: tuple[Block, ...]
    staff: tuple[StaffId, ...]
    participants: tuple[ParticipantId, ...]

    def __post_init__(self) -> None:
        if self.ends <= self.starts:
            raise ValueError(f"{self.key} ends before it starts")

    @property
    def care_minutes(self) -> int:
        """Minutes of care, breaks left out."""
        return sum(block.minutes for block in self.blocks if block.is_care)


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Somebody who has appointments in a published week for which they are not enrolled."""

    week: Week
    participant_id: ParticipantId
    name: str


@dataclass(frozen=True, slots=True)
class ToldSession:
    """A session as its people were told of it.

    Attributes:
        participants: Whose appointment it is; left out of a group.
    """

    key: str
    promise: Promise
    starts: Instant
    ends: Instant
    blocks: tuple[Block, ...]
    staff: tuple[StaffId, ...]
    participants: tuple[ParticipantId, ...] = ()


_DAY = len("2026-03-10")


def made_up_key(cohort_id: CohortId, day: date, instead_of: date) -> str:
    """The key of a group session that makes up for another day."""
    return f"{cohort_id}:{day}:for-{instead_of}"


def due_day(key: str) -> date:
    """The day a group session stands for, which its key ends in.

    It is the one its group usually meets on, wherever it was moved, or the one it makes up for.
    """
    return date.fromisoformat(key[-_DAY:])


def group_of(key: str) -> CohortId:
    """The cohort whose group session a key names."""
    return CohortId(key.partition(":")[0])


def clock_change(
    starts: Instant, before: Instant, zone: ZoneInfo
) -> tuple[time, time] | None:
    """The clock reading of last week's session and of this one's, when they differ.

    A cohort keeps its own zone's clock; somebody in a zone that changes on another day,
    or never, sees the session move.
    """
    then, now = before.astimezone(zone).time(), starts.astimezone(zone).time()
    return None if then == now else (then, now)

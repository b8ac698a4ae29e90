"""Health: whether each part of the house does its work, judged from what was measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from vioP.domain.delivery import Channel
from vioP.domain.time import Instant

# A job later than this is taken by nobody: the beat that finds lost ones is 15 seconds.
JOB_PATIENCE = timedelta(seconds=30)
# What somebody waits for leaves within seconds; after a minute it does not leave.
MESSAGE_PATIENCE = timedelta(minutes=1)
# A job that failed so often rests minutes between its tries.
FAILS_OFTEN = 6
LEAST_FREE = 512 * 1024 * 1024  # bytes


class Part(StrEnum):
    """A part of the house that can fail by itself."""

    DATABASE = "database"
    FIELDS = "fields"
    JOBS = "jobs"
    MAIL = "mail"
    TEXTS = "texts"
    PHONE = "phone"
    ROOMS = "rooms"
    DISK = "disk"


CHANNEL_OF = {
    Part.MAIL: Channel.MAIL,
    Part.TEXTS: Channel.SMS,
    Part.PHONE: Channel.PHONE,
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A channel whose far end does not take what it is given.

    Attributes:
        reason: The code of what went wrong last.
    """

    since: Instant
    reason: str


@dataclass(frozen=True, slots=True)
class Vitals:
    """What was measured.

    Attributes:
        late_jobs: How many jobs nobody took in time.
        oldest_job: When the oldest of them was due.
        failing_jobs: How many jobs failed again and again.
        troubles: The channels in trouble.
        stuck: How many messages that somebody waits for did not leave in time, by channel.
        silent_rooms: How many running sessions' rooms cannot say who is in them.
        free_bytes: The room left on the fullest disk in use.
        unreadable: How many sealed fields do not open.
    """

    late_jobs: int = 0
    oldest_job: Instant | None = None
    failing_jobs: int = 0
    troubles: Mapping[Channel, Trouble] = field(default_factory=dict)
    stuck: Mapping[Channel, int] = field(default_factory=dict)
    silent_rooms: int = 0
    free_bytes: int = LEAST_FREE
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class PartState:
    """Whether one part does its work, and when not, why and what helps."""

    part: Part
    ok: bool
    detail: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """The state of every part that could be looked at."""

    parts: Sequence[PartState]

    @property
    def is_ready(self) -> bool:
        """Whether pages can be served.

        Only the database decides. Who cannot mail can still open doors, and a balancer that
        took such a process away would shut them.
        """
        return all(each.ok for each in self.parts if each.part is Part.DATABASE)

    @property
    def is_well(self) -> bool:
        """Whether every part does its work."""
        return all(each.ok for each in self.parts)


def without_database() -> Health:
    """The health of a house whose database does not answer; nothing else can be known."""
    return Health(
        (
            PartState(
                Part.DATABASE,
                ok=False,
                detail="does not answer",
                remedy="Look whether it runs, and whether its disk is full.",
            ),
        )
    )


def judge(vitals: Vitals, now: Instant) -> Health:
    """Say of each part whether it does its work."""
    return Health(
        (
            PartState(Part.DATABASE, ok=True, detail="answers"),
            _fields(vitals),
            _jobs(vitals, now),
            *(_channel(part, channel, vitals) for part, channel in CHANNEL_OF.items()),
            _rooms(vitals),
            _disk(vitals),
        )
    )


def _fields(vitals: Vitals) -> PartState:
    if vitals.unreadable:
        return PartState(
            Part.FIELDS,
            ok=False,
            detail=f"{vitals.unreadable} do not open",
            remedy="Look for field.unreadable in the log, mend these rows from a backup, "
            "then start vioP again.",
        )
    return PartState(Part.FIELDS, ok=True, detail="open")


def _jobs(vitals: Vitals, now: Instant) -> PartState:
    if vitals.oldest_job is not None:
        late = int((now - vitals.oldest_job).total_seconds())
        return PartState(
            Part.JOBS,
            ok=False,
            detail=f"{vitals.late_jobs} late, the oldest by {late} seconds",
            remedy="Nobody takes them. Start vioP (viop serve), on PostgreSQL also viop work.",
        )
    if vitals.failing_jobs:
        return PartState(
            Part.JOBS,
            ok=False,
            detail=f"{vitals.failing_jobs} failed again and again",
            remedy="Look for job.failed in the log.",
        )
    return PartState(Part.JOBS, ok=True, detail="on time")


def _channel(part: Part, channel: Channel, vitals: Vitals) -> PartState:
    trouble = vitals.troubles.get(channel)
    if trouble is not None:
        return PartState(
            part,
            ok=False,
            detail=f"in trouble since {trouble.since:%Y-%m-%d %H:%M} UTC ({trouble.reason})",
            remedy="Look at the service it is handed to; viop doctor says what helps.",
        )
    stuck = vitals.stuck.get(channel, 0)
    if stuck:
        return PartState(
            part,
            ok=False,
            detail=f"{stuck} that somebody waits for did not leave within a minute",
            remedy="Call these people: the board and the call list show whom.",
        )
    return PartState(part, ok=True, detail="carries")


def _rooms(vitals: Vitals) -> PartState:
    if vitals.silent_rooms:
        return PartState(
            Part.ROOMS,
            ok=False,
            detail=f"{vitals.silent_rooms} running cannot say who is in them",
            remedy="Look into these sessions. Nobody is called by machine meanwhile.",
        )
    return PartState(Part.ROOMS, ok=True, detail="no running one is silent")


def _disk(vitals: Vitals) -> PartState:
    free = vitals.free_bytes // (1024 * 1024)
    if vitals.free_bytes < LEAST_FREE:
        return PartState(
            Part.DISK,
            ok=False,
            detail=f"{free} MiB left",
            remedy="Make room: a full disk keeps joins from being written.",
        )
    return PartState(Part.DISK, ok=True, detail=f"{free} MiB left")

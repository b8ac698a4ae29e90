"""What truly happened: kept by the twins and the people, never by the service.

Every time is in seconds since the world began, by a clock that is never wrong.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from vioP.domain.ids import SeatId, SessionId
from vioP.mail.compose import Letter


class Trouble(StrEnum):
    """What was wrong for a while."""

    DOWN = "down"
    MAIL = "mail"
    PHONE = "phone"
    ROOM = "room"
    DISK = "disk"
    STALL = "stall"
    CLOCK = "clock"


@dataclass(slots=True)
class Span:
    """A stretch of time; without an end it goes on."""

    since: float
    until: float | None = None

    def touches(self, since: float, until: float) -> bool:
        """Whether it has a moment in common with another stretch."""
        return self.since <= until and (self.until is None or self.until >= since)


@dataclass(slots=True)
class Stay(Span):
    """A stretch in which somebody was there: in the room, or on the phone."""

    by_phone: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """A letter or text the far end has taken, with when it came in."""

    at: float
    to: str
    key: str


@dataclass(slots=True)
class Ring:
    """A phone that truly rang."""

    at: float
    key: str
    to: str
    until: float | None = None

    def is_over(self) -> bool:
        """Whether it has stopped."""
        return self.until is not None


@dataclass(slots=True)
class Place:
    """Somebody's seat, and what truly became of them.

    Attributes:
        stays: When they were really there, in the room or on the phone.
        pressed: When a press of their button was answered with a way in.
        came: Whether they ever did anything that could count as coming.
        excused_at: When they, or staff for them, had said that they are not coming.
    """

    seat: SeatId
    person: str
    email: str
    phone: str
    high_risk: bool
    stays: list[Stay] = field(default_factory=list)
    pressed: list[float] = field(default_factory=list)
    came: bool = False
    excused_at: float | None = None

    def is_there(self, at: float) -> bool:
        """Whether they were really there at a moment."""
        return any(each.touches(at, at) for each in self.stays)

    def was_seen(self, since: float, until: float) -> bool:
        """Whether they were there, or on their way in, at any moment of a stretch."""
        there = any(each.touches(since, until) for each in self.stays)
        return there or any(since <= at <= until for at in self.pressed)


@dataclass(slots=True)
class Meeting:
    """A session as people were told of it, and as it truly went."""

    id: SessionId
    starts: float
    ends: float
    hosts: tuple[str, ...]
    places: dict[SeatId, Place]
    started: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the call list, and when a person first read it."""

    at: float
    rung: str
    session: str | None
    seat: str | None


@dataclass(slots=True)
class Truth:
    """The record of one life.

    Attributes:
        hooks: Messages of the video service that were answered as kept: event and guest.
        lines: What the coordinator has read on the call list, by its identifier.
        silenced: From when on nothing may reach somebody any more.
        trace: One line for each thing that left the service.
    """

    letters: list[tuple[Post, Letter]] = field(default_factory=list)
    texts: list[Post] = field(default_factory=list)
    rings: list[Ring] = field(default_factory=list)
    meetings: dict[SessionId, Meeting] = field(default_factory=dict)
    hooks: list[tuple[str, str]] = field(default_factory=list)
    lines: dict[str, Line] = field(default_factory=dict)
    silenced: dict[str, float] = field(default_factory=dict)
    troubles: dict[Trouble, list[Span]] = field(
        default_factory=lambda: {each: [] for each in Trouble}
    )
    counts: Counter[str] = field(default_factory=Counter)
    trace: list[str] = field(default_factory=list)

    def note(self, at: float, what: str) -> None:
        """Write down something that left the service."""
        self.trace.append(f"{at:.3f} {what}")

    def was(self, trouble: Trouble, since: float, until: float) -> bool:
        """Whether something was wrong at any moment of a stretch."""
        return any(each.touches(since, until) for each in self.troubles[trouble])

    def was_calm(self, since: float, until: float) -> bool:
        """Whether nothing at all was wrong in a stretch."""
        return not any(self.was(each, since, until) for each in Trouble)

    def places(self) -> Iterator[tuple[Meeting, Place]]:
        """Every seat of every session."""
        for meeting in self.meetings.values():
            for place in meeting.places.values():
                yield meeting, place

"""A session's video room as vioP sees it, whoever runs it: who may enter, and who was seen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from vioP.domain.attendance import Fact, Leg
from vioP.domain.time import Instant

# What settings and programme files call the video services there are.
SERVICES = ("janus", "static", "livekit", "zoom", "jitsi", "jaas")


class Proof(StrEnum):
    """What a video provider can prove about somebody, the weakest first."""

    LOBBY = "lobby"
    JOINED = "joined"
    MEDIA_UP = "media_up"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who may enter a room.

    Attributes:
        id: Their seat, or the member of staff. It names somebody and grants nothing.
        name: What others in the room read: a first name at most.
    """

    id: str
    name: str
    is_host: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One device of a guest that a provider says is in the room now."""

    guest_id: str
    connection: str
    legs: frozenset[Leg] = frozenset()
    is_host: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """One thing a provider says happened, with the identity it proves.

    Attributes:
        event_id: The provider's own; together with its name it is unique.
        room: What the provider calls the room.
        guest_id: From the token or registration that let them in, never a display name.
        connection: The provider's name for the device; two tabs are two connections.
    """

    event_id: str
    room: str
    guest_id: str
    fact: Fact
    at: Instant
    leg: Leg | None = None
    connection: str = ""


@dataclass(frozen=True, slots=True)
class RtpAddress:
    """Where packets of sound are sent to."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message from a provider says.

    Attributes:
        answer: What the provider waits to hear back; empty when any answer will do.
    """

    sightings: tuple[Sighting, ...] = ()
    answer: Mapping[str, str] = field(default_factory=dict)


class Sight(StrEnum):
    """What is known of a room when its ladders are about to be climbed."""

    SEEN = "seen"
    SETTLING = "settling"
    SILENT = "silent"


def first_name(name: str) -> str:
    """What others in a room read of a name."""
    first, _, _ = name.strip().partition(" ")
    return first or "Guest"

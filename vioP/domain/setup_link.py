"""The mailed link by which somebody sets up: for one person, one purpose, and a while."""

from dataclasses import dataclass
from enum import StrEnum

from vioP.domain.ids import ParticipantId, SeatId
from vioP.domain.onboarding import Who
from vioP.domain.time import Instant


class LinkPurpose(StrEnum):
    """Whose part a link leads to.

    One that was made at the door of a session opens from a join link, which people forward:
    it shows nothing that is on file.
    """

    PARTICIPANT = "participant"
    GUARDIAN = "guardian"
    DOOR = "door"

    @property
    def who(self) -> Who:
        """Whose part it is."""
        return Who.GUARDIAN if self is LinkPurpose.GUARDIAN else Who.PARTICIPANT


@dataclass(frozen=True, slots=True)
class SetupLink:
    """A link that was made.

    Attributes:
        seat_id: At whose door it was made, for one that was made at a door.
    """

    id: str
    participant_id: ParticipantId
    purpose: LinkPurpose
    made_at: Instant
    expires: Instant
    is_revoked: bool = False
    seat_id: SeatId | None = None

    def is_open(self, now: Instant) -> bool:
        """Whether it still opens anything."""
        return not self.is_revoked and now < self.expires


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is at a page of the set-up, whichever way they came.

    Attributes:
        person: Whom it is about.
        who: Whose part they do.
        sees_file: Whether they may see what is on file already.
        seat_id: Before whose door they stand; nothing where they came by mail.
    """

    person: ParticipantId
    who: Who
    sees_file: bool = True
    seat_id: SeatId | None = None

"""Video by a fixed address: each session has a room of its own at a service that needs no account.

This service cannot say who is in a room. Pressing the join button is what is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.errors import Forged
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest, Heard, Proof, Seen
from vioP.domain.time import Instant
from vioP.video.names import room_name


@dataclass(frozen=True, slots=True)
class StaticRooms:
    """Rooms whose address is a pattern with ``{room}`` in it.

    Attributes:
        pattern: Where rooms are, such as ``https://meet.example/{room}``.
        key: Makes room names nobody can guess; they say nothing about the session.
    """

    pattern: str
    key: bytes
    name: str = "static"
    proves: frozenset[Proof] = frozenset()
    is_ours: bool = False
    looks: bool = False
    puts_out: bool = False

    async def ensure(self, session_id: SessionId) -> str:
        """What the service will call the room, which comes to be when somebody enters."""
        return room_name(self.key, session_id)

    async def door(self, session_id: SessionId, guest: Guest) -> str:
        """The address of the session's room, the same for everybody in it."""
        return self.pattern.format(room=room_name(self.key, session_id))

    async def revoke(self, session_id: SessionId, guest_id: str) -> None:
        """Nobody can be put out of a room that has one address; the host there can."""

    async def present(self, session_id: SessionId) -> Sequence[Seen] | None:
        """Not known."""
        return None

    async def verify(self, headers: Mapping[str, str], raw: bytes, now: Instant) -> Heard:
        """Refuse: this service sends no messages.

        Raises:
            Forged: Always.
        """
        raise Forged

    async def close(self, session_id: SessionId) -> None:
        """Nothing is open here that could be closed."""

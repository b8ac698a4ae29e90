"""Video by a fixed address: each session has a room of its own at a service that needs no account.

This service cannot say who is in a room. Pressing the join button is what is known.
"""

from dataclasses import dataclass
from hashlib import sha256

from vioP.domain.ids import SeatId


@dataclass(frozen=True, slots=True)
class StaticRooms:
    """Rooms whose address is a pattern with ``{room}`` in it.

    Attributes:
        pattern: Where rooms are, such as ``https://meet.example/{room}``.
        key: Makes room names nobody can guess; they say nothing about the session.
    """

    pattern: str
    key: bytes

    async def door(self, session_key: str, seat_id: SeatId) -> str:
        """The address of the session's room, the same for everybody in it."""
        room = sha256(self.key + b"room:" + session_key.encode()).hexdigest()[:24]
        return self.pattern.format(room=room)

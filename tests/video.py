"""A video service that stays in memory: for what lies across a network and cannot be here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from vioP.domain.errors import Forged, Unavailable
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest, Heard, Proof, Seen, Sighting
from vioP.domain.time import Instant
from vioP.video.names import room_name


@dataclass
class RoomsInMemory:
    """Rooms of a service that knows who is inside; it can be shut, and it can lose its memory."""

    name: str = "memory"
    proves: frozenset[Proof] = frozenset(Proof)
    is_ours: bool = False
    looks: bool = True
    puts_out: bool = True
    is_shut: bool = False
    is_silent: bool = False
    says: Sighting | None = None
    stumbles: int = 0
    hangs: Callable[[], None] = lambda: None
    inside: dict[SessionId, list[Seen]] = field(default_factory=dict)
    put_out: list[str] = field(default_factory=list)

    async def ensure(self, session_id: SessionId) -> str:
        self._answer()
        self.inside.setdefault(session_id, [])
        return room_name(b"memory", session_id)

    async def door(self, session_id: SessionId, guest: Guest) -> str:
        self._answer()
        return f"https://{self.name}.test/{room_name(b'memory', session_id)}"

    async def revoke(self, session_id: SessionId, guest_id: str) -> None:
        self._answer()
        self.put_out.append(guest_id)
        there = self.inside.get(session_id, [])
        self.inside[session_id] = [each for each in there if each.guest_id != guest_id]

    async def present(self, session_id: SessionId) -> Sequence[Seen] | None:
        if self.is_shut or self.is_silent:
            return None
        return tuple(self.inside.get(session_id, ()))

    async def verify(self, headers: Mapping[str, str], raw: bytes, now: Instant) -> Heard:
        if self.says is None:
            raise Forged
        return Heard((self.says,))

    async def close(self, session_id: SessionId) -> None:
        self._answer()
        self.inside.pop(session_id, None)

    def _answer(self) -> None:
        self.stumbles -= 1
        self.hangs()
        if self.is_shut or self.stumbles >= 0:
            raise Unavailable

"""A LiveKit server that knows who is inside, and tells: late, twice, in any order, or never.

The program's own adapter speaks to it: its tokens are made and checked as ever. Only the
network between them is played.
"""

import asyncio
import base64
import hashlib
import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from vioP.domain.errors import Unavailable
from vioP.simulation.life import Life, outside
from vioP.simulation.truth import Trouble
from vioP.simulation.world import MINUTE, World
from vioP.video.jwt import signed
from vioP.video.livekit import LiveKitChoices, LiveKitRooms

KEY, SECRET = "simulation", b"a secret between the video service and us"
CHOICES = LiveKitChoices(
    "wss://rooms.example", KEY, SECRET, "https://rooms.example/?{url}{token}"
)
_TWICE, _NEVER, _MUCH_LATER = 0.15, 0.04, 0.05
_AGAIN = (5.0, 30.0, 2 * MINUTE, 10 * MINUTE)
_KEPT = 204

# Brings a message to the service: body and headers go there, a status comes back; 0 is no answer.
Bring = Callable[[bytes, Mapping[str, str]], Coroutine[Any, Any, int]]


@dataclass(slots=True)
class RoomServer:
    """The server.

    Attributes:
        inside: Who is in each room: connections by guest.
    """

    world: World
    bring: Bring
    inside: dict[str, dict[str, str]] = field(default_factory=dict)
    _events: int = 0

    def enter(self, room: str, guest: str) -> str:
        """Somebody's device connects, and sends picture and sound."""
        self._events += 1
        connection = f"PA_{self._events}"
        self.inside.setdefault(room, {})[guest] = connection
        self._tell("participant_joined", room, guest, connection)
        return connection

    def leave(self, room: str, guest: str) -> None:
        """It is gone."""
        connection = self.inside.get(room, {}).pop(guest, None)
        if connection is not None:
            self._tell("participant_left", room, guest, connection)

    def forge(self, room: str, guest: str) -> None:
        """Somebody else says that a guest came in."""
        raw, headers = self._message("participant_joined", room, guest, "PA_forged")
        token = headers["Authorization"]
        other = "A" if token[-5] != "A" else "B"
        outside(self.bring(raw, {"Authorization": token[:-5] + other + token[-4:]}))
        self.world.truth.counts["forged"] += 1

    def ask(self, what: str, wish: Mapping[str, object]) -> dict[str, Any]:
        """Answer a request of the program's."""
        if what != "ListParticipants":
            return {}
        there = self.inside.get(str(wish["room"]), {})
        track = [{"type": "VIDEO"}]
        return {
            "participants": [
                {"identity": guest, "sid": sid, "state": "ACTIVE", "tracks": track}
                for guest, sid in sorted(there.items())
            ]
        }

    def _message(
        self, event: str, room: str, guest: str, connection: str
    ) -> tuple[bytes, dict[str, str]]:
        self._events += 1
        at = int(self.world.true_instant().timestamp())
        said = {
            "event": event,
            "id": f"EV_{self._events}",
            "createdAt": at,
            "room": {"name": room},
            "participant": {"identity": guest, "sid": connection},
        }
        raw = json.dumps(said).encode()
        digest = base64.b64encode(hashlib.sha256(raw).digest()).decode()
        claims = {"iss": KEY, "nbf": at, "exp": at + 3600, "sha256": digest}
        return raw, {"Authorization": f"Bearer {signed(claims, SECRET)}"}

    def _tell(self, event: str, room: str, guest: str, connection: str) -> None:
        raw, headers = self._message(event, room, guest, connection)
        fate = self.world.fate
        if fate.happens(_NEVER):
            self.world.truth.counts["untold"] += 1
            return
        for _ in range(2 if fate.happens(_TWICE) else 1):
            wait = fate.between(0.2, 6.0)
            if fate.happens(_MUCH_LATER):
                wait = fate.between(MINUTE, 10 * MINUTE)
            outside(self._bring(raw, headers, wait))

    async def _bring(self, raw: bytes, headers: Mapping[str, str], wait: float) -> None:
        said = json.loads(raw)
        for pause in (wait, *_AGAIN):
            await asyncio.sleep(pause)
            if await self.bring(raw, headers) == _KEPT:
                told = (said["id"], said["participant"]["identity"])
                self.world.truth.hooks.append(told)
                return


@dataclass(frozen=True, slots=True)
class RoomsTwin(LiveKitRooms):
    """The program's adapter, with this server at the other end of its wire."""

    server: RoomServer | None = None
    life: Life | None = None

    async def _ask(
        self, what: str, rights: Mapping[str, object], wish: Mapping[str, object]
    ) -> dict[str, Any]:
        assert self.server is not None  # noqa: S101 - given by whoever starts the process
        assert self.life is not None  # noqa: S101 - ditto
        world = self.server.world
        await self.life.takes(world.fate.between(0.02, 0.4))
        if world.has(Trouble.ROOM):
            await self.life.takes(5.0)
            raise Unavailable
        return self.server.ask(what, wish)

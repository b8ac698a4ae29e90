"""Rooms in our own Janus, as a video service among others.

A session has one room under one name in two parts of Janus: pictures are passed on in the
one, sound is mixed in the other, where telephones take part too.
"""

import asyncio
from collections.abc import Mapping, Sequence

import aiohttp

from vioP.domain.attendance import Leg
from vioP.domain.errors import Forged
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest, Heard, Proof, Seen
from vioP.domain.time import Instant
from vioP.video.janus.process import JanusAddress, JanusProcess
from vioP.video.janus.switchboard import Switchboard
from vioP.video.janus.talk import PLUGINS, Refused, Talk
from vioP.video.names import room_name

PUT_OUT = 4003
CLOSED = 4004
_EXISTS = {427, 486}
_MISSING = {426, 485}
_SETTLED_AFTER = 20.0
_WISHES: dict[Leg, dict[str, object]] = {
    Leg.VIDEO: {
        "publishers": 24,
        "bitrate": 350_000,
        "videocodec": "vp8",
        "notify_joining": True,
        "lock_record": True,
    },
    # Half a second of speech makes a speaker. The rate is that of good speech: twice a
    # telephone's, which is doubled to fit.
    Leg.AUDIO: {
        "sampling_rate": 16_000,
        "audiolevel_event": True,
        "audio_active_packets": 25,
        "audio_level_average": 40,
        "allow_rtp_participants": True,
    },
}


class JanusRooms:
    """Rooms in a Janus that only the gateway talks to.

    The gateway sets every identity and holds every connection, so what it sees is proven.
    Rooms live in Janus's memory: after Janus was started again they are made again, by the
    first who comes back.
    """

    name = "janus"
    proves = frozenset(Proof)
    is_ours = True
    looks = True
    puts_out = True

    def __init__(
        self, process: JanusProcess, http: aiohttp.ClientSession, key: bytes
    ) -> None:
        self.process = process
        self.http = http
        self.switchboard = Switchboard()
        self._key = key
        self._made: set[tuple[int, str]] = set()

    async def ensure(self, session_id: SessionId) -> str:
        """Make a session's room unless the running Janus has it.

        Raises:
            Unavailable: Janus is down, or did not answer in time.
        """
        room = room_name(self._key, session_id)
        address = await self.process.wait()
        if (address.turn, room) not in self._made:
            await self._make(address, room)
            self._made = {each for each in self._made if each[0] == address.turn}
            self._made.add((address.turn, room))
        return room

    async def door(self, session_id: SessionId, guest: Guest) -> str:
        """Nothing: the room is a page of ours."""
        return ""

    async def revoke(self, session_id: SessionId, guest_id: str) -> None:
        """Put a guest out at once, on whatever device."""
        for line in self.switchboard.lines(session_id):
            if line.guest.id == guest_id:
                await line.hang_up(PUT_OUT)

    async def present(self, session_id: SessionId) -> Sequence[Seen] | None:
        """Who is connected now; nothing while browsers may still be finding their way back."""
        address = self.process.address
        now = asyncio.get_running_loop().time()
        if address is None or now - address.since < _SETTLED_AFTER:
            return None
        return [each.seen for each in self.switchboard.lines(session_id)]

    async def verify(self, headers: Mapping[str, str], raw: bytes, now: Instant) -> Heard:
        """Refuse: what this Janus sees, the gateway has seen.

        Raises:
            Forged: Always.
        """
        raise Forged

    async def close(self, session_id: SessionId) -> None:
        """End a room for everybody."""
        for line in self.switchboard.lines(session_id):
            await line.hang_up(CLOSED)
        room = room_name(self._key, session_id)
        address = await self.process.wait()
        for leg in PLUGINS:
            async with Talk.open(self.http, address, leg) as talk:
                try:
                    await talk.ask(request="destroy", room=room, secret=address.secret)
                except Refused as refused:
                    if refused.number not in _MISSING:
                        raise
        self._made.discard((address.turn, room))

    async def _make(self, address: JanusAddress, room: str) -> None:
        for leg, wish in _WISHES.items():
            async with Talk.open(self.http, address, leg) as talk:
                try:
                    await talk.ask(
                        request="create",
                        room=room,
                        admin_key=address.secret,
                        secret=address.secret,
                        is_private=True,
                        record=False,
                        **wish,
                    )
                except Refused as refused:
                    if refused.number not in _EXISTS:
                        raise

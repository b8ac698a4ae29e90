"""A telephone's place in a room: it is mixed with the browsers, and shown among them.

Whoever carries the call sends its sound here as plain RTP, G.711 mu-law, and is sent the mix.
Janus may die and come back during a call; the address a call sends to stays the same.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import structlog

from vioP.beside import beside
from vioP.domain.attendance import Leg
from vioP.domain.errors import Unavailable
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest, RtpAddress
from vioP.video.janus.phone_relay import PhoneRelay
from vioP.video.janus.process import PROTOCOL
from vioP.video.janus.rooms import JanusRooms
from vioP.video.janus.switchboard import Line
from vioP.video.janus.talk import Refused, Talk

log = structlog.get_logger()

_SEATED_WITHIN = 10.0
_PAUSE = 0.3


@dataclass(frozen=True, slots=True)
class PhoneSeat:
    """A telephone's place in a room.

    Attributes:
        sends_to: Where the call sends its packets.
        connection: What evidence and the other people's pages call it.
        over: Set when the call must end: the room was closed, or its person put out of it.
    """

    sends_to: RtpAddress
    connection: str
    over: asyncio.Event


@asynccontextmanager
async def phone_seat(
    rooms: JanusRooms,
    session_id: SessionId,
    guest: Guest,
    hears_at: RtpAddress,
    *,
    waits: bool = False,
) -> AsyncIterator[PhoneSeat]:
    """A place in a session's room for as long as the block lasts.

    Args:
        rooms: The rooms of this process.
        session_id: Whose room.
        guest: Who is on the phone; everybody reads their name and that they are.
        hears_at: Where the mix is sent to: plain RTP, mu-law, 20 ms a packet. The call must
            send from there too; packets from anywhere else are dropped.
        waits: Whether a host lets them in first. Until then this does not return; whoever
            hangs up meanwhile cancels it.

    Raises:
        Unavailable: Janus does not run, or did not answer in time.
    """
    over = asyncio.Event()

    async def hang_up(_code: int) -> None:
        over.set()

    line = Line(
        session_id, replace(guest, name=f"{guest.name}, on the phone"),
        f"con_{secrets.token_hex(13)}", "", _say_nothing, hang_up, is_phone=True,
    )  # fmt: skip
    line.taken_over.set()
    async with (
        PhoneRelay.open(hears_at) as relay,
        _on_the_line(rooms, line, waits=waits),
    ):
        call = _Call(rooms, line, relay)
        async with beside(call.stay()):
            await call.begun()
            yield PhoneSeat(relay.address, line.connection, over)


@asynccontextmanager
async def _on_the_line(
    rooms: JanusRooms, line: Line, *, waits: bool
) -> AsyncIterator[None]:
    """Have a telephone on the switchboard, admitted, in place of an earlier one."""
    switchboard = rooms.switchboard
    for each in switchboard.phones(line):
        await each.hang_up(0)
    line.stays = bool(switchboard.others(line))
    switchboard.add(line)
    try:
        if waits:
            await switchboard.tell_hosts(line.session_id)
            await line.admitted.wait()
        line.admitted.set()
        yield
    finally:
        switchboard.drop(line)
        await switchboard.tell_others(line, line.gone)
        await switchboard.tell_hosts(line.session_id)


class _Call:
    """One telephone in Janus, again and again as long as it stays."""

    def __init__(self, rooms: JanusRooms, line: Line, relay: PhoneRelay) -> None:
        self._rooms = rooms
        self._line = line
        self._relay = relay
        self._seated = asyncio.Event()

    async def begun(self) -> None:
        """Return as soon as it is in the mix.

        Raises:
            Unavailable: It is not within ten seconds.
        """
        try:
            async with asyncio.timeout(_SEATED_WITHIN):
                await self._seated.wait()
        except TimeoutError as error:
            raise Unavailable("The room did not answer. Try again.") from error

    async def stay(self) -> None:
        """Be in the mix; whenever Janus is gone, be in it again once it is back."""
        while True:
            try:
                await self._be_inside()
            except (Unavailable, aiohttp.ClientError, OSError) as error:
                log.warning(
                    "room.phone_waits", session_id=self._line.session_id, exc_info=error
                )
            finally:
                self._relay.mixer = None
                self._line.legs.clear()
            await asyncio.sleep(_PAUSE)

    async def _be_inside(self) -> None:
        rooms, line = self._rooms, self._line
        room = await rooms.ensure(line.session_id)
        address = await rooms.process.wait()
        async with rooms.http.ws_connect(address.url, protocols=(PROTOCOL,)) as socket:
            talk = Talk(socket, address.secret)
            await talk.begin()
            await talk.attach(Leg.AUDIO)
            self._relay.mixer = await self._join(talk, room)
            line.legs.add(Leg.PHONE)
            await rooms.switchboard.show(line)
            self._seated.set()
            async with beside(talk.stay_alive()), beside(self._tell_speech()):
                async for _ in socket:
                    pass

    async def _tell_speech(self) -> None:
        """Show everybody when its person begins and stops to speak."""
        relay, line = self._relay, self._line
        while True:
            await relay.changed.wait()
            relay.changed.clear()
            line.speaks = relay.speech.is_heard
            await self._rooms.switchboard.tell_others(line, line.speech)

    async def _join(self, talk: Talk, room: str) -> RtpAddress:
        """Join the mix; answers where Janus listens for this telephone."""
        joined: dict[str, Any] = await talk.ask(
            request="join",
            room=room,
            id=self._line.connection,
            display=self._line.guest.name,
            codec="pcmu",
            rtp={"ip": self._relay.address.host, "port": self._relay.address.port},
        )
        if "rtp" not in joined:
            raise Refused(0)
        return RtpAddress(str(joined["rtp"]["ip"]), int(joined["rtp"]["port"]))


async def _say_nothing(_message: object) -> None:
    """A telephone is told nothing: it shows no page."""

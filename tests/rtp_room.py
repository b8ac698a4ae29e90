"""A room that is a plain RTP peer: it hums one tone, and keeps what it hears."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.sip_phone import tone
from vioP.domain.errors import Unavailable
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest, RtpAddress
from vioP.phone.sip.rtp import FRAME_BYTES, RtpLeg

HUM = 440


@dataclass
class RtpSeat:
    """A telephone's place in it."""

    sends_to: RtpAddress
    connection: str
    over: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class RtpRoom:
    """Stands for rooms of our own.

    Attributes:
        is_down: Whether it does not answer.
        admits: Set once whoever waits is let in.
        guests: Who sits in it now, by connection.
        heard: What it heard, as linear samples.
    """

    is_down: bool = False
    admits: asyncio.Event = field(default_factory=asyncio.Event)
    waited: list[str] = field(default_factory=list)
    guests: dict[str, tuple[SessionId, Guest]] = field(default_factory=dict)
    seats: list[RtpSeat] = field(default_factory=list)
    heard: bytearray = field(default_factory=bytearray)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @asynccontextmanager
    async def __call__(
        self, session_id: SessionId, guest: Guest, hears_at: RtpAddress, *, waits: bool
    ) -> AsyncIterator[RtpSeat]:
        if self.is_down:
            raise Unavailable
        if waits:
            self.waited.append(guest.id)
            await self._tell()
            await self.admits.wait()
        leg = await RtpLeg.open(self.heard.extend)
        leg.peer = hears_at.host, hears_at.port
        seat = RtpSeat(RtpAddress(*leg.address), f"con_{len(self.seats)}")
        self.seats.append(seat)
        self.guests[seat.connection] = session_id, guest
        await self._tell()
        humming = asyncio.create_task(_hum(leg))
        try:
            yield seat
        finally:
            humming.cancel()
            del self.guests[seat.connection]
            leg.close()
            await self._tell()

    async def until_seated(self, count: int = 1, within: float = 10.0) -> None:
        """Wait until so many sit in it."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(lambda: len(self.guests) == count)

    async def until_somebody_waits(self, within: float = 10.0) -> None:
        """Wait until somebody waits to be let in."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(lambda: self.waited)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


async def _hum(leg: RtpLeg) -> None:
    loop = asyncio.get_running_loop()
    pcm, due = tone(HUM), loop.time()
    while True:
        for at in range(0, len(pcm), FRAME_BYTES):
            leg.send(pcm[at : at + FRAME_BYTES])
            due += 0.02
            await asyncio.sleep(max(0.0, due - loop.time()))

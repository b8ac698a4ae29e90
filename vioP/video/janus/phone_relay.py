"""Between a telephone and the mixer: what each sends reaches the other, and nothing else does.

The mixer takes packets from one address only, and has another port each time it starts; a
call must notice neither.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from vioP.domain.room import RtpAddress
from vioP.video.janus.speech import Speech

_LOOPBACK = "127.0.0.1"


class PhoneRelay(asyncio.DatagramProtocol):
    """One port that a telephone and the mixer both talk to.

    Attributes:
        address: Where that port is.
        port: What is sent by; nothing before it is open.
        mixer: Where the mixer listens for this telephone; nothing while there is none.
        speech: Whether its person speaks.
        changed: Set when that has changed.
    """

    def __init__(self, phone: RtpAddress) -> None:
        self.address = RtpAddress(_LOOPBACK, 0)
        self.mixer: RtpAddress | None = None
        self.speech = Speech()
        self.changed = asyncio.Event()
        self._phone = phone
        self.port: asyncio.DatagramTransport | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, phone: RtpAddress) -> AsyncIterator[Self]:
        """A relay for one telephone, until the block ends."""
        loop = asyncio.get_running_loop()
        port, relay = await loop.create_datagram_endpoint(
            lambda: cls(phone), local_addr=(_LOOPBACK, 0)
        )
        relay.address = RtpAddress(*port.get_extra_info("sockname"))
        relay.port = port
        try:
            yield relay
        finally:
            port.close()

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        """Pass a packet on, and listen whether somebody speaks. Strangers' are dropped."""
        came_from = RtpAddress(*addr)
        if self.port is None or self.mixer is None:
            return
        if came_from == self.mixer:
            self.port.sendto(data, (self._phone.host, self._phone.port))
        elif came_from == self._phone:
            self.port.sendto(data, (self.mixer.host, self.mixer.port))
            if self.speech.hear(data):
                self.changed.set()

"""A telephone of a test's own: it speaks one tone by RTP, and says which tones it hears.

Source: RFC 3550 section 5.1 and ITU-T G.711, mu-law.
"""

import asyncio
import math
import struct
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from vioP.beside import beside
from vioP.domain.room import RtpAddress

RATE, PACKET = 8000, 160
SECOND = RATE // PACKET


class Phone(asyncio.DatagramProtocol):
    """Half a second of what it hears is remembered."""

    def __init__(self, tone: float) -> None:
        self.tone = tone
        self.volume = 8000
        self.speaks_to: RtpAddress | None = None
        self.packets = 0
        self.heard: deque[bytes] = deque(maxlen=SECOND // 2)
        self.transport: asyncio.DatagramTransport | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, tone: float) -> AsyncIterator["Phone"]:
        """A telephone on the loopback interface, until the block ends."""
        loop = asyncio.get_running_loop()
        phone = cls(tone)
        transport, _ = await loop.create_datagram_endpoint(
            lambda: phone, local_addr=("127.0.0.1", 0)
        )
        phone.transport = transport
        try:
            async with beside(phone._speak()):
                yield phone
        finally:
            transport.close()

    @property
    def hears_at(self) -> RtpAddress:
        """Where it is sent to."""
        assert self.transport is not None
        return RtpAddress(*self.transport.get_extra_info("sockname"))

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """Hear a packet."""
        self.packets += 1
        self.heard.append(data[12 + 4 * (data[0] & 0x0F) :])

    @property
    def level(self) -> float:
        """How loud what was heard last is: 0 is silence, 1 as loud as can be."""
        samples = self._samples(SECOND // 2)
        return (
            math.sqrt(sum(each * each for each in samples) / max(1, len(samples))) / 32768
        )

    def loudness(self, tone: float, packets: int = SECOND // 2) -> float:
        """How much of what was heard last is one tone: 0 is none of it, 1 is all of it."""
        samples = self._samples(packets)
        power = sum(each * each for each in samples)
        if not power:
            return 0.0
        turn = 2 * math.pi * tone / RATE
        real = sum(each * math.cos(turn * n) for n, each in enumerate(samples))
        imaginary = sum(each * math.sin(turn * n) for n, each in enumerate(samples))
        return 2 * (real**2 + imaginary**2) / (len(samples) * power)

    def _samples(self, packets: int) -> list[float]:
        return [_sound(code) for packet in [*self.heard][-packets:] for code in packet]

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        turn = 2 * math.pi * self.tone / RATE
        at, begun = 0, loop.time()
        while True:
            wave = (self.volume * math.sin(turn * (at * PACKET + n)) for n in range(PACKET))
            head = struct.pack("!BBHII", 0x80, 0, at & 0xFFFF, at * PACKET, 7)
            if self.transport is not None and self.speaks_to is not None:
                there = (self.speaks_to.host, self.speaks_to.port)
                self.transport.sendto(head + bytes(map(_code, wave)), there)
            at += 1
            await asyncio.sleep(max(0, begun + at / SECOND - loop.time()))


def _code(sample: float) -> int:
    """A sample of sixteen bits in mu-law."""
    size = min(int(abs(sample)) >> 2, 8158) + 33
    step = size.bit_length() - 6
    sign = 0x80 if sample < 0 else 0
    return ~(sign | step << 4 | (size >> step + 1) & 0x0F) & 0xFF


def _sound(code: int) -> float:
    """A sample of mu-law in sixteen bits."""
    bits = ~code & 0xFF
    size = ((2 * (bits & 0x0F) + 33 << (bits >> 4 & 7)) - 33) << 2
    return float(-size if bits & 0x80 else size)

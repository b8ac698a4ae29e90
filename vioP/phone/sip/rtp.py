"""Sound between a call and a room: 20 ms of mu-law a packet, over the loopback interface.

Sources: RFC 3550 (the packet), RFC 3551 section 6 (payload type 0), ITU-T G.711 (mu-law).
"""

import asyncio
import secrets
import struct
from array import array
from collections.abc import Callable
from typing import Self

RATE = 8000
FRAME = 160  # samples: 20 ms
FRAME_BYTES = FRAME * 2
FRAME_SECONDS = FRAME / RATE
SILENCE = bytes(FRAME_BYTES)
_HEADER = struct.Struct("!BBHII")
_VERSION = 0x80
_PCMU = 0
_MARKER = 0x80
_BIAS = 132
_CLIP = 32635
_EXTENSION = 0x10
_PADDING = 0x20


def _to_mu_law(sample: int) -> int:
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), _CLIP) + _BIAS
    exponent = magnitude.bit_length() - 8
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    return ~(sign | (exponent << 4) | mantissa) & 0xFF


def _from_mu_law(code: int) -> int:
    code = ~code & 0xFF
    magnitude = (((code & 0x0F) << 3) + _BIAS) << ((code >> 4) & 0x07)
    return _BIAS - magnitude if code & 0x80 else magnitude - _BIAS


# Whole tables, because both are looked up for every sample of every call.
_SIGNED = array("h", array("H", range(1 << 16)).tobytes())
_ENCODED = bytes(map(_to_mu_law, _SIGNED))
_DECODED = [_from_mu_law(code) & 0xFFFF for code in range(256)]
_LOW = bytes(each & 0xFF for each in _DECODED)
_HIGH = bytes(each >> 8 for each in _DECODED)


def encode(pcm: bytes) -> bytes:
    """Linear samples, 16 bit little-endian, as mu-law."""
    return bytes(map(_ENCODED.__getitem__, array("H", pcm)))


def decode(payload: bytes) -> bytes:
    """Mu-law as linear samples, 16 bit little-endian."""
    pcm = bytearray(2 * len(payload))
    pcm[0::2] = payload.translate(_LOW)
    pcm[1::2] = payload.translate(_HIGH)
    return bytes(pcm)


def payload_of(packet: bytes) -> bytes | None:
    """The mu-law in an RTP packet, or nothing when it is none."""
    if len(packet) < _HEADER.size or packet[0] & 0xC0 != _VERSION:
        return None
    if packet[1] & 0x7F != _PCMU:
        return None
    start = _HEADER.size + 4 * (packet[0] & 0x0F)
    if packet[0] & _EXTENSION:
        if len(packet) < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(packet[start + 2 : start + 4], "big")
    end = len(packet) - (packet[-1] if packet[0] & _PADDING else 0)
    return packet[start:end]


class RtpLeg(asyncio.DatagramProtocol):
    """One leg: a socket of its own, open before anybody knows where the other end is.

    Attributes:
        address: Where it is heard at.
        peer: Where it sends to, once that is known.
    """

    def __init__(self, heard: Callable[[bytes], None]) -> None:
        self._heard = heard
        self._transport: asyncio.DatagramTransport | None = None
        self._source = secrets.randbits(32)
        self._number = secrets.randbits(16)
        self._time = secrets.randbits(32)
        self._first = True
        self.address = ("", 0)
        self.peer: tuple[str, int] | None = None

    @classmethod
    async def open(cls, heard: Callable[[bytes], None], host: str = "127.0.0.1") -> Self:
        """Open a leg on loopback.

        Args:
            heard: Given what arrives, as linear samples.
            host: The address it listens on.
        """
        loop = asyncio.get_running_loop()
        leg = cls(heard)
        leg._transport, _ = await loop.create_datagram_endpoint(
            lambda: leg, local_addr=(host, 0)
        )
        at, port = leg._transport.get_extra_info("sockname")[:2]
        leg.address = str(at), int(port)
        return leg

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Pass on what comes from the other end's machine: it sends from ports of its own."""
        if self.peer is None or addr[0] != self.peer[0]:
            return
        payload = payload_of(data)
        if payload:
            self._heard(decode(payload))

    def send(self, pcm: bytes) -> None:
        """Send a frame of linear samples; nothing while the other end is unknown."""
        if self.peer is None or self._transport is None or self._transport.is_closing():
            return
        marker = _MARKER if self._first else 0
        self._first = False
        header = _HEADER.pack(
            _VERSION, marker | _PCMU, self._number, self._time, self._source
        )
        self._number = (self._number + 1) & 0xFFFF
        self._time = (self._time + len(pcm) // 2) & 0xFFFFFFFF
        self._transport.sendto(header + encode(pcm), self.peer)

    def close(self) -> None:
        """Close the socket."""
        if self._transport is not None:
            self._transport.close()

"""Whether somebody speaks by telephone: Janus tells that of browsers only.

Source: RFC 3550 section 5.1 for the header, RFC 6464 for how loudness is counted, and ITU-T
G.711 for the samples.
"""

import math
from dataclasses import dataclass

SPEECH = 40  # decibels below the loudest there is; what is louder is speech
PACKETS = 25  # half a second is listened to at a time
_HEADER = 12
_LOUDEST = 8159.0  # the largest of G.711's values, by which its levels are measured
_SILENT = 127


def _squared(code: int) -> float:
    """The power of one sample of G.711's mu-law."""
    bits = ~code & 0xFF
    step, place = bits >> 4 & 0x07, bits & 0x0F
    return float(((2 * place + 33 << step) - 33) ** 2)


_POWER = tuple(_squared(code) for code in range(256))


def level(payload: bytes) -> int:
    """How loud samples are, in decibels below the loudest there is; 127 is silence."""
    power = sum(map(_POWER.__getitem__, payload)) / len(payload) if payload else 0.0
    if power == 0:
        return _SILENT
    return min(_SILENT, max(0, round(-10 * math.log10(power / _LOUDEST**2))))


@dataclass(slots=True)
class Speech:
    """Whether a telephone is spoken into, as of the last half second."""

    is_heard: bool = False
    _packets: int = 0
    _levels: int = 0

    def hear(self, packet: bytes) -> bool:
        """Listen to a packet; answers whether that changed anything."""
        self._packets += 1
        self._levels += level(packet[_HEADER + 4 * (packet[0] & 0x0F) :] if packet else b"")
        if self._packets < PACKETS:
            return False
        before, self.is_heard = self.is_heard, self._levels < SPEECH * PACKETS
        self._packets = self._levels = 0
        return before is not self.is_heard

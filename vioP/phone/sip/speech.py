"""What is played into a call: a sound at a time, which a key or another sound interrupts."""

import asyncio
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from vioP.phone.sip.rtp import FRAME_BYTES, FRAME_SECONDS, RATE, SILENCE

_AHEAD = 0.06  # seconds of sound given away before they are due
_LOOKS = 100  # two seconds until sound can be sent


class Mouth(Protocol):
    """Where sound goes."""

    @property
    def is_heard(self) -> bool:
        """Whether sound can be sent by now."""
        ...

    def speak(self, pcm: bytes) -> None:
        """Send linear samples."""
        ...

    def hush(self) -> None:
        """Take back what was not sent yet."""
        ...


def read_sound(file: Path) -> bytes:
    """The linear samples of a WAV file.

    Raises:
        ValueError: It is none of 8 kHz, 16 bit, one channel.
    """
    try:
        with wave.open(str(file), "rb") as sound:
            shape = sound.getnchannels(), sound.getsampwidth(), sound.getframerate()
            pcm = sound.readframes(sound.getnframes())
    except (wave.Error, EOFError) as error:
        raise ValueError(f"{file.name} is no WAV file") from error
    if shape != (1, 2, RATE):
        raise ValueError(f"{file.name} is not a WAV of 8 kHz, 16 bit, one channel")
    return pcm


async def play(mouth: Mouth, pcm: bytes) -> None:
    """Send a sound in time; ends when its last frame has been given away and heard.

    Cancelled, it takes back what was not sent yet.
    """
    loop = asyncio.get_running_loop()
    for _ in range(_LOOKS):
        if mouth.is_heard:
            break
        await asyncio.sleep(FRAME_SECONDS)
    begun = loop.time()
    try:
        for number, at in enumerate(range(0, len(pcm), FRAME_BYTES)):
            mouth.speak(pcm[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\0"))
            due = begun + number * FRAME_SECONDS - _AHEAD
            if due > loop.time():
                await asyncio.sleep(due - loop.time())
        await asyncio.sleep(_AHEAD + FRAME_SECONDS)
    except asyncio.CancelledError:
        mouth.hush()
        raise


class Frames:
    """What was heard, cut into frames; what comes too fast is dropped, not delayed."""

    def __init__(self, listen: Callable[[], bytes]) -> None:
        self._listen = listen
        self._kept = bytearray()

    def next(self) -> bytes:
        """The next frame; silence when there is none yet."""
        self._kept += self._listen()
        del self._kept[: max(0, len(self._kept) - 4 * FRAME_BYTES)]
        if len(self._kept) < FRAME_BYTES:
            return SILENCE
        frame = bytes(self._kept[:FRAME_BYTES])
        del self._kept[:FRAME_BYTES]
        return frame

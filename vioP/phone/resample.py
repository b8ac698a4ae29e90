"""From the rate a voice is made at to a telephone's 8 kHz, without the tones that do not fit.

Source: J. O. Smith, "Digital Audio Resampling", the windowed sinc.
"""

import math
import wave
from array import array
from io import BytesIO
from operator import mul

RATE = 8000
_LOBES = 12
_KEEPS = 0.92  # of what a telephone can carry
_LOUDEST = 32767


def telephone_wav(made: bytes) -> bytes:
    """A WAV of 16 bit and one channel at 8 kHz.

    Raises:
        ValueError: It is no such WAV.
    """
    try:
        with wave.open(BytesIO(made), "rb") as sound:
            shape = sound.getnchannels(), sound.getsampwidth()
            rate = sound.getframerate()
            # A voice that speaks into a pipe does not know how long it will be.
            frames = sound.readframes(min(sound.getnframes(), len(made)))
    except (wave.Error, EOFError) as error:
        raise ValueError("it is no WAV file") from error
    if shape != (1, 2):
        raise ValueError("it has not one channel of 16 bit")
    pcm = _resample(array("h", frames[: len(frames) // 2 * 2]), rate)
    written = BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(pcm.tobytes())
    return written.getvalue()


def _resample(samples: "array[int]", rate: int) -> "array[int]":
    if rate == RATE:
        return samples
    step = math.gcd(rate, RATE)
    up, down = RATE // step, rate // step
    cut = min(1.0, RATE / rate) * _KEEPS
    half = math.ceil(_LOBES / cut)
    filters = [_filter(phase / up, cut, half) for phase in range(up)]
    padded = array("h", [0] * half) + samples + array("h", [0] * (half + 1))
    made = array("h")
    for number in range(len(samples) * up // down):
        at, phase = divmod(number * down, up)
        value = sum(map(mul, filters[phase], padded[at + 1 : at + 1 + 2 * half]))
        made.append(max(-_LOUDEST, min(_LOUDEST, round(value))))
    return made


def _filter(offset: float, cut: float, half: int) -> list[float]:
    """The weights of the samples around a point between two of them."""
    weights = []
    for number in range(1 - half, half + 1):
        at = number - offset
        sinc = cut if at == 0 else math.sin(math.pi * cut * at) / (math.pi * at)
        weights.append(sinc * (0.5 + 0.5 * math.cos(math.pi * at / half)))
    total = sum(weights)
    return [each / total for each in weights]

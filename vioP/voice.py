"""A voice that says digits: made by eSpeak NG where it is installed, and kept.

Where it is not, pages let the browser speak, or beep.
"""

import asyncio
import io
import shutil
import wave
from dataclasses import dataclass
from pathlib import Path

from vioP.domain.errors import Unavailable

_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
)  # fmt: skip
_PAUSE_S = 0.4
_WITHIN = 10.0


@dataclass(frozen=True, slots=True)
class Voice:
    """Says digits.

    Attributes:
        program: eSpeak NG.
        folder: Where what it said is kept.
    """

    program: str
    folder: Path

    @classmethod
    def found(cls, folder: Path) -> "Voice | None":
        """The voice of this machine, or nothing where it has none."""
        program = shutil.which("espeak-ng")
        return cls(program, folder) if program else None

    async def say(self, digits: str) -> bytes:
        """Digits with pauses between, as a WAV file.

        Raises:
            Unavailable: The voice does not work here.
        """
        files = [await self._file(int(each)) for each in digits]
        return await asyncio.to_thread(_joined, files)

    async def _file(self, digit: int) -> Path:
        """One digit, spoken once and kept. It appears whole or not at all."""
        kept = self.folder / f"{digit}.wav"
        if kept.exists():
            return kept
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f"{digit}.{id(asyncio.current_task())}.part"
        process = await asyncio.create_subprocess_exec(
            self.program, "-v", "en-us", "-s", "120", "-w", partial, _WORDS[digit],
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(_WITHIN):
                code = await process.wait()
        except TimeoutError:
            process.kill()
            code = await process.wait()
        if code != 0 or not partial.exists():
            raise Unavailable("The voice of this machine does not work (espeak-ng).")
        return partial.replace(kept)


def _joined(files: list[Path]) -> bytes:
    """Several WAV files of one voice as one, with a pause after each."""
    output = io.BytesIO()
    with wave.open(output, "wb") as joined:
        for number, file in enumerate(files):
            with wave.open(str(file), "rb") as part:
                if number == 0:
                    joined.setparams(part.getparams())
                joined.writeframes(part.readframes(part.getnframes()))
                silence = int(part.getframerate() * _PAUSE_S)
                joined.writeframes(bytes(silence * part.getsampwidth()))
    return output.getvalue()

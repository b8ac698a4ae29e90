"""Sounds: words as files a telephone plays, recorded by people or made by a voice.

A recording wins: ``<recordings>/<language>/<script>.wav``. Everything else is spoken by
espeak-ng, once; what it made is kept.
"""

import asyncio
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from vioP.domain.errors import Unavailable, WrongSettings
from vioP.folder import keep
from vioP.phone.resample import telephone_wav
from vioP.phone.scripts import Scripts, Spoken
from vioP.phone.sip.speech import read_sound

VOICE = "espeak-ng"
_WORDS_A_MINUTE = "165"
_MADE_WITHIN = 20.0


@dataclass(frozen=True, slots=True)
class Sounds:
    """Words as files.

    Attributes:
        folder: Where made sounds are kept.
        recordings: Where people's recordings lie; nothing when there are none.
    """

    scripts: Scripts
    folder: Path
    recordings: Path | None = None

    async def of(self, words: str, language: str) -> str:
        """A file in which English words are said in a language.

        Raises:
            Unavailable: They are not recorded, and no voice made them.
        """
        spoken = self.scripts.in_language(words, language)
        recorded = self._recorded(spoken.script, language)
        if recorded is not None:
            return str(recorded)
        name = sha256(f"{spoken.language}\0{spoken.words}".encode()).hexdigest()[:32]
        file = self.folder / f"{name}.wav"
        if not await asyncio.to_thread(file.exists):
            made = await _speak(spoken)
            sound = await asyncio.to_thread(telephone_wav, made)
            await asyncio.to_thread(keep, self.folder, file.name, sound)
        return str(file)

    def check(self) -> None:
        """Make sure that everything can be said.

        Raises:
            WrongSettings: Something is not recorded and there is no voice, or a recording
                cannot be played.
        """
        if self.recordings is not None:
            _check_recordings(self.recordings)
        if shutil.which(VOICE) is not None:
            return
        for language in self.scripts.languages:
            for script in self.scripts.english:
                if self._recorded(script, language) is None:
                    raise WrongSettings(
                        f"Nothing can say the script {script} ({language}). Install a voice "
                        f"(on Debian or Ubuntu: apt install {VOICE}), or put "
                        f"{language}/{script}.wav into phone.recordings."
                    )

    async def prepare(self) -> None:
        """Make everything that is ever said, so that nobody waits for it on the phone."""
        for words in self.scripts.english.values():
            for language in self.scripts.languages:
                await self.of(words, language)

    def _recorded(self, script: str, language: str) -> Path | None:
        if self.recordings is None or not script:
            return None
        for name in (language, language.partition("-")[0]):
            file = self.recordings / name / f"{script}.wav"
            if file.is_file():
                return file
        return None


def _check_recordings(folder: Path) -> None:
    if not folder.is_dir():
        raise WrongSettings(f"phone.recordings: there is no folder {folder}")
    for file in sorted(folder.glob("*/*.wav")):
        try:
            read_sound(file)
        except (ValueError, OSError) as error:
            raise WrongSettings(
                f"phone.recordings: {file} cannot be played ({error}). Make it with: "
                "sox IN.wav -r 8000 -c 1 -b 16 OUT.wav"
            ) from error


async def _speak(spoken: Spoken) -> bytes:
    """What the voice makes of words.

    Raises:
        Unavailable: It is not installed, or failed.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            VOICE, "-v", spoken.language, "-s", _WORDS_A_MINUTE, "-b", "1", "--stdin",
            "--stdout", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise Unavailable(f"The voice {VOICE} is not installed.") from error
    try:
        async with asyncio.timeout(_MADE_WITHIN):
            made, _ = await process.communicate(spoken.words.encode())
    except TimeoutError as error:
        process.kill()
        await process.wait()
        raise Unavailable(f"The voice {VOICE} did not answer.") from error
    if process.returncode != 0 or not made:
        raise Unavailable(f"The voice {VOICE} does not speak {spoken.language}.")
    return made

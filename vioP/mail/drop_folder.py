"""Mail from a folder: each ``.eml`` file is taken, then moved aside."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from vioP.domain.errors import Unavailable
from vioP.domain.reply import LARGEST_MAIL
from vioP.mail.inbound import BEGINNING, Reception

TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class DropFolder:
    """Reads a folder again and again. A file must appear whole: write it beside, then move it.

    Attributes:
        every: Seconds between two looks.
    """

    folder: Path
    every: float = 2.0
    name: str = "folder"

    async def run(self, reception: Reception) -> None:
        """Bring what lies in the folder, in order of name, until cancelled.

        Raises:
            Unavailable: The folder cannot be read or moved from, or a mail not be kept.
        """
        while True:
            for file in await asyncio.to_thread(self._waiting):
                raw = await asyncio.to_thread(_read, file)
                whole = len(raw) <= LARGEST_MAIL
                await reception.take(raw if whole else raw[:BEGINNING], whole=whole)
                await asyncio.to_thread(_move_aside, file)
            await asyncio.sleep(self.every)

    def _waiting(self) -> list[Path]:
        return sorted(self.folder.glob("[!.]*.eml"))


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_MAIL + 1)
    except OSError as error:
        raise Unavailable(f"{file} cannot be read ({error.strerror}).") from error


def _move_aside(file: Path) -> None:
    try:
        (file.parent / TAKEN).mkdir(exist_ok=True)
        file.replace(file.parent / TAKEN / file.name)
    except OSError as error:
        raise Unavailable(
            f"{file} cannot be moved into {TAKEN} ({error.strerror}). "
            "Make the folder writable for the user vioP runs as."
        ) from error

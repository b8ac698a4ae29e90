"""Mail into a folder: one ``.eml`` file per letter, the same file for the same letter."""

import asyncio
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

from vioP.domain.errors import Unavailable
from vioP.mail.compose import Letter


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A letter as somebody reads it later.

    Attributes:
        id: The name of its file.
        calendar: Its calendar part, or nothing.
    """

    id: str
    to: str
    subject: str
    date: str
    text: str
    html: str
    calendar: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FolderMail:
    """Keeps each letter as a file named after its message id."""

    folder: Path

    async def send(self, letter: Letter) -> str:
        """Keep a letter; keeping it again writes the same file.

        Raises:
            Unavailable: The folder cannot be written; make it writable and it goes out.
        """
        return await asyncio.to_thread(self._keep, letter)

    def _keep(self, letter: Letter) -> str:
        name = f"{sha256(letter.message_id.encode()).hexdigest()[:24]}.eml"
        beside = self.folder / f".{name}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                file.write(letter.raw)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.folder / name)
        except OSError as error:
            raise Unavailable(
                f"The mail folder {self.folder} cannot be written ({error.strerror}). "
                "Make it writable for the user vioP runs as."
            ) from error
        return name


def read_all(folder: Path) -> tuple[StoredMail, ...]:
    """Every letter in a folder, the oldest first."""
    mails = [_read(each) for each in folder.glob("*.eml")]
    return tuple(sorted(mails, key=lambda each: (each.at, each.id)))


def _read(file: Path) -> StoredMail:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    return StoredMail(
        id=file.name,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        date=str(message["Date"]),
        text=_part(message, "text/plain"),
        html=_part(message, "text/html"),
        calendar=_part(message, "text/calendar"),
        at=parsedate_to_datetime(str(message["Date"])).astimezone(UTC),
    )


def _part(message: EmailMessage, kind: str) -> str:
    for part in message.walk():
        if part.get_content_type() == kind:
            content = part.get_content()
            return content if isinstance(content, str) else content.decode()
    return ""

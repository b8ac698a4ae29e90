"""Mail into a folder: one ``.eml`` file per letter, the same file for the same letter."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

from vioP.folder import keep
from vioP.mail.compose import Letter
from vioP.mail.taken import Taken, nothing


@dataclass(frozen=True, slots=True)
class MailLine:
    """A letter as a list shows it.

    Attributes:
        id: The name of its file.
    """

    id: str
    to: str
    subject: str
    date: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A letter as somebody reads it later; a part it does not have is empty."""

    id: str
    to: str
    subject: str
    date: str
    text: str
    html: str
    calendar: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class FolderMail:
    """Keeps each letter as a file named after its message id."""

    folder: Path

    async def send(self, letter: Letter, taken: Taken = nothing) -> str:
        """Keep a letter; keeping it again writes the same file.

        Raises:
            Unavailable: The folder cannot be written; make it writable and it goes out.
        """
        name = f"{sha256(letter.message_id.encode()).hexdigest()[:24]}.eml"
        await asyncio.to_thread(keep, self.folder, name, letter.raw)
        await taken(name)
        return name


def list_mails(folder: Path) -> tuple[MailLine, ...]:
    """Every letter in a folder, the oldest first. Only headers are read."""
    lines = [_line(each) for each in folder.glob("[!.]*.eml")]
    return tuple(sorted(lines, key=lambda each: (each.at, each.id)))


def read_mail(folder: Path, mail_id: str) -> StoredMail | None:
    """One letter by the name of its file, or nothing when the folder has none of that name."""
    file = folder / mail_id
    if file.parent != folder or file.suffix != ".eml" or not file.is_file():
        return None
    raw = file.read_bytes()
    message = message_from_bytes(raw, policy=policy.default)
    return StoredMail(
        id=mail_id,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        date=str(message["Date"]),
        text=_part(message, "text/plain"),
        html=_part(message, "text/html"),
        calendar=_part(message, "text/calendar"),
        raw=raw,
    )


def _line(file: Path) -> MailLine:
    with file.open("rb") as opened:
        headers = BytesHeaderParser().parse(opened)
    subject = str(make_header(decode_header(headers["Subject"])))
    at = parsedate_to_datetime(headers["Date"]).astimezone(UTC)
    return MailLine(file.name, headers["To"], subject, headers["Date"], at)


def _part(message: EmailMessage, kind: str) -> str:
    for part in message.walk():
        if part.get_content_type() == kind:
            content = part.get_content()
            return content if isinstance(content, str) else content.decode()
    return ""

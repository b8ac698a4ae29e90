"""Letters: from facts to the bytes that leave, the same bytes every time.

Subjects are constant, text that people typed is cleaned, and there is one recipient. The
calendar part comes last, because the last alternative is the one a reader prefers.
Source: RFC 6047 (iMIP), RFC 3834 (automatic mail).
"""

from dataclasses import dataclass
from email import encoders
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2

from vioP.domain.invite import Invite, Method, Sender
from vioP.domain.text import clean_name, clean_text
from vioP.domain.time import Instant
from vioP.mail.words import day_words, zone_words

# Words stay readable in the raw source, for whoever has to look there.
_READABLE = Charset("utf-8")
_READABLE.body_encoding = QP


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, ready to leave.

    Attributes:
        to: The only recipient.
        raw: The whole message, with CRLF line ends.
        message_id: The same for the same letter, so that a second copy is known as one.
    """

    to: str
    raw: bytes
    message_id: str


@dataclass(frozen=True, slots=True)
class MailPage:
    """What a mail's templates may say."""

    sender: Sender
    name: str
    join_url: str = ""
    code: str = ""
    day: str = ""
    starts: str = ""
    ends: str = ""
    zone: str = ""
    moved_from: str = ""
    again: str = ""
    dial_in: str = ""
    pin: str = ""
    lines: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    feed_url: str = ""


class MailTemplates:
    """The three files of each kind of mail; what a clinic has rewritten comes first."""

    def __init__(self, folder: Path, wording: Path | None = None) -> None:
        self.wording = wording
        folders = [wording, folder] if wording else [folder]
        self._html = environment(*folders, autoescape=True)
        # Text is not HTML: escaping would put entities into people's mail.
        self._text = environment(*folders, autoescape=False)

    def subject(self, kind: str, page: MailPage) -> str:
        """The subject: one line, of our words only."""
        return clean_text(self._text.get_template(f"{kind}/subject.txt").render(page=page))

    def text(self, kind: str, page: MailPage) -> str:
        """The text part."""
        return self._text.get_template(f"{kind}/body.txt").render(page=page)

    def html(self, kind: str, page: MailPage) -> str:
        """The HTML part."""
        return self._html.get_template(f"{kind}/body.html").render(page=page)


def environment(*folders: Path, autoescape: bool) -> jinja2.Environment:
    """Templates from folders, the first that has one; a missing name fails loudly."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=autoescape,  # noqa: S701 - off for text parts, which are no HTML
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def compose_invite(
    invite: Invite, sender: Sender, calendar: bytes, mails: MailTemplates
) -> Letter:
    """The letter that carries a calendar message.

    Args:
        invite: What is told.
        sender: Who tells it.
        calendar: The invite as iCalendar.
        mails: The templates.
    """
    kind = _kind(invite)
    local = ZoneInfo(invite.zone)
    starts, ends = invite.starts.astimezone(local), invite.ends.astimezone(local)
    moved = [each.astimezone(local) for each in invite.moved_from or ()]
    page = MailPage(
        sender=sender,
        name=clean_name(invite.name),
        join_url=invite.join_url,
        day=day_words(starts),
        starts=f"{starts:%H:%M}",
        ends=f"{ends:%H:%M}",
        zone=zone_words(starts, invite.zone),
        moved_from=f"{day_words(moved[0])}, {moved[0]:%H:%M} to {moved[1]:%H:%M}"
        if moved
        else "",
        again="yes" if invite.is_again else "",
        dial_in=sender.dial_in,
        pin=f"{invite.pin[:3]} {invite.pin[3:]}".strip(),
    )
    message = _alternatives(kind, page, mails)
    message.attach(_calendar_part(calendar, invite.method))
    identity = f"{invite.uid}.{invite.sequence}.{invite.method.lower()}@{sender.domain}"
    _address(message, sender, invite.address, mails.subject(kind, page))
    return _sealed(message, invite.address, f"<{identity}>", invite.stamped)


def compose_note(
    kind: str,
    to: tuple[str, str],
    sender: Sender,
    key: str,
    at: Instant,
    mails: MailTemplates,
    **fields: Any,
) -> Letter:
    """A letter without a calendar part, such as ``nudge`` or ``code``.

    Args:
        kind: Which templates.
        to: The recipient's name and address.
        sender: Who writes.
        key: What the letter is, for its message id.
        at: Its date.
        mails: The templates.
        fields: More of what the templates say.
    """
    name, address = to
    page = MailPage(sender=sender, name=clean_name(name), **fields)
    message = _alternatives(kind, page, mails)
    _address(message, sender, address, mails.subject(kind, page))
    identity = f"{sha256(key.encode()).hexdigest()[:40]}.{kind}@{sender.domain}"
    return _sealed(message, address, f"<{identity}>", at)


def _kind(invite: Invite) -> str:
    if invite.method is Method.CANCEL:
        return "cancel"
    return "invite" if invite.is_first else "update"


def _alternatives(kind: str, page: MailPage, mails: MailTemplates) -> MIMEMultipart:
    boundary = f"=_{sha256(f'{kind}{page}'.encode()).hexdigest()[:32]}"
    message = MIMEMultipart("alternative", boundary=boundary)
    for text, subtype in (
        (mails.text(kind, page), "plain"),
        (mails.html(kind, page), "html"),
    ):
        part = MIMENonMultipart("text", subtype, charset="utf-8")
        part.set_payload(text, _READABLE)
        message.attach(part)
    return message


def _calendar_part(calendar: bytes, method: Method) -> Message:
    part = MIMEBase(
        "text", "calendar", charset="UTF-8", method=method.value, component="VEVENT"
    )
    part.set_payload(calendar)
    encoders.encode_base64(part)
    return part


def _address(message: MIMEMultipart, sender: Sender, to: str, subject: str) -> None:
    message["From"] = f"{_header(clean_name(sender.name))} <{sender.address}>"
    message["To"] = to
    message["Subject"] = _header(subject)


def _header(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8").encode()


def _sealed(message: MIMEMultipart, to: str, message_id: str, at: Instant) -> Letter:
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id.lower()
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    raw = message.as_bytes()
    lines = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return Letter(to, lines, message_id.lower())

"""Letters: from facts to the bytes that leave, the same bytes every time.

Subjects are constant, text that people typed is cleaned, and there is one recipient. The
calendar part comes last, because the last alternative is the one a reader prefers.
Source: RFC 6047 (iMIP), RFC 3834 (automatic mail).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.header import Header
from email.utils import format_datetime, formataddr
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2

from vioP.domain.dial_in import spaced
from vioP.domain.invite import Invite, Method, Sender
from vioP.domain.text import clean_name, clean_text
from vioP.domain.time import Instant
from vioP.i18n import ENGLISH, language
from vioP.mail.frame import Part, calendar_part, framed, text_part
from vioP.mail.words import day_words, span_words, zone_words


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, ready to leave.

    Attributes:
        to: The only recipient.
        raw: The whole message, with CRLF line ends.
        message_id: The same for the same letter, so that a second copy is known as one.
        sender: The address it comes from.
        awaited: Whether somebody waits for it now, so that it goes before what can wait.
    """

    to: str
    raw: bytes
    message_id: str
    sender: str
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class MailPage:
    """What a mail's templates may say.

    Attributes:
        unsubscribe_url: Where reminders are stopped; in reminders only, which then say so
            to mail programs as well.
    """

    sender: Sender
    name: str
    join_url: str = ""
    rsvp_url: str = ""
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
    setup_url: str = ""
    password_url: str = ""
    word: str = ""
    review_url: str = ""
    unsubscribe_url: str = ""


class MailTemplates:
    """The three files of each kind of mail; what a clinic has rewritten comes first."""

    def __init__(self, folder: Path, wording: Path | None = None) -> None:
        self.wording = wording
        folders = [wording, folder] if wording else [folder]
        self._html = environment(*folders, autoescape=True)
        # Text is not HTML: escaping would put entities into people's mail.
        self._text = environment(*folders, autoescape=False)

    def languages(self, kind: str) -> tuple[str, ...]:
        """In which languages a kind of mail is worded, English first."""
        ending = f"/{kind}/body.txt"
        names = self._text.list_templates()
        return (
            ENGLISH,
            *(each.removesuffix(ending) for each in names if each.endswith(ending)),
        )

    def subject(self, kind: str, page: MailPage) -> str:
        """The subject: one line, of our words only."""
        return clean_text(_found(self._text, f"{kind}/subject.txt").render(page=page))

    def text(self, kind: str, page: MailPage) -> str:
        """The text part."""
        return _found(self._text, f"{kind}/body.txt").render(page=page)

    def html(self, kind: str, page: MailPage) -> str:
        """The HTML part."""
        return _found(self._html, f"{kind}/body.html").render(page=page)


def _found(templates: jinja2.Environment, name: str) -> jinja2.Template:
    """A template in the language of the reader, or in English where it lacks it."""
    code = language()
    if code == ENGLISH:
        return templates.get_template(name)
    return templates.select_template([f"{code}/{name}", name])


def environment(*folders: Path, autoescape: bool) -> jinja2.Environment:
    """Templates from folders, the first that has one; a missing name fails loudly."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=autoescape,  # noqa: S701 - off for text parts, which are no HTML
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # looking at every file for every letter takes longer than writing it
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
        rsvp_url=invite.rsvp_url,
        day=day_words(starts),
        starts=f"{starts:%H:%M}",
        ends=f"{ends:%H:%M}",
        zone=zone_words(starts, invite.zone),
        moved_from=f"{day_words(moved[0])}, {span_words(moved[0], moved[1])}"
        if moved
        else "",
        again="yes" if invite.is_again else "",
        dial_in=sender.dial_in,
        word=invite.word,
        pin=spaced(invite.pin),
    )
    parts = (*_alternatives(kind, page, mails), calendar_part(calendar, invite.method))
    identity = f"{invite.uid}.{invite.sequence}.{invite.method.lower()}@{sender.domain}"
    headers = _addressed(sender, invite.address, mails.subject(kind, page))
    headers |= _dated(identity, invite.stamped)
    return _sealed(headers, parts, sender, invite.address)


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
    parts = _alternatives(kind, page, mails)
    identity = f"{sha256(key.encode()).hexdigest()[:40]}.{kind}@{sender.domain}"
    headers = _addressed(sender, address, mails.subject(kind, page))
    headers |= _dated(identity, at) | _one_click(page.unsubscribe_url)
    return _sealed(headers, parts, sender, address)


def _kind(invite: Invite) -> str:
    if invite.method is Method.CANCEL:
        return "cancel"
    return "invite" if invite.is_first else "update"


def _alternatives(kind: str, page: MailPage, mails: MailTemplates) -> tuple[Part, Part]:
    return (
        text_part(mails.text(kind, page), "plain"),
        text_part(mails.html(kind, page), "html"),
    )


def _addressed(sender: Sender, to: str, subject: str) -> dict[str, str]:
    return {
        "From": _mailbox(clean_name(sender.name), sender.address),
        "To": to,
        "Subject": _header(subject),
    }


def _dated(identity: str, at: Instant) -> dict[str, str]:
    return {"Date": format_datetime(at), "Message-ID": f"<{identity.lower()}>"}


def _one_click(url: str) -> dict[str, str]:
    """How a mail program stops reminders by itself. Source: RFC 8058, section 3.1."""
    if not url:
        return {}
    return {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _mailbox(name: str, address: str) -> str:
    """Somebody's name and address; a comma in a name does not make two of them."""
    written = _header(name)
    if written == name:
        return formataddr((name, address))
    return f"{written} <{address}>"


def _header(text: str) -> str:
    """Text for a header. What looks encoded is encoded, lest a reader decodes it."""
    plain = text.isascii() and "=?" not in text
    return text if plain else Header(text, "utf-8").encode()


def _sealed(
    headers: Mapping[str, str], parts: Sequence[Part], sender: Sender, to: str
) -> Letter:
    whole = {
        **headers,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    return Letter(to, framed(whole, parts), headers["Message-ID"], sender.address)

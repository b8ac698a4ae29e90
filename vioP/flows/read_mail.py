"""Read a mail: from bytes to what they tell. It decides nothing, and never raises."""

from collections.abc import Iterator
from hashlib import sha256

from vioP.calendars.reply import address_of, read_reply
from vioP.domain.reply import Automatic, Reading, Rsvp, Told, Unclear, Why
from vioP.domain.text import clean_text, without_tokens
from vioP.mail.mime import Mail, Part, take_apart, words
from vioP.mail.report import failures, is_report, readable

_HEAD = 64 * 1024
_LONGEST_TEXT = 2000
_CALENDARS = frozenset({"text/calendar", "application/ics", "text/x-vcalendar"})
_TO = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
_DAEMONS = ("mailer-daemon@", "postmaster@")
_BY_MACHINES = ("x-autoreply", "x-autorespond")


def read_mail(raw: bytes, *, whole: bool = True) -> Reading:
    """What a mail says, in time linear in its size.

    Args:
        raw: The message, or its beginning.
        whole: Whether it is all there; a mail too big to be taken comes as its beginning.
    """
    mail = take_apart(raw if whole else raw[:_HEAD])
    sender = address_of(mail.headers.get("from", ""))
    told = tuple(_told(mail, sender)) if whole else (Unclear(Why.TOO_BIG),)
    return Reading(
        id=_identity(mail),
        sender=sender,
        domains=frozenset(_domains(mail)),
        subject=without_tokens(clean_text(words(mail.headers.get("subject", "")))),
        text=clean_text(without_tokens(readable(mail)), _LONGEST_TEXT),
        told=tuple(dict.fromkeys(told)),
    )


def _identity(mail: Mail) -> str:
    """What stays the same however a mail travels; trace headers do not."""
    kept = [mail.headers.get(name, "") for name in ("message-id", "date", "from")]
    return sha256("\n".join(kept).encode() + b"\n" + mail.body.strip()).hexdigest()[:32]


def _domains(mail: Mail) -> Iterator[str]:
    for name in _TO:
        for each in mail.headers.get(name, "").split(","):
            domain = address_of(each).rpartition("@")[2]
            if domain:
                yield domain


def _told(mail: Mail, sender: str) -> Iterator[Told]:
    calendars = [part for part in mail.parts if _is_calendar(part)]
    if is_report(mail):
        failed = failures(mail)
        yield from failed or (Automatic(),)
    elif sender.startswith(_DAEMONS):
        yield Unclear(Why.ODD_BOUNCE)
    elif _is_automatic(mail):
        yield Automatic()
    elif calendars:
        for part in calendars:
            yield from _answers(part, sender)
    else:
        # Only mail servers, and the automatic mail above, name nobody to answer to.
        nobody = mail.headers.get("return-path", "").strip() == "<>"
        yield Unclear(Why.ODD_BOUNCE if nobody else Why.FREE_TEXT)


def _is_calendar(part: Part) -> bool:
    return part.kind in _CALENDARS or part.name.endswith(".ics")


def _answers(part: Part, sender: str) -> Iterator[Rsvp | Unclear]:
    method = part.parameters.get("method", "")
    yield from read_reply(part.text(), sender, method)


def _is_automatic(mail: Mail) -> bool:
    """Whether a machine wrote it. Source: RFC 3834, section 5."""
    submitted = mail.headers.get("auto-submitted", "no").partition(";")[0].strip().lower()
    spoken = any(name in mail.headers for name in _BY_MACHINES)
    precedence = mail.headers.get("precedence", "").strip().lower()
    return submitted not in {"no", ""} or spoken or precedence == "auto_reply"

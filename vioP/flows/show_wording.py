"""Show the wording: all that leaves the house, with invented facts, and whether it is neutral."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.errors import Missing, WrongSettings
from vioP.domain.message import (
    Reminded,
    door_text,
    late_text,
    nudge_text,
    reminder_text,
    room_text,
)
from vioP.domain.neutral import heard
from vioP.domain.phone_check import code_text
from vioP.flows.check_wording import not_neutral
from vioP.i18n import LANGUAGES, reading
from vioP.mail.compose import MailPage
from vioP.mail.wording import FIELDS, rewritten
from vioP.mail.words import day_words, span_words, zone_words
from vioP.ports import Ports

_LINK = "https://visits.example.org/j/an-invented-link"
_FACTS = {
    "name": "Alex Example",
    "join_url": _LINK,
    "rsvp_url": "https://visits.example.org/r/an-invented-link",
    "code": "123 456",
    "dial_in": "+1 212 555 0101",
    "pin": "1234 5678",
    "feed_url": "https://visits.example.org/calendar/an-invented-link.ics",
    "setup_url": "https://visits.example.org/set-up/an-invented-link",
    "password_url": "https://visits.example.org/password/an-invented-link",
    "review_url": "https://visits.example.org/break-glass",
    "word": "balomi",
    "unsubscribe_url": "https://visits.example.org/reminders/an-invented-link",
}
_ZONE = "America/Denver"
_STARTS = datetime(2027, 3, 9, 9, tzinfo=ZoneInfo(_ZONE))
_LASTS = timedelta(minutes=110)


@dataclass(frozen=True, slots=True)
class MailWording:
    """One kind of mail.

    Attributes:
        languages: In which it is worded.
        files: Which of its files a clinic has rewritten.
        problems: What is wrong with them, in words.
    """

    kind: str
    languages: tuple[str, ...]
    files: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewedMail:
    """A mail with invented facts, and what of it would say what kind of care it is."""

    kind: str
    language: str
    subject: str
    text: str
    html: str
    heard: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaidText:
    """A text message with invented facts."""

    kind: str
    language: str
    body: str
    heard: tuple[str, ...]


async def show_mails(ports: Ports) -> tuple[MailWording, ...]:
    """Every kind of mail, and what the check says of what was rewritten."""
    try:
        found = await not_neutral(ports)
    except WrongSettings as error:
        found = tuple(str(error).splitlines())
    found = tuple(each.removeprefix("messages.wording: ") for each in found)
    files = await asyncio.to_thread(rewritten, ports.mails)
    return tuple(
        MailWording(
            kind,
            ports.mails.languages(kind),
            files.get(kind, ()),
            tuple(each for each in found if each.startswith(f"{kind}/")),
        )
        for kind in FIELDS
    )


def preview_mail(ports: Ports, kind: str, language: str) -> PreviewedMail:
    """One mail as somebody would read it; nobody in it is real.

    Raises:
        Missing: There is no such mail, or not in that language.
    """
    if kind not in FIELDS or language not in ports.mails.languages(kind):
        raise Missing
    with reading(language):
        page = _invented(ports)
        subject, text = ports.mails.subject(kind, page), ports.mails.text(kind, page)
        html = ports.mails.html(kind, page)
    words = tuple(each.word for each in heard(f"{subject}\n{text}"))
    return PreviewedMail(kind, language, subject, text, html, words)


def _invented(ports: Ports) -> MailPage:
    """Facts about nobody, in the language that is being read."""
    spans = [
        f"{day_words(each)}, {span_words(each, each + _LASTS)}"
        for each in (_STARTS, _STARTS + timedelta(days=2))
    ]
    return MailPage(
        sender=ports.house.sender,
        day=day_words(_STARTS),
        starts=f"{_STARTS:%H:%M}",
        ends=f"{_STARTS + _LASTS:%H:%M}",
        zone=zone_words(_STARTS, _ZONE),
        moved_from=spans[1],
        lines=tuple(spans),
        gone=tuple(spans[1:]),
        **_FACTS,
    )


def show_texts(ports: Ports) -> tuple[SaidText, ...]:
    """Every text message in each language it is worded in."""
    said = []
    english = _texts(ports, "en")
    for language in LANGUAGES:
        with reading(language):
            bodies = _texts(ports, language)
        said += [
            SaidText(kind, language, body, tuple(each.word for each in heard(body)))
            for kind, body in bodies.items()
            if language == "en" or body != english[kind]
        ]
    return tuple(said)


def _texts(ports: Ports, language: str) -> Mapping[str, str]:
    sender = ports.house.sender
    when, zone = f"{day_words(_STARTS)} 09:00", zone_words(_STARTS, _ZONE)
    return {
        "nudge": nudge_text(sender.name, _LINK, sender.phone, language),
        "host_late": late_text(sender.name, language),
        "room_down": room_text(sender.name, sender.phone, _FACTS["pin"], language),
        "day_before": reminder_text(sender.name, Reminded(when, zone, _LINK), language),
        "door_open": door_text(sender.name, _LINK, language),
        "phone_code": code_text(sender.name, "123456"),
    }

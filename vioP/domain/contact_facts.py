"""What became known about reaching somebody: facts that are appended, and what they add up to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from vioP.domain.time import Instant, later

_LATEST = timedelta(minutes=30)


class Way(StrEnum):
    """How somebody is reached. A person who dials is not a machine that does."""

    MAIL = "mail"
    TEXT = "text"
    MACHINE_CALL = "machine_call"
    HUMAN_CALL = "human_call"
    VOICEMAIL = "voicemail"

    @property
    def needs_phone(self) -> bool:
        """Whether it goes to a number."""
        return self is not Way.MAIL


class ContactKind(StrEnum):
    """What became known about reaching somebody."""

    CONSENTED = "consented"
    OPTED_OUT = "opted_out"
    VERIFIED = "verified"
    WRONG_NUMBER = "wrong_number"
    NOT_SAFE = "not_safe"
    LATE = "late"
    SILENCED = "silenced"
    UNSILENCED = "unsilenced"
    CALL_ME = "call_me"
    WANTS_HUMAN = "wants_human"


@dataclass(frozen=True, slots=True)
class ContactFact:
    """One append-only fact about reaching somebody.

    Attributes:
        way: Which way of reaching it is about; nothing when it is about all.
        number: The phone number it is about, where it is about one.
        until: When it ends, for a time in which somebody cannot talk; when they will be
            there, for who says that they are late.
        wording: The version of the wording somebody agreed to, or the word they sent.
        source: Who or what says so: staff, ``text``, ``keys``.
    """

    kind: ContactKind
    at: Instant
    source: str
    way: Way | None = None
    number: str = ""
    until: Instant | None = None
    wording: str = ""


def cannot_talk_until(facts: Iterable[ContactFact], now: Instant) -> Instant | None:
    """Until when somebody asked to be left alone, or nothing when they may be reached."""
    ends = [
        each.until
        for each in facts
        if each.kind is ContactKind.NOT_SAFE and each.until is not None and each.at <= now
    ]
    return max((each for each in ends if each > now), default=None)


def comes_at(
    facts: Iterable[ContactFact], starts: Instant, came: Instant | None = None
) -> Instant | None:
    """When somebody who said that they are late will be there, by what they said last.

    It is about the session it falls into. A promise to come puts off that somebody looks
    for them, for half an hour at most, and must not call it off.

    Args:
        facts: What is known about reaching them.
        starts: When the session starts.
        came: When they came last, if they did: what they said before is kept then.
    """
    said = [
        each for each in facts if each.kind is ContactKind.LATE and each.until is not None
    ]
    last = max(said, key=lambda each: each.at, default=None)
    if last is None or last.until is None or not starts < last.until <= latest(starts):
        return None
    if came is not None and last.at <= came:
        return None
    return last.until


def latest(starts: Instant) -> Instant:
    """Until when somebody may say that they will be there, for a session that starts then."""
    return later(starts, _LATEST)


def is_silenced(facts: Iterable[ContactFact]) -> bool:
    """Whether nothing at all may reach them: they have died, or left the program."""
    last = last_of(facts, {ContactKind.SILENCED, ContactKind.UNSILENCED})
    return last is not None and last.kind is ContactKind.SILENCED


def last_of(facts: Iterable[ContactFact], kinds: set[ContactKind]) -> ContactFact | None:
    """The newest fact of some kinds; of two at one instant, the one that forbids."""
    of_kind = [each for each in facts if each.kind in kinds]
    return max(of_kind, key=lambda each: (each.at, each.kind in _FORBIDS), default=None)


_FORBIDS = {ContactKind.OPTED_OUT, ContactKind.WRONG_NUMBER, ContactKind.SILENCED}

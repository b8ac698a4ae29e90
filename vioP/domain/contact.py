"""The gate before every attempt to reach somebody: may we, this way, at this number, now?

There is one gate and no way around it. It answers with where to reach the person, or with
the one reason why not, which is written down beside the step that was not taken.

Sources: 47 CFR 64.1200 (consent, opt-out by any reasonable means, calling hours 8 to 21);
42 CFR Part 2 (nothing that could reveal the program, so no voicemail at all).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from vioP.domain.contact_facts import (
    ContactFact,
    ContactKind,
    Way,
    cannot_talk_until,
    is_silenced,
    last_of,
)
from vioP.domain.people import Contact
from vioP.domain.time import Instant, later


class Refusal(StrEnum):
    """Why somebody may not be reached this way now."""

    SILENCED = "silenced"
    NOT_SAFE = "not_safe"
    NO_ADDRESS = "no_address"
    GUARDIAN_UNKNOWN = "guardian_unknown"
    WRONG_NUMBER = "wrong_number"
    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    PART2 = "part2"
    UNVERIFIED = "unverified"
    HIGH_RISK = "high_risk"
    TEXT_ONLY = "text_only"
    QUIET_HOURS = "quiet_hours"
    TOO_SOON = "too_soon"


@dataclass(frozen=True, slots=True)
class Reachable:
    """A person as the gate sees them.

    Attributes:
        facts: Everything known about reaching them, in any order.
        guardian: How to reach whoever answers for a minor; nothing while unknown.
        high_risk: A human looks for them; no machine's voice.
        text_only: A voice is no use to them: deaf, hard of hearing, or without speech.
        reached: When they were last reached, by way.
    """

    contact: Contact
    zone: str
    facts: tuple[ContactFact, ...] = ()
    guardian: Contact | None = None
    is_minor: bool = False
    part2: bool = False
    high_risk: bool = False
    text_only: bool = False
    reached: tuple[tuple[Way, Instant], ...] = ()


QUIET_HOURS = (time(21), time(8))


@dataclass(frozen=True, slots=True)
class ContactPolicy:
    """What a program has decided about reaching people.

    Attributes:
        quiet_from: From this reading of the recipient's own clock no text and no machine's
            call reaches them, unless it is about their safety.
        quiet_until: Until this reading.
        merge_within: A second message the same way within this time is not sent.
        verified_only: Whether a machine calls only numbers whose owner was once heard there.
    """

    quiet_from: time = QUIET_HOURS[0]
    quiet_until: time = QUIET_HOURS[1]
    merge_within: timedelta = timedelta(minutes=5)
    verified_only: bool = True


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody may be reached.

    Attributes:
        to: A mail address, or a number in E.164.
        basis: What they agreed to: the wording's version, or ``intake``.
        guardian: Whether this is whoever answers for a minor.
    """

    to: str
    basis: str = "intake"
    guardian: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question to the gate."""

    person: Reachable
    way: Way
    policy: ContactPolicy
    now: Instant
    safety: bool
    number: str


def may_reach(
    person: Reachable,
    way: Way,
    policy: ContactPolicy,
    now: Instant,
    *,
    safety: bool = False,
) -> Reach | Refusal:
    """Where to reach somebody this way, or why not.

    Args:
        person: Whom.
        way: How.
        policy: What the program has decided.
        now: The present instant.
        safety: Whether it is about their safety; quiet hours and merging are then no reason.
    """
    contact, is_guardian = _whom(person, way)
    to = contact.email if way is Way.MAIL else contact.phone
    asked = _Asked(person, way, policy, now, safety, to if way.needs_phone else "")
    for reason, holds in _RULES:
        if holds(asked):
            return reason
    if not to:
        return Refusal.GUARDIAN_UNKNOWN if _lacks_guardian(asked) else Refusal.NO_ADDRESS
    return Reach(to, _basis(asked), is_guardian)


def agrees(person: Reachable, way: Way) -> bool:
    """Whether somebody has agreed to be reached this way: by their last word, or at intake."""
    word = _word(person, way)
    if word is not None:
        return word.kind is ContactKind.CONSENTED
    contact, _ = _whom(person, way)
    given = {
        Way.MAIL: True,
        Way.TEXT: contact.sms,
        Way.MACHINE_CALL: contact.call,
        Way.HUMAN_CALL: contact.call,
        Way.VOICEMAIL: person.contact.voicemail,
    }
    return given[way]


def called_number(person: Reachable) -> str:
    """The number somebody is called at, by people and machines: a minor's guardian's."""
    contact, _ = _whom(person, Way.HUMAN_CALL)
    return contact.phone or person.contact.phone


def _whom(person: Reachable, way: Way) -> tuple[Contact, bool]:
    """Whose address: a minor's guardian is reached, on a voice call always."""
    if not person.is_minor:
        return person.contact, False
    if person.guardian is not None:
        return person.guardian, True
    if way in {Way.MACHINE_CALL, Way.VOICEMAIL}:
        return Contact(), False
    return person.contact, False


def _lacks_guardian(asked: _Asked) -> bool:
    person = asked.person
    return person.is_minor and person.guardian is None and bool(person.contact.phone)


def _is_wrong(asked: _Asked) -> bool:
    if not asked.number:
        return False
    about = [each for each in asked.person.facts if each.number == asked.number]
    last = last_of(about, {ContactKind.WRONG_NUMBER, ContactKind.VERIFIED})
    return last is not None and last.kind is ContactKind.WRONG_NUMBER


def _word(person: Reachable, way: Way) -> ContactFact | None:
    """The last word on a way: agreed to, or taken back. No word is about calling by hand."""
    about = [each for each in person.facts if each.way in {None, way}]
    return last_of(about, {ContactKind.CONSENTED, ContactKind.OPTED_OUT})


def _opted_out(asked: _Asked) -> bool:
    word = _word(asked.person, asked.way)
    return word is not None and word.kind is ContactKind.OPTED_OUT


def _lacks_consent(asked: _Asked) -> bool:
    contact, _ = _whom(asked.person, asked.way)
    is_asked = asked.way is Way.VOICEMAIL or bool(contact.phone)
    return is_asked and not agrees(asked.person, asked.way)


def _is_unverified(asked: _Asked) -> bool:
    """A number nobody was ever heard on may belong to somebody else by now."""
    if asked.way is not Way.MACHINE_CALL or not asked.policy.verified_only:
        return False
    return bool(asked.number) and not any(
        each.kind is ContactKind.VERIFIED and each.number == asked.number
        for each in asked.person.facts
    )


def _is_quiet(asked: _Asked) -> bool:
    if asked.safety or asked.way in {Way.MAIL, Way.HUMAN_CALL}:
        return False
    at = asked.now.astimezone(ZoneInfo(asked.person.zone)).time()
    begins, ends = asked.policy.quiet_from, asked.policy.quiet_until
    return begins <= at or at < ends if begins > ends else begins <= at < ends


def _is_too_soon(asked: _Asked) -> bool:
    if asked.safety or asked.way not in {Way.MAIL, Way.TEXT}:
        return False
    since = later(asked.now, -asked.policy.merge_within)
    return any(way is asked.way and at > since for way, at in asked.person.reached)


def _basis(asked: _Asked) -> str:
    word = _word(asked.person, asked.way)
    return word.wording or word.source if word else "intake"


# The gravest reason first: one reason is written down, and it is the one that matters most.
_RULES: tuple[tuple[Refusal, Callable[[_Asked], bool]], ...] = (
    (Refusal.SILENCED, lambda asked: is_silenced(asked.person.facts)),
    (
        Refusal.NOT_SAFE,
        lambda asked: cannot_talk_until(asked.person.facts, asked.now) is not None,
    ),
    (Refusal.PART2, lambda asked: asked.way is Way.VOICEMAIL and asked.person.part2),
    (Refusal.WRONG_NUMBER, _is_wrong),
    (Refusal.OPTED_OUT, _opted_out),
    (Refusal.NO_CONSENT, _lacks_consent),
    (
        Refusal.HIGH_RISK,
        lambda asked: asked.way is Way.MACHINE_CALL and asked.person.high_risk,
    ),
    (
        Refusal.TEXT_ONLY,
        lambda asked: (
            asked.person.text_only
            and asked.way in {Way.MACHINE_CALL, Way.HUMAN_CALL, Way.VOICEMAIL}
        ),
    ),
    (Refusal.UNVERIFIED, _is_unverified),
    (Refusal.QUIET_HOURS, _is_quiet),
    (Refusal.TOO_SOON, _is_too_soon),
)

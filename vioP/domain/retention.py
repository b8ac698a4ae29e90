"""Retention: how long things are kept that nobody needs for long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """A class of things that end together."""

    MESSAGES = "messages"
    EVENTS = "events"
    SIGN_INS = "sign_ins"
    FEEDS = "feeds"
    DRAFTS = "drafts"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Retention:
    """For how long each class is kept after it has served its purpose.

    Attendance, attempts, consents and the audit are not among them: they are the record of
    care and of who did what, and stay.

    Attributes:
        messages: What messages said and to which address, what people wrote back.
        events: Digests by which a provider's message is known again.
        sign_ins: Ended sessions of browsers, and codes that were not used.
        feeds: Calendar addresses of people who are no longer enrolled.
        drafts: Drafts of past weeks that were never published.
        waiting: What was written about entries of waiting lists that are closed.
        records: How old a record of care is from which on the law lets staff's own notes go
            when somebody is erased.
        nightly: Whether it happens every night, and not only when somebody says so.
    """

    messages: timedelta = timedelta(days=30)
    events: timedelta = timedelta(days=30)
    sign_ins: timedelta = timedelta(days=7)
    feeds: timedelta = timedelta(days=90)
    drafts: timedelta = timedelta(days=90)
    waiting: timedelta = timedelta(days=90)
    records: timedelta = timedelta(days=7 * 365 + 2)
    nightly: bool = False

    def of(self, kind: Kind) -> timedelta:
        """How long a class is kept."""
        spans: Mapping[Kind, timedelta] = {
            Kind.MESSAGES: self.messages,
            Kind.EVENTS: self.events,
            Kind.SIGN_INS: self.sign_ins,
            Kind.FEEDS: self.feeds,
            Kind.DRAFTS: self.drafts,
            Kind.WAITING: self.waiting,
        }
        return spans[kind]


# What a message's facts say about its course, and not about its person.
_HARMLESS = frozenset(
    {"method", "fingerprint", "stamped", "starts", "ends", "zone", "is_first", "is_again",
     "moved_from", "moved_until", "answer"}
)  # fmt: skip
EMPTIED = "emptied"


def emptied(content: Mapping[str, str]) -> dict[str, str]:
    """A message's facts without whom it went to and what it said; when and how often stays."""
    kept = {name: value if name in _HARMLESS else "" for name, value in content.items()}
    return {**kept, EMPTIED: "yes"}

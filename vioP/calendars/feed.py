"""A feed as iCalendar: somebody's whole calendar, to be fetched again and again.

It asks for no answer and reminds of nothing: no ORGANIZER, ATTENDEE, METHOD or VALARM.
Source: RFC 5545; RFC 7986, sections 5.1 and 5.7; X-PUBLISHED-TTL of MS-OXCICAL.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256

from icalendar import Calendar, vDuration

from vioP.calendars.ics import PRODUCT, appointment
from vioP.calendars.vtimezone import rules_at
from vioP.domain.invite import Invite, Sender
from vioP.domain.text import clean_name
from vioP.i18n import language

_FETCH_AGAIN = timedelta(hours=1)
_SHELF = 400  # feeds, of some tens of kilobytes each


@dataclass(frozen=True, slots=True)
class KeptFeed:
    """A calendar as it was last served, and the tag that stands for these very bytes."""

    etag: str
    body: bytes


@dataclass(frozen=True, slots=True)
class FeedShelf:
    """Calendars that were served before, each under everything that can change it."""

    _kept: OrderedDict[str, KeptFeed] = field(default_factory=OrderedDict)

    def get(self, facts: str) -> KeptFeed | None:
        """The calendar of exactly these facts, if it is still there."""
        return self._kept.get(facts)

    def put(self, facts: str, body: bytes) -> KeptFeed:
        """Keep a calendar; the one that has lain longest makes room."""
        kept = KeptFeed(sha256(body).hexdigest()[:32], body)
        self._kept[facts] = kept
        if len(self._kept) > _SHELF:
            self._kept.popitem(last=False)
        return kept


def render_feed(events: Sequence[Invite], sender: Sender, words: str = "") -> bytes:
    """The calendar that holds some appointments, in UTF-8 with CRLF line ends.

    It speaks the language of whoever reads. An event that was rendered before in that
    language is not rendered again.

    Args:
        events: What it holds.
        sender: Whose calendar it is, outside.
        words: What every event says, with ``{link}`` in it; nothing for what invites say.
    """
    head, tail = _frame(sender)
    zoned = {each.zone: rules for each in events if (rules := _rules(each)) is not None}
    body = [_event(each, sender, words, language()) for each in events]
    return b"".join((head, *zoned.values(), *body, tail))


@lru_cache(maxsize=8)
def _frame(sender: Sender) -> tuple[bytes, bytes]:
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("NAME", clean_name(sender.name))
    calendar.add("X-WR-CALNAME", clean_name(sender.name))
    again = vDuration(_FETCH_AGAIN)
    again.params["VALUE"] = "DURATION"
    calendar.add("REFRESH-INTERVAL", again)
    calendar.add("X-PUBLISHED-TTL", vDuration(_FETCH_AGAIN))
    head, end, tail = bytes(calendar.to_ical()).partition(b"END:VCALENDAR")
    return head, end + tail


# Some hundreds of people with a stay of three months each; an event is about a kilobyte.
@lru_cache(maxsize=30_000)
def _event(event: Invite, sender: Sender, words: str, _language: str) -> bytes:
    said = words.format(link=event.join_url) if words else ""
    zoned = _rules(event) is not None
    return bytes(appointment(event, sender, said, zoned=zoned).to_ical())


@lru_cache(maxsize=30_000)
def _rules(event: Invite) -> bytes | None:
    return rules_at(event.zone, event.starts, event.ends)

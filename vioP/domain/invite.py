"""The invite: the calendar message of one seat, and when a new one is owed.

A seat has one uid for ever. Its sequence rises with every message that is sent, and a
message is sent only when a person is to see something else (``vioP.domain.telling``).
Source: RFC 5546, section 2.1.4; clients ignore an update that does not raise it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from vioP.domain.text import clean_name
from vioP.domain.time import Instant, later

UNANSWERED = "NEEDS-ACTION"


class Method(StrEnum):
    """What a calendar message asks of the calendar that receives it."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Invite:
    """One calendar message to one person, complete: rendering adds no fact.

    Attributes:
        uid: Opaque, at least 128 random bits, without the domain part.
        sequence: 0 for the first message of a seat, then more each time.
        stamped: When the message was decided, never when it was rendered.
        zone: The recipient's zone, in which the time is told.
        name: The recipient's display name.
        address: The recipient's mail address, the only attendee.
        join_url: The seat's own link.
        moved_from: Start and end they were told before, when one of them changed.
        is_first: Whether the person hears of this appointment for the first time.
        is_again: Whether it only says again what they know.
        answer: Their answer as last known, in the words of RFC 5545 (PARTSTAT).
        pin: What is typed on a phone to take the seat; empty where nobody can dial in.
        rsvp_url: Where its person says whether they will come.
        word: What its person types to show that the invite came; empty where nobody asks.
    """

    uid: str
    sequence: int
    method: Method
    stamped: Instant
    starts: Instant
    ends: Instant
    zone: str
    name: str
    address: str
    join_url: str
    moved_from: tuple[Instant, Instant] | None = None
    is_first: bool = True
    is_again: bool = False
    answer: str = UNANSWERED
    pin: str = ""
    rsvp_url: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who invites: one mailbox that is read, the same for ever.

    Attributes:
        name: Neutral, such as "Example Health".
        address: Both From and ORGANIZER.
        domain: The right side of uids and message ids.
        phone: Where a person answers, as people write it.
        dial_in: The number that takes part by phone; empty when there is none.
    """

    name: str
    address: str
    domain: str
    phone: str
    dial_in: str = ""

    @property
    def title(self) -> str:
        """What every appointment is called outside, in English."""
        return f"{clean_name(self.name)} appointment"


def next_stamp(last: Instant | None, now: Instant) -> Instant:
    """The stamp of a seat's next message: whole seconds, and later than the last one.

    Source: RFC 5546, section 2.1.5: of two messages with one sequence the later stamp wins.
    """
    second = Instant(now.replace(microsecond=0))
    return second if last is None else max(second, later(last, timedelta(seconds=1)))

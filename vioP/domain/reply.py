"""Replies: what people, their calendars and their mail servers answer to an invite.

A reply is a hint and never cancels care by itself: whoever declines keeps the seat, and a
person decides. An answer counts for the time it was given about. When the seat has moved
since, the answer stays on record as one to the old time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.time import Instant

LARGEST_MAIL = 10 * 1024 * 1024


class Answer(StrEnum):
    """What somebody says about their seat."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    COUNTER = "counter"

    @property
    def is_no(self) -> bool:
        """Whether they will not come at that time; proposing another one says so too."""
        return self in {Answer.DECLINED, Answer.COUNTER}


class Why(StrEnum):
    """Why a person must look at something that came in."""

    DECLINED = "declined"
    COUNTER = "counter"
    OLD_TIME = "old_time"
    COMES_AFTER_ALL = "comes_after_all"
    DELEGATED = "delegated"
    ODD_ANSWER = "odd_answer"
    STRANGER = "stranger"
    UNKNOWN_SEAT = "unknown_seat"
    FREE_TEXT = "free_text"
    UNREADABLE = "unreadable"
    TOO_BIG = "too_big"
    FAULT = "fault"
    BOUNCE = "bounce"
    ODD_BOUNCE = "odd_bounce"
    HOST_GONE = "host_gone"


@dataclass(frozen=True, slots=True)
class Rsvp:
    """A calendar's answer for one attendee.

    Attributes:
        uid: The whole uid, as it was written; its case means nothing.
        attendee: The address it speaks for, in lower case.
        sequence: Which message it answers; nothing when the calendar does not say.
        stamped: When it was given, as the calendar says.
        comment: What the person added, cleaned.
        proposed: The start a counter proposes, as its calendar wrote it.
    """

    uid: str
    attendee: str
    answer: Answer
    sequence: int | None = None
    stamped: Instant | None = None
    comment: str = ""
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Something only a person can answer, about a uid when one was named."""

    why: Why
    uid: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail server says that a message did not arrive, for good.

    Attributes:
        recipient: The address that failed, in lower case.
        status: The enhanced status code, such as ``5.1.1``. Source: RFC 3463.
        message_id: The message that failed, when the report names it.
    """

    recipient: str
    status: str
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Automatic:
    """A machine speaks, such as an absence notice or a report of delay: nothing to do."""


Told = Rsvp | Unclear | Bounce | Automatic


@dataclass(frozen=True, slots=True)
class InboundMail:
    """A mail as it reached us.

    Attributes:
        raw: The message; only its beginning when it is larger than ``LARGEST_MAIL``.
        whole: Whether ``raw`` is all of it.
    """

    raw: bytes
    received_at: Instant
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """What a mail says.

    Attributes:
        id: The same for the same mail, by whichever way it comes, however often.
        sender: The address it says it is from, in lower case; may be empty.
        domains: The domains it was sent to, in lower case.
        subject: Cleaned, and cut.
        text: What a person reads of it, cleaned, and cut.
        told: Everything it tells, never empty; the same thing twice is told once.
    """

    id: str
    sender: str
    domains: frozenset[str]
    subject: str
    text: str
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it is kept.

    Attributes:
        starts: The start it was about; nothing when that is not known.
        ends: The end it was about.
        is_sure: Whether it came from the person's own address or link. Of an answer that
            may be somebody else's, nothing follows until a person has looked.
        overruled: Whether a coordinator decided that the person is expected all the same.
    """

    answer: Answer
    received_at: Instant
    starts: Instant | None
    ends: Instant | None
    is_sure: bool = True
    overruled: bool = False
    comment: str = ""

    def is_about(self, starts: Instant, ends: Instant) -> bool:
        """Whether it answers the time a seat has now."""
        return (self.starts, self.ends) == (starts, ends)

    def means_absent(self, starts: Instant, ends: Instant) -> bool:
        """Whether nobody need wait for the person at that time."""
        sure = self.is_sure and not self.overruled
        return self.answer.is_no and sure and self.is_about(starts, ends)


@dataclass(frozen=True, slots=True)
class AskedSeat:
    """A seat as a reply finds it, and what its person was told by each message.

    Attributes:
        stands: Whether the seat is theirs and the session is on.
        link_works: Whether the seat's links were not withdrawn.
        addresses: Where its messages went and would go now, in lower case.
        told: Start and end of every message, by sequence.
    """

    id: SeatId
    session_id: SessionId
    participant_id: ParticipantId
    sequence: int
    stamped: Instant
    starts: Instant
    ends: Instant
    zone: str
    stands: bool
    link_works: bool
    high_risk: bool
    addresses: frozenset[str]
    told: Mapping[int, tuple[Instant, Instant]]

    def answered(self, rsvp: Rsvp, received_at: Instant) -> tuple[int, Instant]:
        """Which message an answer is to, and when it was given: what orders answers.

        A calendar that names no sequence answers what its person had seen by then. A
        sequence never sent, or a moment that has not come, would outrank all later
        answers, so both are cut to what can be.
        """
        stamped = min(rsvp.stamped or received_at, received_at)
        if rsvp.sequence is not None:
            return min(max(rsvp.sequence, 0), self.sequence), stamped
        return (
            self.sequence if stamped >= self.stamped else max(self.sequence - 1, 0)
        ), stamped

    def times(self, sequence: int) -> tuple[Instant, Instant] | None:
        """What the person was told by a message, or nothing when that is not known."""
        return (
            (self.starts, self.ends)
            if sequence == self.sequence
            else self.told.get(sequence)
        )


def is_outrun(rsvp: Rsvp, by: Rsvp) -> bool:
    """Whether an answer was overtaken by one already known. Source: RFC 5546, section 2.1.5."""
    earlier = (rsvp.sequence or 0) < (by.sequence or 0)
    level = (rsvp.sequence or 0) == (by.sequence or 0)
    if rsvp.stamped is None or by.stamped is None:
        return earlier
    return earlier or (level and rsvp.stamped < by.stamped)

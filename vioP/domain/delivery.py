"""Deliveries: outward acts as rows. Each is outbox, timer and delivery log in one.

A delivery is written in the transaction that makes it necessary, and ends in exactly one
final state. Its guard is asked again in the transaction that claims it: what was right an
hour ago may be wrong now.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from vioP.domain.errors import ContentLost
from vioP.domain.ids import AccountId, SeatId, SessionId
from vioP.domain.time import Instant, later


class DeliveryKind(StrEnum):
    """What is delivered."""

    INVITE = "invite"
    CANCEL = "cancel"
    NUDGE = "nudge"
    CALL = "call"
    SECOND_CALL = "second_call"
    COORDINATOR = "coordinator"
    CLINICIAN = "clinician"
    HOST_ABSENT = "host_absent"
    INCIDENT = "incident"
    SIGN_IN_CODE = "sign_in_code"
    CLOCKS = "clocks"
    OVERVIEW = "overview"
    FEED_LINK = "feed_link"
    HOST_LATE = "host_late"
    ROOM_DOWN = "room_down"
    DRILL = "drill"
    BRIDGE = "bridge"
    SETUP_LINK = "setup_link"
    ONE_TIME_LINK = "one_time_link"
    PHONE_CHECK = "phone_check"
    PHONE_CODE = "phone_code"
    DAY_BEFORE = "day_before"
    SAME_DAY = "same_day"
    DOOR_OPEN = "door_open"
    RECORD_OPENED = "record_opened"

    @property
    def is_invite(self) -> bool:
        """Whether it is a calendar message."""
        return self in {DeliveryKind.INVITE, DeliveryKind.CANCEL}

    @property
    def is_reminder(self) -> bool:
        """Whether it reminds of what is still to come."""
        return self in {
            DeliveryKind.DAY_BEFORE,
            DeliveryKind.SAME_DAY,
            DeliveryKind.DOOR_OPEN,
        }

    @property
    def is_human(self) -> bool:
        """Whether it puts somebody in the house to work; it is never too late for that."""
        return self in {DeliveryKind.COORDINATOR, DeliveryKind.CLINICIAN}

    @property
    def is_news(self) -> bool:
        """Whether it tells everybody of a session something, whether they are there or not."""
        return self in {DeliveryKind.HOST_LATE, DeliveryKind.ROOM_DOWN}

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits for it now, so that it goes before what can wait."""
        return self.is_news or self in {
            DeliveryKind.NUDGE,
            DeliveryKind.SIGN_IN_CODE,
            DeliveryKind.PHONE_CODE,
            DeliveryKind.SETUP_LINK,
            DeliveryKind.ONE_TIME_LINK,
        }


class Channel(StrEnum):
    """How it leaves.

    The call list is a channel whose far end is a person in the house; by ``phone`` a
    machine calls.
    """

    MAIL = "mail"
    SMS = "sms"
    CALL_LIST = "call_list"
    PHONE = "phone"


class DeliveryState(StrEnum):
    """How far it got. All but the first two are final."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    DEAD = "dead"


class SkipReason(StrEnum):
    """Why it was not sent."""

    LATE = "late"
    STALE = "stale"
    JOINED = "joined"
    SUPERSEDED = "superseded"
    NEVER_INVITED = "never_invited"
    SESSION_OVER = "session_over"
    CANCELLED = "cancelled"
    NO_ADDRESS = "no_address"
    DECLINED = "declined"
    UNSUBSCRIBED = "unsubscribed"
    SILENCED = "silenced"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One outgoing message, or one entry of the call list.

    Attributes:
        key: Unique; a second delivery under it does not exist.
        revision: The sequence of an invite, or the absence a ladder step belongs to.
        deadline: From then on it is skipped; nothing when it never expires.
        content: Facts frozen when it was decided; never a secret.
    """

    key: str
    kind: DeliveryKind
    channel: Channel
    due: Instant
    deadline: Instant | None = None
    session_id: SessionId | None = None
    seat_id: SeatId | None = None
    account_id: AccountId | None = None
    revision: int = 0
    content: Mapping[str, str] = field(default_factory=dict)
    state: DeliveryState = DeliveryState.PENDING
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the guard asks about a delivery's seat, read in the claiming transaction.

    Attributes:
        sequence: The seat's newest sequence.
        invited: Whether any calendar message of the seat has left, or may have.
        here: Whether the person has joined, or need not.
        frozen: Whether the session is cancelled or the seat given up.
        silenced: Whether nothing at all may reach the person: deceased, or discharged.
        unsubscribed: Whether the person wants no reminders by mail.
    """

    sequence: int = 0
    invited: bool = False
    here: bool = False
    frozen: bool = False
    silenced: bool = False
    ends: Instant | None = None
    unsubscribed: bool = False


def guard(delivery: Delivery, around: Surroundings, now: Instant) -> SkipReason | None:
    """Why a claimed delivery must not be sent after all, or nothing."""
    if delivery.deadline is not None and now >= delivery.deadline:
        return SkipReason.LATE
    if around.silenced:
        return SkipReason.SILENCED
    if delivery.kind.is_invite:
        return _guard_invite(delivery, around)
    if delivery.seat_id is None:
        return None
    reminds = delivery.kind is DeliveryKind.NUDGE or delivery.kind.is_reminder
    if reminds and delivery.channel is Channel.MAIL and around.unsubscribed:
        return SkipReason.UNSUBSCRIBED
    return _guard_step(delivery, around, now)


def _guard_invite(delivery: Delivery, around: Surroundings) -> SkipReason | None:
    if delivery.revision < around.sequence:
        return SkipReason.SUPERSEDED
    if delivery.kind is DeliveryKind.CANCEL and not around.invited:
        return SkipReason.NEVER_INVITED
    return None


def _guard_step(
    delivery: Delivery, around: Surroundings, now: Instant
) -> SkipReason | None:
    if around.frozen:
        return SkipReason.CANCELLED
    if around.here and not delivery.kind.is_news:
        return SkipReason.JOINED
    if delivery.kind.is_human:
        return None
    over = around.ends is not None and now >= around.ends
    return SkipReason.SESSION_OVER if over else None


_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=10)
_DOUBLINGS = 8
AT_MOST_TRIES = 12


def retry_at(attempts: int, deadline: Instant | None, now: Instant) -> Instant:
    """When a delivery that failed is tried again.

    Twice as long each time, yet never so long that the deadline passes while it rests: a
    plain back-off can sleep through the hour in which the provider had recovered.
    """
    pause = min(_FIRST_PAUSE * (1 << min(attempts - 1, _DOUBLINGS)), _LONGEST_PAUSE)
    return rest(pause, deadline, now)


def require_content(delivery: Delivery) -> None:
    """Look whether there is anything to be sent, before it is written.

    Raises:
        ContentLost: There is not; trying again will not help.
    """
    if not delivery.content:
        raise ContentLost


def rest(pause: timedelta, deadline: Instant | None, now: Instant) -> Instant:
    """When a rest ends: earlier than asked for when a deadline is near."""
    if deadline is not None:
        pause = min(pause, max(_FIRST_PAUSE, (deadline - now) / 4))
    return later(now, pause)

"""What a person must be told of an appointment, and under which number.

What somebody was told is the newest calendar message that may have left. What they are to be
told is compared with that, never with what was decided meanwhile, so an edit that is taken
back before it left tells nobody anything. A number belongs to a message from the moment it
may have left; until then the message is rewritten, or withdrawn, and its number is free.
So numbers start at 0, rise by one with every message whose content differs, and never stand
for two contents. Source: RFC 5546, sections 2.1.4 and 2.1.5.
"""

from dataclasses import astuple, dataclass, replace
from datetime import timedelta
from hashlib import sha256

from vioP.domain.invite import Method, next_stamp
from vioP.domain.time import Instant, Week, later

# No seat is told so many things between a backup and its loss.
FAR_ABOVE = 100


@dataclass(frozen=True, slots=True)
class Telling:
    """When messages leave: what a program has decided about them.

    Attributes:
        window: How long a message waits for later edits, which then replace it.
        at_once_within: A message about a start that is nearer than this does not wait.
        weeks_ahead: How many weeks are told by invite, the present one included.
        pace: How far apart the messages of one person leave.
        overview_from: From so many messages on, somebody also gets one mail that sums them up.
    """

    window: timedelta = timedelta(seconds=90)
    at_once_within: timedelta = timedelta(hours=2)
    weeks_ahead: int = 2
    pace: timedelta = timedelta(seconds=5)
    overview_from: int = 4

    def last_week(self, present: Week) -> Week:
        """The last week that is told by invite."""
        return Week(present.monday + timedelta(weeks=self.weeks_ahead - 1))

    def due(self, now: Instant, *starts: Instant) -> Instant:
        """When a message decided now may leave, by the starts it speaks of."""
        near = min(starts) <= later(now, self.at_once_within)
        return now if near else later(now, self.window)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person sees of an appointment, whatever words it is told in."""

    starts: Instant
    ends: Instant
    zone: str
    title: str
    link: str
    phone: str
    dial_in: str = ""
    pin: str = ""

    @property
    def fingerprint(self) -> str:
        """The same for the same facts; it gives none of them away."""
        facts = "\n".join(str(each) for each in astuple(self))
        return sha256(facts.encode()).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class Message:
    """A calendar message of a seat, decided before.

    Attributes:
        fingerprint: Of what it shows; a cancellation's is of no account.
        address: To whom it went or will go.
        is_lost: Whether it will not be tried again, and may never have arrived.
    """

    revision: int
    method: Method
    fingerprint: str
    address: str
    stamped: Instant
    starts: Instant
    ends: Instant
    zone: str
    is_lost: bool = False

    def shows(self, shown: Shown, address: str) -> bool:
        """Whether it asks one address to hold an appointment just like this."""
        return (
            self.method is Method.REQUEST
            and self.fingerprint == shown.fingerprint
            and self.address == address
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand between a seat and its person.

    Attributes:
        wanted: What they are to see; nothing when the seat is no longer theirs.
        address: Where they read mail now; may be empty.
        by_mail: Whether they want to be invited by mail.
        left: The newest message that left, or may have.
        waiting: The message that has surely not left yet.
        highest: The highest number taken; -1 when none is.
    """

    wanted: Shown | None
    address: str
    by_mail: bool = True
    left: Message | None = None
    waiting: Message | None = None
    highest: int = -1


@dataclass(frozen=True, slots=True)
class Tell:
    """Send a message, in place of the one that waits.

    Attributes:
        is_first: Whether this address hears of the appointment for the first time, or again
            after a cancellation.
        moved_from: Start and end they were told before, when one of them changed.
        is_again: Whether it only says again what they know.
    """

    method: Method
    revision: int
    stamped: Instant
    address: str
    starts: Instant
    ends: Instant
    zone: str
    fingerprint: str = ""
    is_first: bool = False
    moved_from: tuple[Instant, Instant] | None = None
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Send nothing, and take back the message that waits."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Leave everything as it is."""


Decision = Tell | Withdraw | Keep


def decide(standing: Standing, now: Instant) -> Decision:
    """What a seat's person must be told now."""
    if standing.wanted is None:
        return _called_off(standing, now)
    return _wanted(standing, standing.wanted, now)


def repeat(standing: Standing, now: Instant) -> Decision:
    """What a seat's person must be told after a restored backup, whatever they were told since.

    Everything that stands is said once more, under a number above any that can have been used.
    """
    raised = replace(standing, waiting=None, highest=standing.highest + FAR_ABOVE - 1)
    decision = decide(raised, now)
    wanted, left = standing.wanted, standing.left
    if isinstance(decision, Tell) or wanted is None or left is None:
        return decision if isinstance(decision, Tell) else _nothing_new(standing)
    if left.method is Method.CANCEL or wanted.ends <= now:
        return _nothing_new(standing)
    return replace(_request(raised, wanted, now), is_again=True)


def _called_off(standing: Standing, now: Instant) -> Decision:
    """A cancellation speaks of what they were told, to whoever was told it."""
    left = standing.left
    if left is None or left.method is Method.CANCEL or left.ends <= now:
        return _nothing_new(standing)
    if standing.waiting is not None and standing.waiting.method is Method.CANCEL:
        return Keep()
    return Tell(
        Method.CANCEL,
        standing.highest + 1,
        next_stamp(left.stamped, now),
        left.address,
        left.starts,
        left.ends,
        left.zone,
    )


def _wanted(standing: Standing, wanted: Shown, now: Instant) -> Decision:
    left = standing.left
    # Whoever holds it in a calendar is told of every change, whatever they prefer by now.
    holds = left is not None and left.method is Method.REQUEST
    if wanted.ends <= now or not (standing.by_mail or holds):
        return _nothing_new(standing)
    if left is not None and left.shows(wanted, standing.address) and not left.is_lost:
        return _nothing_new(standing)
    if standing.waiting is not None and standing.waiting.shows(wanted, standing.address):
        return Keep()
    is_first = left is None or not holds or left.address != standing.address
    was = None if left is None or is_first else (left.starts, left.ends)
    return replace(
        _request(standing, wanted, now),
        is_first=is_first,
        moved_from=None if was == (wanted.starts, wanted.ends) else was,
    )


def _request(standing: Standing, wanted: Shown, now: Instant) -> Tell:
    """The next message that asks to hold an appointment."""
    left = standing.left
    return Tell(
        Method.REQUEST,
        standing.highest + 1,
        next_stamp(left.stamped if left else None, now),
        standing.address,
        wanted.starts,
        wanted.ends,
        wanted.zone,
        wanted.fingerprint,
    )


def _nothing_new(standing: Standing) -> Decision:
    return Keep() if standing.waiting is None else Withdraw()

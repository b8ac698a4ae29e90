"""What people were told and what waits to be told, as rows: read whole, rewritten by seat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vioP.domain.delivery import DeliveryState
from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.invite import Method
from vioP.domain.people import CalendarChoice
from vioP.domain.session import Kind
from vioP.domain.telling import Message
from vioP.domain.time import Instant, Week, instant
from vioP.storage.database import Connection, Row

# Whoever sends claims rows in this state; holding them keeps a message from leaving while it
# is decided whether it should. One that was claimed meanwhile is seen below as having left.
HOLD_WAITING = """
SELECT key FROM delivery
WHERE state = 'pending' AND attempts = 0 AND kind IN ('invite', 'cancel', 'overview')
ORDER BY key FOR UPDATE
"""
SEATS = """
SELECT seat.id, seat.session_id, seat.participant_id, seat.uid, seat.starts, seat.ends,
  seat.zone, seat.state, session.state AS session_state, session.monday, session.kind,
  OPENED(participant.name), OPENED(participant.email), participant.calendar, participant.language,
  onboarding.invited_at, onboarding.ready_at, onboarding.proven_at
FROM seat
JOIN session ON session.id = seat.session_id
JOIN participant ON participant.id = seat.participant_id
LEFT JOIN onboarding ON onboarding.participant_id = seat.participant_id
WHERE session.monday >= :since AND session.monday <= :until
ORDER BY seat.starts, seat.id
"""
MESSAGES = """
SELECT delivery.key, delivery.seat_id, delivery.revision, OPENED(delivery.content), delivery.state,
  delivery.attempts, delivery.due
FROM delivery JOIN session ON session.id = delivery.session_id
WHERE session.monday >= :since AND session.monday <= :until
  AND delivery.kind IN ('invite', 'cancel')
ORDER BY delivery.seat_id, delivery.revision
"""
WITHDRAW = """
DELETE FROM delivery WHERE key = :key AND attempts = 0 AND state IN ('pending', 'skipped')
"""
NUMBER = "UPDATE seat SET sequence = :sequence, stamped = :stamped WHERE id = :seat_id"


@dataclass(frozen=True, slots=True)
class Sent:
    """A calendar message in the outbox.

    Attributes:
        has_left: Whether it left, or may have.
        is_waiting: Whether it has surely not left, and nobody holds it: it may be rewritten.
        due: When it may leave.
    """

    key: str
    message: Message
    has_left: bool
    is_waiting: bool
    due: Instant


@dataclass(frozen=True, slots=True)
class SeatStanding:
    """A seat with its person, and every calendar message it ever had, the oldest first.

    Attributes:
        is_theirs: Whether the seat and its session still stand.
        is_held: Whether its person was asked to set up and has not: no join link is issued.
        asks_word: Whether their calendar is still to be proven by a word in the invite.
        language: What they read. It is no part of what was told: a new one resends nothing.
    """

    id: SeatId
    session_id: SessionId
    participant_id: ParticipantId
    name: str
    address: str
    calendar: CalendarChoice
    uid: str
    starts: Instant
    ends: Instant
    zone: str
    is_theirs: bool
    week: Week
    messages: tuple[Sent, ...]
    is_held: bool = False
    asks_word: bool = False
    language: str = "en"

    @property
    def left(self) -> Sent | None:
        """The newest message that left, or may have."""
        return next((each for each in reversed(self.messages) if each.has_left), None)

    @property
    def waiting(self) -> Sent | None:
        """The message that may still be rewritten."""
        return next((each for each in reversed(self.messages) if each.is_waiting), None)

    @property
    def highest(self) -> int:
        """The highest number taken; -1 when none is."""
        taken = [each.message.revision for each in self.messages if not each.is_waiting]
        return max(taken, default=-1)


@dataclass(frozen=True, slots=True)
class Number:
    """The number of a seat's newest message, and its stamp."""

    seat_id: SeatId
    sequence: int
    stamped: Instant


@dataclass(frozen=True, slots=True)
class Tellings:
    """Reads and rewrites what people are told, within one transaction."""

    connection: Connection

    async def hold(self) -> Sequence[str]:
        """Keep what waits from leaving until this transaction ends.

        Returns:
            The keys of what is held.
        """
        return [row["key"] for row in await self.connection.fetch(HOLD_WAITING)]

    async def standing(self, since: Week, until: Week) -> Sequence[SeatStanding]:
        """Every seat of some weeks, first and last included, in order of start."""
        weeks = {"since": since.monday, "until": until.monday}
        sent: dict[str, list[Sent]] = {}
        for row in await self.connection.fetch(MESSAGES, **weeks):
            sent.setdefault(row["seat_id"], []).append(_sent(row))
        return [
            _standing(row, tuple(sent.get(row["id"], ())))
            for row in await self.connection.fetch(SEATS, **weeks)
        ]

    async def withdraw(self, keys: Sequence[str]) -> None:
        """Take messages back that have surely not left."""
        if keys:
            await self.connection.execute_many(
                WITHDRAW, [{"key": key} for key in sorted(keys)]
            )

    async def number(self, numbers: Sequence[Number]) -> None:
        """Write down under which number each seat's newest message stands."""
        rows = [
            {
                "seat_id": each.seat_id,
                "sequence": each.sequence,
                "stamped": each.stamped,
            }
            for each in numbers
        ]
        if rows:
            await self.connection.execute_many(NUMBER, rows)


def _standing(row: Row, messages: tuple[Sent, ...]) -> SeatStanding:
    return SeatStanding(
        id=SeatId(row["id"]),
        session_id=SessionId(row["session_id"]),
        participant_id=ParticipantId(row["participant_id"]),
        name=row["name"],
        address=row["email"],
        calendar=CalendarChoice(row["calendar"]),
        uid=row["uid"],
        starts=instant(row["starts"]),
        ends=instant(row["ends"]),
        zone=row["zone"],
        is_theirs=row["state"] == "active" and row["session_state"] == "planned",
        week=Week(row["monday"]),
        messages=messages,
        # A test of the device belongs to getting ready, and is no care.
        is_held=row["invited_at"] is not None
        and row["ready_at"] is None
        and row["kind"] != Kind.TECH_TEST,
        asks_word=row["invited_at"] is not None and row["proven_at"] is None,
        language=row["language"] or "en",
    )


def _sent(row: Row) -> Sent:
    """A message; one that was skipped when it was first claimed never left."""
    content, attempts = row["content"], row["attempts"]
    skipped = row["state"] == DeliveryState.SKIPPED
    message = Message(
        revision=row["revision"],
        method=Method(content["method"]),
        fingerprint=content.get("fingerprint", ""),
        address=content["address"],
        stamped=_moment(content["stamped"]),
        starts=_moment(content["starts"]),
        ends=_moment(content["ends"]),
        zone=content["zone"],
        is_lost=skipped,
    )
    return Sent(
        key=row["key"],
        message=message,
        has_left=attempts > (1 if skipped else 0),
        is_waiting=attempts == 0,
        due=instant(row["due"]),
    )


def _moment(text: str) -> Instant:
    return instant(datetime.fromisoformat(text))

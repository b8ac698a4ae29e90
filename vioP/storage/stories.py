"""Everything about one seat, read for its story."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.attendance import Evidence
from vioP.domain.call import CallState
from vioP.domain.delivery import Channel, DeliveryState
from vioP.domain.ids import SeatId, SessionId
from vioP.domain.reply import Answer
from vioP.domain.story import ToldAnswer, ToldAttempt, ToldStep
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection
from vioP.storage.evidence import evidence_of

SEAT = """
SELECT session_id, participant_id FROM seat WHERE id = :seat_id
"""
STEPS = """
SELECT kind, channel, due, state, reason, done_at FROM delivery
WHERE seat_id = :seat_id ORDER BY due, key
"""
ATTEMPTS = """
SELECT rung, channel, begun_at, outcome, settled_at, settled_by, state, OPENED(attempt.note)
FROM attempt
WHERE seat_id = :seat_id ORDER BY begun_at, id
"""
EVIDENCE = """
SELECT fact, at, source, leg, connection FROM evidence WHERE seat_id = :seat_id ORDER BY at, id
"""
ANSWERS = """
SELECT received_at, answer, source FROM reply WHERE seat_id = :seat_id
ORDER BY received_at, id
"""
LAST_CALL = """
SELECT attempt.settled_at, attempt.outcome, attempt.rung FROM attempt
JOIN seat ON seat.id = attempt.seat_id
WHERE seat.participant_id = :participant_id AND attempt.settled_at IS NOT NULL
  AND attempt.outcome NOT IN ('joined', 'overtaken', 'host_started', 'said_no',
    'marked_present', 'marked_excused', 'marked_no_show')
ORDER BY attempt.settled_at DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class LastCall:
    """The last time somebody was called, or looked for, and how it went."""

    at: Instant
    outcome: str


@dataclass(frozen=True, slots=True)
class Stories:
    """Reads what happened about one seat, within one transaction."""

    connection: Connection

    async def seat(self, seat_id: SeatId) -> tuple[SessionId, str] | None:
        """The session and person of a seat, or nothing when it is unknown."""
        rows = await self.connection.fetch(SEAT, seat_id=seat_id)
        if not rows:
            return None
        return SessionId(rows[0]["session_id"]), rows[0]["participant_id"]

    async def steps(self, seat_id: SeatId) -> Sequence[ToldStep]:
        """Every outward act about a seat."""
        return [
            ToldStep(
                row["kind"],
                Channel(row["channel"]),
                instant(row["due"]),
                DeliveryState(row["state"]),
                row["reason"] or "",
                instant(row["done_at"]) if row["done_at"] else None,
            )
            for row in await self.connection.fetch(STEPS, seat_id=seat_id)
        ]

    async def attempts(self, seat_id: SeatId) -> Sequence[ToldAttempt]:
        """Every try at reaching the person of a seat."""
        return [
            ToldAttempt(
                row["rung"],
                Channel(row["channel"]),
                instant(row["begun_at"]),
                row["outcome"] or "",
                instant(row["settled_at"]) if row["settled_at"] else None,
                row["settled_by"] or "",
                CallState(row["state"]) if row["state"] else None,
                row["note"],
            )
            for row in await self.connection.fetch(ATTEMPTS, seat_id=seat_id)
        ]

    async def evidence(self, seat_id: SeatId) -> Sequence[Evidence]:
        """What was seen of the person of a seat."""
        return [
            evidence_of(row)
            for row in await self.connection.fetch(EVIDENCE, seat_id=seat_id)
        ]

    async def answers(self, seat_id: SeatId) -> Sequence[ToldAnswer]:
        """What the person of a seat answered to their invites."""
        return [
            ToldAnswer(instant(row["received_at"]), Answer(row["answer"]), row["source"])
            for row in await self.connection.fetch(ANSWERS, seat_id=seat_id)
        ]

    async def last_call(self, participant_id: str) -> LastCall | None:
        """The last attempt to reach somebody that ended with an answer."""
        rows = await self.connection.fetch(LAST_CALL, participant_id=participant_id)
        if not rows:
            return None
        return LastCall(instant(rows[0]["settled_at"]), rows[0]["outcome"])

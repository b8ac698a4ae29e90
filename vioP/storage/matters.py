"""Matters as rows: what came in and wants a decision, until somebody has taken one."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.reply import Why
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row

ADD = """
INSERT INTO matter
  (id, why, reply_id, seat_id, participant_id, sender, subject, said, opened_at)
VALUES
  (:id, :why, :reply_id, :seat_id, :participant_id,
   SEALED(:sender, matter.sender, :id), SEALED(:subject, matter.subject, :id),
   SEALED(:said, matter.said, :id), :opened_at)
ON CONFLICT (id) DO NOTHING
"""
LISTED = """
SELECT matter.id, matter.why, matter.seat_id, matter.participant_id,
  OPENED(matter.sender), OPENED(matter.subject), OPENED(matter.said), matter.opened_at,
  matter.decision, matter.decided_by,
  OPENED(participant.name), OPENED(participant.phone), participant.call, participant.high_risk,
  session.id AS session_id, session.starts, session.ends, session.cohort_id,
  reply.starts AS answered_starts, reply.ends AS answered_ends
FROM matter
LEFT JOIN reply ON reply.id = matter.reply_id
LEFT JOIN participant ON participant.id = matter.participant_id
LEFT JOIN seat ON seat.id = matter.seat_id
LEFT JOIN session ON session.id = seat.session_id
WHERE matter.decision IS NULL OR matter.decided_at > :since
ORDER BY CASE WHEN participant.high_risk THEN 0 ELSE 1 END, matter.opened_at, matter.id
"""
OPEN = "SELECT COUNT(*) AS number FROM matter WHERE decision IS NULL"
# The first decision stands.
DECIDE = """
UPDATE matter SET decision = :decision, decided_at = :at, decided_by = :by
WHERE id = :id AND decision IS NULL
RETURNING why, seat_id, participant_id, (
  SELECT COUNT(*) FROM reply JOIN seat ON seat.id = reply.seat_id
  WHERE reply.id = matter.reply_id AND reply.starts <> seat.starts) AS outdated
"""
# A newer answer of the same person leaves nothing to decide about the one before.
OVERTAKE = """
UPDATE matter SET decision = 'overtaken', decided_at = :at, decided_by = 'viop'
WHERE seat_id = :seat_id AND decision IS NULL AND reply_id IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that wants a decision, as it is opened.

    Attributes:
        reply_id: The answer it is about, when it is about one.
        said: What the person, or their mail, says; for staff only.
    """

    id: str
    why: Why
    opened_at: Instant
    sender: str = ""
    subject: str = ""
    said: str = ""
    reply_id: str | None = None
    seat_id: SeatId | None = None
    participant_id: ParticipantId | None = None


@dataclass(frozen=True, slots=True)
class ListedMatter:
    """A matter with the person and session it is about, as far as they are known.

    Attributes:
        starts: The start that was answered, if it is about an answer.
        is_outdated: Whether the session is at another time by now.
    """

    matter: Matter
    decision: str | None
    decided_by: str
    name: str
    phone: str
    high_risk: bool
    session_id: SessionId | None
    starts: Instant | None
    ends: Instant | None
    cohort_id: str | None
    is_outdated: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """What a matter was about, given back when it is decided.

    Attributes:
        is_outdated: Whether it is an answer to a time the session does not have any more.
    """

    why: Why
    seat_id: SeatId | None
    participant_id: ParticipantId | None
    is_outdated: bool


@dataclass(frozen=True, slots=True)
class Matters:
    """Reads and writes matters within one transaction."""

    connection: Connection

    async def add(self, matter: Matter) -> None:
        """Open a matter; twice is once."""
        await self.connection.execute(
            ADD,
            id=matter.id,
            why=matter.why,
            reply_id=matter.reply_id,
            seat_id=matter.seat_id,
            participant_id=matter.participant_id,
            sender=matter.sender,
            subject=matter.subject,
            said=matter.said,
            opened_at=matter.opened_at,
        )

    async def listed(self, decided_since: Instant) -> Sequence[ListedMatter]:
        """Everything open, people to be looked for first, and what was decided lately."""
        rows = await self.connection.fetch(LISTED, since=decided_since)
        return [_listed(row) for row in rows]

    async def open(self) -> int:
        """How many are open."""
        [row] = await self.connection.fetch(OPEN)
        return int(row["number"])

    async def decide(
        self, matter_id: str, decision: str, at: Instant, by: str
    ) -> Decided | None:
        """Note a decision; the first one stands.

        Returns:
            What the matter was about, or nothing when it is unknown or already decided.
        """
        rows = await self.connection.fetch(
            DECIDE, id=matter_id, decision=decision, at=at, by=by
        )
        if not rows:
            return None
        row = rows[0]
        outdated = bool(row["outdated"])
        return Decided(Why(row["why"]), row["seat_id"], row["participant_id"], outdated)

    async def overtake(self, seat_id: SeatId, at: Instant) -> None:
        """Close what is open about earlier answers of a seat."""
        await self.connection.execute(OVERTAKE, seat_id=seat_id, at=at)


def _listed(row: Row) -> ListedMatter:
    starts = row["answered_starts"] or row["starts"]
    ends = row["answered_ends"] or row["ends"]
    return ListedMatter(
        matter=Matter(
            id=row["id"],
            why=Why(row["why"]),
            opened_at=instant(row["opened_at"]),
            sender=row["sender"],
            subject=row["subject"],
            said=row["said"],
            seat_id=row["seat_id"],
            participant_id=row["participant_id"],
        ),
        decision=row["decision"],
        decided_by=row["decided_by"] or "",
        name=row["name"] or "",
        phone=row["phone"] if row["call"] else "",
        high_risk=bool(row["high_risk"]),
        session_id=row["session_id"],
        starts=instant(starts) if starts else None,
        ends=instant(ends) if ends else None,
        cohort_id=row["cohort_id"],
        is_outdated=starts != row["starts"],
    )

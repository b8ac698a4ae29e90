"""Records that were opened in an emergency, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.break_glass import OpenedRecord
from vioP.domain.ids import ParticipantId, SeatId, StaffId
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row

_ALL = """
SELECT opened_record.id, opened_record.staff_id, opened_record.participant_id,
  OPENED(opened_record.reason), opened_record.begun_at, opened_record.until,
  opened_record.ended_at, opened_record.reviewed_by, opened_record.reviewed_at,
  OPENED(opened_record.review), staff.name AS staff_name,
  OPENED(participant.name) AS participant_name, reviewer.name AS reviewer_name
FROM opened_record JOIN staff ON staff.id = opened_record.staff_id
JOIN participant ON participant.id = opened_record.participant_id
LEFT JOIN staff AS reviewer ON reviewer.id = opened_record.reviewed_by
"""
OPEN_OF = f"""{_ALL}
WHERE opened_record.staff_id = :staff_id AND ended_at IS NULL AND until > :now
ORDER BY begun_at DESC LIMIT 1
"""
READERS = """
SELECT staff_id FROM opened_record
WHERE participant_id = :participant_id AND ended_at IS NULL AND until > :now
"""
# Whatever nobody has signed comes first; of the rest as many as a page shows.
LISTED = f"""{_ALL}
ORDER BY CASE WHEN reviewed_by = '' THEN 0 ELSE 1 END, begun_at DESC LIMIT :at_most
"""
WAITING = "SELECT COUNT(*) AS number FROM opened_record WHERE reviewed_by = ''"
ADD = """
INSERT INTO opened_record (id, staff_id, participant_id, reason, begun_at, until)
VALUES (:id, :staff_id, :participant_id, SEALED(:reason, opened_record.reason, :id),
  :begun_at, :until)
"""
END = """
UPDATE opened_record SET ended_at = :now
WHERE staff_id = :staff_id AND ended_at IS NULL AND until > :now
RETURNING participant_id
"""
SIGN = """
UPDATE opened_record SET reviewed_by = :by, reviewed_at = :now,
  review = SEALED(:review, opened_record.review, :id)
WHERE id = :id AND reviewed_by = '' RETURNING participant_id
"""
KNOWN = """
SELECT id, OPENED(participant.name) FROM participant
WHERE NOT retired AND id NOT IN (SELECT participant_id FROM erasure)
ORDER BY id
"""
# What comes next, or runs; where nothing does, what was last.
SEAT = """
SELECT seat.id FROM seat JOIN session ON session.id = seat.session_id
WHERE seat.participant_id = :participant_id AND seat.state = 'active'
  AND session.state = 'planned'
ORDER BY CASE WHEN session.ends > :now THEN 0 ELSE 1 END,
  CASE WHEN session.ends > :now THEN session.starts END,
  session.starts DESC, seat.id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class OpenedRecords:
    """Reads and writes records opened in an emergency, within one transaction."""

    connection: Connection

    async def named(self, asked: str) -> Sequence[ParticipantId]:
        """Everybody in the program with exactly this identifier or name."""
        return [
            ParticipantId(row["id"])
            for row in await self.connection.fetch(KNOWN)
            if asked == row["id"] or asked.lower() == row["name"].lower()
        ]

    async def add(self, record: OpenedRecord) -> None:
        """Open one."""
        await self.connection.execute(
            ADD,
            id=record.id,
            staff_id=record.staff_id,
            participant_id=record.participant_id,
            reason=record.reason,
            begun_at=record.begun_at,
            until=record.until,
        )

    async def open_of(self, staff_id: StaffId, now: Instant) -> OpenedRecord | None:
        """What somebody has open now."""
        rows = await self.connection.fetch(OPEN_OF, staff_id=staff_id, now=now)
        return _record(rows[0]) if rows else None

    async def readers(self, person: ParticipantId, now: Instant) -> frozenset[str]:
        """Who has somebody's record open now."""
        rows = await self.connection.fetch(READERS, participant_id=person, now=now)
        return frozenset(row["staff_id"] for row in rows)

    async def end(self, staff_id: StaffId, now: Instant) -> Sequence[ParticipantId]:
        """Close what somebody has open; whose records these were."""
        rows = await self.connection.fetch(END, staff_id=staff_id, now=now)
        return [ParticipantId(row["participant_id"]) for row in rows]

    async def listed(self, at_most: int) -> Sequence[OpenedRecord]:
        """Every one, what nobody has signed first."""
        return [
            _record(row) for row in await self.connection.fetch(LISTED, at_most=at_most)
        ]

    async def waiting(self) -> int:
        """How many nobody has signed."""
        [row] = await self.connection.fetch(WAITING)
        return int(row["number"])

    async def sign(
        self, record_id: str, by: str, review: str, now: Instant
    ) -> ParticipantId | None:
        """Sign one; nothing where there is none, or somebody has."""
        rows = await self.connection.fetch(
            SIGN, id=record_id, by=by, review=review, now=now
        )
        return ParticipantId(rows[0]["participant_id"]) if rows else None

    async def seat(self, person: ParticipantId, now: Instant) -> SeatId | None:
        """The seat of somebody's running, next or last session."""
        rows = await self.connection.fetch(SEAT, participant_id=person, now=now)
        return SeatId(rows[0]["id"]) if rows else None


def _record(row: Row) -> OpenedRecord:
    return OpenedRecord(
        row["id"],
        StaffId(row["staff_id"]),
        row["staff_name"],
        ParticipantId(row["participant_id"]),
        row["participant_name"],
        row["reason"],
        instant(row["begun_at"]),
        instant(row["until"]),
        instant(row["ended_at"]) if row["ended_at"] else None,
        row["reviewed_by"],
        instant(row["reviewed_at"]) if row["reviewed_at"] else None,
        row["review"],
        row["reviewer_name"] or "",
    )

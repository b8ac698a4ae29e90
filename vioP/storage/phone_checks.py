"""Checks of phones as rows. The digit and the code are made from the key and kept nowhere."""

from dataclasses import dataclass

from vioP.domain.contact_facts import Way
from vioP.domain.ids import ParticipantId
from vioP.domain.phone_check import PhoneCheck
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row

_CHECK = """
SELECT id, participant_id, OPENED(phone_check.number), way, asked_by, begun_at, expires,
  tries, outcome
FROM phone_check
"""
BY_ID = _CHECK + "WHERE id = :id"
LATEST = (
    _CHECK
    + """
WHERE participant_id = :participant_id AND asked_by = :asked_by
ORDER BY begun_at DESC, id DESC LIMIT 1
"""
)
COUNT = """
SELECT COUNT(*) AS number FROM phone_check
WHERE participant_id = :participant_id AND begun_at > :since
"""
BEGIN = """
INSERT INTO phone_check
  (id, participant_id, number, way, asked_by, begun_at, expires)
VALUES (:id, :participant_id, SEALED(:number, phone_check.number, :id), :way, :asked_by,
  :begun_at, :expires)
"""
TRY = """
UPDATE phone_check SET tries = tries + 1
WHERE id = :id AND outcome = '' AND expires > :now AND tries < :at_most RETURNING tries
"""
SETTLE = """
UPDATE phone_check SET outcome = :outcome, settled_at = :at
WHERE id = :id AND outcome = ''
"""


@dataclass(frozen=True, slots=True)
class PhoneChecks:
    """Reads and writes checks of phones, within one transaction."""

    connection: Connection

    async def find(self, check_id: str) -> PhoneCheck | None:
        """A check, or nothing when there is none of that name."""
        rows = await self.connection.fetch(BY_ID, id=check_id)
        return _check(rows[0]) if rows else None

    async def latest(self, person: ParticipantId, asked_by: str) -> PhoneCheck | None:
        """The newest check somebody asked for, or nothing."""
        rows = await self.connection.fetch(LATEST, participant_id=person, asked_by=asked_by)
        return _check(rows[0]) if rows else None

    async def count(self, person: ParticipantId, since: Instant) -> int:
        """How many checks of one person were begun since an instant."""
        rows = await self.connection.fetch(COUNT, participant_id=person, since=since)
        return int(rows[0]["number"])

    async def begin(self, check: PhoneCheck) -> None:
        """Keep a new check."""
        await self.connection.execute(
            BEGIN,
            id=check.id,
            participant_id=check.participant_id,
            number=check.number,
            way=check.way,
            asked_by=check.asked_by,
            begun_at=check.begun_at,
            expires=check.expires,
        )

    async def try_once(self, check_id: str, now: Instant, at_most: int) -> bool:
        """Count a try; says whether it may count at all."""
        rows = await self.connection.fetch(TRY, id=check_id, now=now, at_most=at_most)
        return bool(rows)

    async def settle(self, check_id: str, outcome: str, at: Instant) -> None:
        """Write down how it ended; the first end stands."""
        await self.connection.execute(SETTLE, id=check_id, outcome=outcome, at=at)


def _check(row: Row) -> PhoneCheck:
    return PhoneCheck(
        row["id"],
        ParticipantId(row["participant_id"]),
        row["number"],
        Way(row["way"]),
        row["asked_by"],
        instant(row["begun_at"]),
        instant(row["expires"]),
        row["tries"],
        row["outcome"],
    )

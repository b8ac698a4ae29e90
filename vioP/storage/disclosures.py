"""Disclosures as rows: appended, never written over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vioP.domain.disclosure import Basis, Disclosure, Shared, Told
from vioP.domain.ids import ParticipantId
from vioP.domain.time import instant
from vioP.storage.database import Connection, Row

ADD = """
INSERT INTO disclosure (id, participant_id, made_on, recipient, what, purpose, basis,
  with_notice, shared, noted_by, noted_at)
VALUES (:id, :participant_id, :made_on, SEALED(:recipient, disclosure.recipient, :id),
  SEALED(:what, disclosure.what, :id), SEALED(:purpose, disclosure.purpose, :id), :basis,
  :with_notice, :shared, :noted_by, :noted_at)
"""
_ALL = """
SELECT disclosure.id, disclosure.participant_id, disclosure.made_on,
  OPENED(disclosure.recipient), OPENED(disclosure.what), OPENED(disclosure.purpose),
  disclosure.basis, disclosure.with_notice, disclosure.shared, disclosure.noted_by,
  disclosure.noted_at, OPENED(participant.name), staff.name AS noted_by_name
FROM disclosure
JOIN participant ON participant.id = disclosure.participant_id
LEFT JOIN staff ON staff.id = disclosure.noted_by
"""
OF = f"{_ALL} WHERE participant_id = :id AND made_on >= :since ORDER BY made_on DESC, disclosure.id"
NEWEST = f"{_ALL} ORDER BY noted_at DESC, disclosure.id LIMIT :at_most"
IS_THERE = "SELECT id FROM participant WHERE id = :id"


@dataclass(frozen=True, slots=True)
class Disclosures:
    """Reads and writes disclosures within one transaction."""

    connection: Connection

    async def add(self, disclosure: Disclosure) -> None:
        """Note one."""
        told = disclosure.told
        await self.connection.execute(
            ADD,
            id=disclosure.id,
            participant_id=told.participant_id,
            made_on=told.on,
            recipient=told.recipient,
            what=told.what,
            purpose=told.purpose,
            basis=told.basis,
            with_notice=told.with_notice,
            shared=disclosure.shared,
            noted_by=disclosure.noted_by,
            noted_at=disclosure.noted_at,
        )

    async def of(self, person: ParticipantId, since: date) -> Sequence[Disclosure]:
        """What of somebody's record left since a day, the newest first."""
        rows = await self.connection.fetch(OF, id=person, since=since)
        return [_disclosure(row) for row in rows]

    async def newest(self, at_most: int) -> Sequence[Disclosure]:
        """What was noted last, of everybody."""
        rows = await self.connection.fetch(NEWEST, at_most=at_most)
        return [_disclosure(row) for row in rows]

    async def is_participant(self, person: ParticipantId) -> bool:
        """Whether there is, or was, a participant with an identifier."""
        return bool(await self.connection.fetch(IS_THERE, id=person))


def _disclosure(row: Row) -> Disclosure:
    made_on = row["made_on"]
    told = Told(
        ParticipantId(row["participant_id"]),
        made_on if isinstance(made_on, date) else date.fromisoformat(made_on),
        row["recipient"],
        row["what"],
        row["purpose"],
        Basis(row["basis"]),
        bool(row["with_notice"]),
    )
    return Disclosure(
        row["id"],
        told,
        row["name"],
        Shared(row["shared"]),
        row["noted_by"],
        instant(row["noted_at"]),
        row["noted_by_name"] or "",
    )

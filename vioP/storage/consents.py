"""Consents as rows: given, taken back, given again; none is ever written over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vioP.domain.consent import ASK_AGAIN, Consent, ConsentKind, Stretch, Wording
from vioP.domain.ids import ParticipantId
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row

# One that holds already keeps its first instant, unless the words have changed since, or it
# runs out or ends with somebody's care.
GIVE = """
INSERT INTO consent_record (id, participant_id, kind, version, given_at, given_by, signed,
  until, with_care)
SELECT :id, :participant_id, :kind, :version, :at, :given_by,
  SEALED(:signed, consent_record.signed, :id), :until, :with_care
WHERE NOT EXISTS (
  SELECT 1 FROM consent_record WHERE participant_id = :participant_id AND kind = :kind
    AND version = :version AND given_by = :given_by AND withdrawn_at IS NULL
    AND NOT with_care AND (until IS NULL OR until > :soon))
"""
WITHDRAW = """
UPDATE consent_record SET withdrawn_at = :at, withdrawn_by = :by
WHERE participant_id = :participant_id AND kind = :kind AND withdrawn_at IS NULL
RETURNING id
"""
OF = """
SELECT kind, version, given_at, given_by, OPENED(consent_record.signed), withdrawn_at,
  until, with_care
FROM consent_record
WHERE participant_id = :participant_id ORDER BY kind, given_at
"""
# One that runs out earlier anyway keeps its day.
END = """
UPDATE consent_record SET until = :until
WHERE participant_id = :participant_id AND kind = :kind AND given_at = :given_at
  AND withdrawn_at IS NULL AND with_care AND (until IS NULL OR until > :until)
"""
WITH_CARE = """
SELECT DISTINCT participant_id FROM consent_record WHERE with_care AND withdrawn_at IS NULL
"""
STRETCHES = "SELECT first, until FROM enrollment WHERE participant_id = :participant_id"
KEEP_WORDING = """
INSERT INTO consent_wording (kind, version, text) VALUES (:kind, :version, :text)
ON CONFLICT (kind, version) DO NOTHING
"""
WORDING = """
SELECT text FROM consent_wording WHERE kind = :kind AND version = :version
"""


@dataclass(frozen=True, slots=True)
class Consents:
    """Reads and writes consents within one transaction."""

    connection: Connection

    async def give(self, consent_id: str, person: ParticipantId, consent: Consent) -> None:
        """Note an agreement; one that holds already, in these words, keeps its instant."""
        await self.connection.execute(
            GIVE,
            id=consent_id,
            participant_id=person,
            kind=consent.kind,
            version=consent.version,
            at=consent.given_at,
            given_by=consent.given_by,
            signed=consent.signed,
            until=consent.until,
            with_care=consent.with_care,
            soon=consent.given_at.date() + ASK_AGAIN,
        )

    async def withdraw(
        self, person: ParticipantId, kind: ConsentKind, at: Instant, by: str
    ) -> bool:
        """Note that an agreement was taken back; says whether one was in force."""
        rows = await self.connection.fetch(
            WITHDRAW, participant_id=person, kind=kind, at=at, by=by
        )
        return bool(rows)

    async def of(self, person: ParticipantId) -> Sequence[Consent]:
        """Everything somebody agreed to, also what they took back, the oldest first."""
        rows = await self.connection.fetch(OF, participant_id=person)
        return [_consent(row) for row in rows]

    async def with_care(self) -> frozenset[ParticipantId]:
        """Who has agreed to something that ends with their care."""
        rows = await self.connection.fetch(WITH_CARE)
        return frozenset(ParticipantId(row["participant_id"]) for row in rows)

    async def end(self, person: ParticipantId, consent: Consent, until: date) -> None:
        """Note from which day on a consent that ends with care holds no more."""
        await self.connection.execute(
            END,
            participant_id=person,
            kind=consent.kind,
            given_at=consent.given_at,
            until=until,
        )

    async def stretches(self, person: ParticipantId) -> Sequence[Stretch]:
        """When somebody was, is and will be enrolled."""
        rows = await self.connection.fetch(STRETCHES, participant_id=person)
        return [(row["first"], row["until"]) for row in rows]

    async def keep_wording(self, wording: Wording) -> None:
        """Keep the words somebody agrees to, as they read them."""
        text = f"{wording.title}\n\n{wording.text}"
        await self.connection.execute(
            KEEP_WORDING, kind=wording.kind, version=wording.version, text=text
        )

    async def words(self, kind: ConsentKind, version: str) -> str:
        """The words of a version, title first; empty when they were not kept."""
        rows = await self.connection.fetch(WORDING, kind=kind, version=version)
        return str(rows[0]["text"]) if rows else ""


def _consent(row: Row) -> Consent:
    return Consent(
        ConsentKind(row["kind"]),
        instant(row["given_at"]),
        instant(row["withdrawn_at"]) if row["withdrawn_at"] else None,
        row["version"],
        row["given_by"],
        row["signed"],
        row["until"],
        row["with_care"],
    )

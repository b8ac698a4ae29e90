"""Consents as rows: given, taken back, given again; none is ever written over."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.consent import Consent, ConsentKind, Wording
from vioP.domain.ids import ParticipantId
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row

# One that holds already keeps its first instant, unless the words have changed since.
GIVE = """
INSERT INTO consent_record (id, participant_id, kind, version, given_at, given_by, signed)
SELECT :id, :participant_id, :kind, :version, :at, :given_by, :signed
WHERE NOT EXISTS (
  SELECT 1 FROM consent_record WHERE participant_id = :participant_id AND kind = :kind
    AND version = :version AND given_by = :given_by AND withdrawn_at IS NULL)
"""
WITHDRAW = """
UPDATE consent_record SET withdrawn_at = :at, withdrawn_by = :by
WHERE participant_id = :participant_id AND kind = :kind AND withdrawn_at IS NULL
RETURNING id
"""
OF = """
SELECT kind, version, given_at, given_by, signed, withdrawn_at FROM consent_record
WHERE participant_id = :participant_id ORDER BY kind, given_at
"""
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
    )

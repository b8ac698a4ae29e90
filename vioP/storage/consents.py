"""Consents as rows: given, taken back, given again."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.consent import Consent, ConsentKind
from vioP.domain.ids import ParticipantId
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection

GIVE = """
INSERT INTO consent (participant_id, kind, given_at) VALUES (:participant_id, :kind, :at)
ON CONFLICT (participant_id, kind) DO UPDATE SET
  given_at = excluded.given_at, withdrawn_at = NULL
WHERE consent.withdrawn_at IS NOT NULL
"""
WITHDRAW = """
UPDATE consent SET withdrawn_at = :at
WHERE participant_id = :participant_id AND kind = :kind AND withdrawn_at IS NULL
"""
OF = """
SELECT kind, given_at, withdrawn_at FROM consent
WHERE participant_id = :participant_id ORDER BY kind
"""


@dataclass(frozen=True, slots=True)
class Consents:
    """Reads and writes consents within one transaction."""

    connection: Connection

    async def give(
        self, participant_id: ParticipantId, kind: ConsentKind, at: Instant
    ) -> None:
        """Note an agreement; one that holds already keeps its first instant."""
        await self.connection.execute(GIVE, participant_id=participant_id, kind=kind, at=at)

    async def withdraw(
        self, participant_id: ParticipantId, kind: ConsentKind, at: Instant
    ) -> None:
        """Note that an agreement was taken back."""
        await self.connection.execute(
            WITHDRAW, participant_id=participant_id, kind=kind, at=at
        )

    async def of(self, participant_id: ParticipantId) -> Sequence[Consent]:
        """Everything somebody agreed to, also what they took back."""
        return [
            Consent(
                ConsentKind(row["kind"]),
                instant(row["given_at"]),
                instant(row["withdrawn_at"]) if row["withdrawn_at"] else None,
            )
            for row in await self.connection.fetch(OF, participant_id=participant_id)
        ]

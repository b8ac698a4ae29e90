"""Who staff are at the service where they sign in, as rows."""

from dataclasses import dataclass

from vioP.domain.ids import AccountId
from vioP.domain.time import Instant
from vioP.storage.database import Connection

WHO = """
SELECT account_id FROM known_elsewhere WHERE issuer = :issuer AND subject = :subject
"""
# Neither somebody there nor an account here is given away twice.
LINK = """
INSERT INTO known_elsewhere (issuer, subject, account_id, linked_at)
VALUES (:issuer, :subject, :account_id, :at)
ON CONFLICT DO NOTHING
RETURNING account_id
"""
FORGET = "DELETE FROM known_elsewhere WHERE account_id = :account_id RETURNING subject"


@dataclass(frozen=True, slots=True)
class KnownElsewhere:
    """Reads and writes who is who elsewhere, within one transaction."""

    connection: Connection

    async def who(self, issuer: str, subject: str) -> AccountId | None:
        """Whose account somebody of a service has here."""
        rows = await self.connection.fetch(WHO, issuer=issuer, subject=subject)
        return AccountId(rows[0]["account_id"]) if rows else None

    async def link(
        self, issuer: str, subject: str, account_id: AccountId, at: Instant
    ) -> bool:
        """Keep who somebody is there.

        Returns:
            Whether neither was known as somebody else.
        """
        found = await self.connection.fetch(
            LINK, issuer=issuer, subject=subject, account_id=account_id, at=at
        )
        return bool(found)

    async def forget(self, account_id: AccountId) -> bool:
        """Forget who an account's person is there.

        Returns:
            Whether it was known.
        """
        return bool(await self.connection.fetch(FORGET, account_id=account_id))

"""Links that work once, as rows: only a digest is kept, and it opens nothing."""

from dataclasses import dataclass

from vioP.domain.ids import AccountId
from vioP.domain.one_time_link import OncePurpose, OneTimeLink
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection

BY_DIGEST = """
SELECT id, account_id, purpose, made_at, expires, ended_at FROM one_time_link
WHERE digest = :digest
"""
MAKE = """
INSERT INTO one_time_link (id, account_id, purpose, digest, made_at, expires)
VALUES (:id, :account_id, :purpose, :digest, :made_at, :expires)
"""
# Whoever comes first has used it; there is no second time.
USE = """
UPDATE one_time_link SET ended_at = :now
WHERE id = :id AND ended_at IS NULL AND expires > :now
RETURNING id
"""
END_ALL = """
UPDATE one_time_link SET ended_at = :now
WHERE account_id = :account_id AND ended_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class OneTimeLinks:
    """Reads and writes links that work once, within one transaction."""

    connection: Connection

    async def by_digest(self, digest: str) -> OneTimeLink | None:
        """The link a token belongs to, whether it still opens anything or not."""
        rows = await self.connection.fetch(BY_DIGEST, digest=digest)
        if not rows:
            return None
        row = rows[0]
        return OneTimeLink(
            row["id"],
            AccountId(row["account_id"]),
            OncePurpose(row["purpose"]),
            instant(row["made_at"]),
            instant(row["expires"]),
            row["ended_at"] is not None,
        )

    async def make(self, link: OneTimeLink, digest: str) -> None:
        """Keep a new link; every older one of the account has ended."""
        await self.end_all(link.account_id, link.made_at)
        await self.connection.execute(
            MAKE,
            id=link.id,
            account_id=link.account_id,
            purpose=link.purpose,
            digest=digest,
            made_at=link.made_at,
            expires=link.expires,
        )

    async def use(self, link_id: str, now: Instant) -> bool:
        """Use a link up.

        Returns:
            Whether it worked until now.
        """
        return bool(await self.connection.fetch(USE, id=link_id, now=now))

    async def end_all(self, account_id: AccountId, now: Instant) -> None:
        """End every link of an account."""
        await self.connection.execute(END_ALL, account_id=account_id, now=now)

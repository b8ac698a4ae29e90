"""Notes about video services as rows: what they call our sessions and guests."""

from collections.abc import Mapping
from dataclasses import dataclass

from vioP.domain.time import Instant
from vioP.storage.database import Connection

FIND = "SELECT value FROM provider_note WHERE provider = :provider AND key = :key"
UNDER = """
SELECT key, value FROM provider_note
WHERE provider = :provider AND SUBSTR(key, 1, :length) = :prefix ORDER BY key
"""
KEEP = """
INSERT INTO provider_note (provider, key, value, at) VALUES (:provider, :key, :value, :at)
ON CONFLICT (provider, key) DO NOTHING
"""
REPLACE = """
INSERT INTO provider_note (provider, key, value, at) VALUES (:provider, :key, :value, :at)
ON CONFLICT (provider, key) DO UPDATE SET value = excluded.value, at = excluded.at
"""
DROP = "DELETE FROM provider_note WHERE provider = :provider AND key = :key"
HOST_ADDRESS = """
SELECT staff.email FROM session_staff JOIN staff ON staff.id = session_staff.staff_id
WHERE session_staff.session_id = :session_id ORDER BY session_staff.position LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class ProviderNotes:
    """Reads and writes notes within one transaction."""

    connection: Connection

    async def find(self, provider: str, key: str) -> str | None:
        """What is noted under a key, or nothing."""
        rows = await self.connection.fetch(FIND, provider=provider, key=key)
        return str(rows[0]["value"]) if rows else None

    async def under(self, provider: str, prefix: str) -> Mapping[str, str]:
        """Everything noted under keys that begin alike, in their order."""
        rows = await self.connection.fetch(
            UNDER, provider=provider, prefix=prefix, length=len(prefix)
        )
        return {row["key"]: row["value"] for row in rows}

    async def keep(self, provider: str, key: str, value: str, at: Instant) -> str:
        """Note something unless something is noted there; answers what stands."""
        await self.connection.execute(KEEP, provider=provider, key=key, value=value, at=at)
        return await self.find(provider, key) or value

    async def replace(self, provider: str, key: str, value: str, at: Instant) -> None:
        """Note something, whatever was noted there."""
        await self.connection.execute(
            REPLACE, provider=provider, key=key, value=value, at=at
        )

    async def drop(self, provider: str, key: str) -> None:
        """Forget what is noted under a key."""
        await self.connection.execute(DROP, provider=provider, key=key)

    async def host_address(self, session_id: str) -> str:
        """The mail address of the first host of a session; empty when there is none."""
        rows = await self.connection.fetch(HOST_ADDRESS, session_id=session_id)
        return str(rows[0]["email"] or "") if rows else ""

"""Who hosts a session and could take part in it by phone, and whether they are being rung."""

from dataclasses import dataclass

from vioP.domain.ids import SessionId
from vioP.storage.database import Connection

HOSTS = """
SELECT staff.phone FROM session_staff JOIN staff ON staff.id = session_staff.staff_id
WHERE session_staff.session_id = :session_id AND staff.phone <> ''
ORDER BY session_staff.position
"""
# About to be rung, rung and not yet decided, or on the line.
UNDER_WAY = """
SELECT id FROM attempt
WHERE session_id = :session_id AND channel = 'phone' AND rung = 'bridge'
  AND (outcome IS NULL OR state = 'bridged')
UNION ALL
SELECT key FROM delivery
WHERE session_id = :session_id AND kind = 'bridge' AND state IN ('pending', 'sending')
"""
RUNG = """
SELECT COUNT(*) AS number FROM delivery
WHERE session_id = :session_id AND kind = 'bridge'
"""


@dataclass(frozen=True, slots=True)
class Bridges:
    """Reads phone bridges within one transaction."""

    connection: Connection

    async def host_phone(self, session_id: SessionId) -> str:
        """The number of the first host who has one; empty when none has."""
        rows = await self.connection.fetch(HOSTS, session_id=session_id)
        return str(rows[0]["phone"]) if rows else ""

    async def is_under_way(self, session_id: SessionId) -> bool:
        """Whether a host is being rung, or on the line."""
        return bool(await self.connection.fetch(UNDER_WAY, session_id=session_id))

    async def times_rung(self, session_id: SessionId) -> int:
        """How often a host was rung for this session."""
        [row] = await self.connection.fetch(RUNG, session_id=session_id)
        return int(row["number"])

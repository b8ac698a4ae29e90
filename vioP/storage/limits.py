"""Counted tries as rows. A row names nobody: only the digest of whom and where it counts."""

from dataclasses import dataclass

from vioP.domain.limit import Limit
from vioP.domain.time import Instant, instant, later
from vioP.storage.database import Connection

COUNT = """
INSERT INTO tries (bucket, until, count) VALUES (:bucket, :until, 1)
ON CONFLICT (bucket) DO UPDATE SET
  count = CASE WHEN tries.until <= :now THEN 1 ELSE tries.count + 1 END,
  until = CASE WHEN tries.until <= :now THEN excluded.until ELSE tries.until END
RETURNING until, count
"""
IS_SPENT = """
SELECT count FROM tries WHERE bucket = :bucket AND until > :now AND count >= :most
"""
FORGET = "DELETE FROM tries WHERE bucket = :bucket"
FORGET_OLD = "DELETE FROM tries WHERE until <= :now"


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts tries within one transaction."""

    connection: Connection

    async def count(self, bucket: str, limit: Limit, now: Instant) -> Instant | None:
        """Count a try.

        Returns:
            Nothing while it is within the limit; otherwise when the next may be made.
        """
        until = later(now, limit.within)
        [row] = await self.connection.fetch(COUNT, bucket=bucket, until=until, now=now)
        return instant(row["until"]) if row["count"] > limit.most else None

    async def is_spent(self, bucket: str, limit: Limit, now: Instant) -> bool:
        """Whether no try is left; asking is none."""
        rows = await self.connection.fetch(
            IS_SPENT, bucket=bucket, now=now, most=limit.most
        )
        return bool(rows)

    async def forget(self, bucket: str) -> None:
        """Begin again: whoever tried has shown who they are."""
        await self.connection.execute(FORGET, bucket=bucket)

    async def forget_old(self, now: Instant) -> None:
        """Keep no count longer than it counts."""
        await self.connection.execute(FORGET_OLD, now=now)

"""Vital signs as queries: what is late, what is stuck, which rooms are silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.delivery import Channel
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection

LATE_JOBS = """
SELECT COUNT(*) AS number FROM job
WHERE due <= :before AND (lease_until IS NULL OR lease_until <= :now)
"""
OLDEST_JOB = """
SELECT due FROM job WHERE due <= :before AND (lease_until IS NULL OR lease_until <= :now)
ORDER BY due LIMIT 1
"""
FAILING_JOBS = "SELECT COUNT(*) AS number FROM job WHERE attempts >= :often"
# Invites of a whole week may take minutes, which is no trouble; a nudge may not.
STUCK = """
SELECT channel, COUNT(*) AS number FROM delivery
WHERE (state = 'pending' OR (state = 'sending' AND lease_until <= :now))
  AND due <= :before AND (deadline IS NULL OR deadline > :now)
  AND kind NOT IN ('invite', 'cancel', 'clocks', 'overview', 'feed_link')
GROUP BY channel
"""
SILENT_ROOMS = """
SELECT COUNT(*) AS number FROM room JOIN session ON session.id = room.session_id
WHERE room.silent_since <= :before AND session.starts <= :now AND session.ends > :now
  AND session.state = 'planned'
"""
DELIVERIES = """
SELECT channel, state, COUNT(*) AS number FROM delivery GROUP BY state, channel
"""
LADDER = """
SELECT due, done_at FROM delivery
WHERE state = 'sent' AND channel IN ('mail', 'sms', 'call_list', 'phone')
  AND due > :since AND done_at IS NOT NULL
  AND kind IN ('nudge', 'call', 'second_call', 'coordinator', 'clinician', 'host_absent',
    'incident')
"""
OPEN_ATTEMPTS = """
SELECT channel, begun_at FROM attempt WHERE outcome IS NULL ORDER BY begun_at
"""


@dataclass(frozen=True, slots=True)
class OpenAttempts:
    """Attempts to reach somebody that are not settled."""

    count: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class VitalSigns:
    """Reads vital signs within one transaction."""

    connection: Connection

    async def late_jobs(self, before: Instant, now: Instant) -> int:
        """How many jobs were due before an instant and are in nobody's hands."""
        [row] = await self.connection.fetch(LATE_JOBS, before=before, now=now)
        return int(row["number"])

    async def oldest_job(self, before: Instant, now: Instant) -> Instant | None:
        """When the oldest of these jobs was due."""
        rows = await self.connection.fetch(OLDEST_JOB, before=before, now=now)
        return instant(rows[0]["due"]) if rows else None

    async def failing_jobs(self, often: int) -> int:
        """How many jobs were tried so often without success."""
        [row] = await self.connection.fetch(FAILING_JOBS, often=often)
        return int(row["number"])

    async def stuck(self, before: Instant, now: Instant) -> Mapping[Channel, int]:
        """Messages somebody waits for that were due before an instant and have not left."""
        rows = await self.connection.fetch(STUCK, before=before, now=now)
        return {Channel(row["channel"]): int(row["number"]) for row in rows}

    async def silent_rooms(self, before: Instant, now: Instant) -> int:
        """How many running sessions have rooms that were silent before an instant."""
        [row] = await self.connection.fetch(SILENT_ROOMS, before=before, now=now)
        return int(row["number"])

    async def deliveries(self) -> Mapping[tuple[str, str], int]:
        """How many deliveries there are, by channel and state."""
        rows = await self.connection.fetch(DELIVERIES)
        return {(row["channel"], row["state"]): int(row["number"]) for row in rows}

    async def ladder_lateness(self, since: Instant) -> Sequence[float]:
        """How late each step of the ladder left that was due since an instant, in seconds."""
        rows = await self.connection.fetch(LADDER, since=since)
        return [(row["done_at"] - row["due"]).total_seconds() for row in rows]

    async def open_attempts(self, now: Instant) -> Mapping[Channel, OpenAttempts]:
        """How many attempts are open on each channel where people or machines call."""
        begun: dict[Channel, list[Instant]] = {Channel.CALL_LIST: [], Channel.PHONE: []}
        for row in await self.connection.fetch(OPEN_ATTEMPTS):
            begun.setdefault(Channel(row["channel"]), []).append(instant(row["begun_at"]))
        return {
            channel: OpenAttempts(
                len(times), (now - times[0]).total_seconds() if times else 0.0
            )
            for channel, times in begun.items()
        }

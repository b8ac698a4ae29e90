"""What a telephone company told us, as rows: kept before it is answered, heeded once."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.time import Instant
from vioP.storage.database import Connection

KEEP = """
INSERT INTO carrier_event (provider, event_id, target, body, received_at)
VALUES (:provider, :event_id, SEALED(:target, carrier_event.target, :provider, :event_id),
  SEALED(:body, carrier_event.body, :provider, :event_id), :at)
ON CONFLICT (provider, event_id) DO NOTHING
"""
IS_DONE = """
SELECT event_id FROM carrier_event
WHERE provider = :provider AND event_id = :event_id AND done_at IS NOT NULL
"""
# What was heeded is known by its name alone: its body may hold a number and what was written.
DONE = """
UPDATE carrier_event SET done_at = :at, body = '', target = ''
WHERE provider = :provider AND event_id = :event_id AND done_at IS NULL
"""
TRIED = """
UPDATE carrier_event SET tries = tries + 1
WHERE provider = :provider AND event_id = :event_id
"""
WAITING = """
SELECT provider, event_id, OPENED(carrier_event.target), OPENED(carrier_event.body), tries
FROM carrier_event
WHERE done_at IS NULL AND received_at <= :before AND tries < :tries
ORDER BY received_at, event_id LIMIT 100
"""


@dataclass(frozen=True, slots=True)
class CarrierEvent:
    """Something a carrier told us, byte for byte.

    Attributes:
        target: The path and query it was told at.
        tries: How often it was tried in vain to heed it.
    """

    provider: str
    event_id: str
    target: str
    body: str
    tries: int = 0

    @property
    def raw(self) -> bytes:
        """The body as it came."""
        return self.body.encode("latin-1")


@dataclass(frozen=True, slots=True)
class CarrierInbox:
    """Reads and writes what carriers told us, within one transaction."""

    connection: Connection

    async def keep(self, event: CarrierEvent, at: Instant) -> bool:
        """Keep what was told; the same twice is once.

        Returns:
            Whether it has yet to be heeded.
        """
        name = {"provider": event.provider, "event_id": event.event_id}
        await self.connection.execute(
            KEEP, **name, target=event.target, body=event.body, at=at
        )
        return not await self.connection.fetch(IS_DONE, **name)

    async def done(self, event: CarrierEvent, at: Instant) -> None:
        """Note that it was heeded, and forget what it said."""
        await self.connection.execute(
            DONE, provider=event.provider, event_id=event.event_id, at=at
        )

    async def tried(self, event: CarrierEvent) -> None:
        """Note that it could not be heeded now."""
        await self.connection.execute(
            TRIED, provider=event.provider, event_id=event.event_id
        )

    async def waiting(self, before: Instant, tries: int) -> Sequence[CarrierEvent]:
        """What was told before an instant and is not heeded, the oldest first."""
        rows = await self.connection.fetch(WAITING, before=before, tries=tries)
        return [
            CarrierEvent(
                row["provider"], row["event_id"], row["target"], row["body"], row["tries"]
            )
            for row in rows
        ]

"""Outages as rows: which channel is in trouble, since when, and when it is tried again."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.delivery import Channel
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection

# An outage that goes on keeps the instant it began.
NOTE = """
INSERT INTO outage (channel, reason, since, next_try)
VALUES (:channel, :reason, :since, :next_try)
ON CONFLICT (channel) DO UPDATE SET reason = excluded.reason, next_try = excluded.next_try
"""
END = "DELETE FROM outage WHERE channel = :channel"
ALL = "SELECT channel, reason, since, next_try FROM outage ORDER BY channel"


@dataclass(frozen=True, slots=True)
class Outage:
    """Trouble of a whole channel.

    Attributes:
        reason: The code of what went wrong last.
    """

    channel: Channel
    reason: str
    since: Instant
    next_try: Instant


@dataclass(frozen=True, slots=True)
class Outages:
    """Reads and writes outages within one transaction."""

    connection: Connection

    async def note(
        self, channel: Channel, reason: str, now: Instant, next_try: Instant
    ) -> None:
        """A channel is in trouble, still or from now on."""
        await self.connection.execute(
            NOTE, channel=channel, reason=reason, since=now, next_try=next_try
        )

    async def end(self, channel: Channel) -> None:
        """A channel carries again."""
        await self.connection.execute(END, channel=channel)

    async def all(self) -> Sequence[Outage]:
        """Every channel in trouble."""
        return [
            Outage(
                Channel(row["channel"]),
                row["reason"],
                instant(row["since"]),
                instant(row["next_try"]),
            )
            for row in await self.connection.fetch(ALL)
        ]

"""What sessions are made of, and for how long hosts confirmed that people were there."""

from collections.abc import Mapping
from dataclasses import dataclass

from vioP.domain.ids import SeatId, SessionId
from vioP.domain.session import Block
from vioP.domain.time import Instant
from vioP.storage.database import Connection

BLOCKS = """
SELECT id, blocks FROM session
WHERE state = 'planned' AND ends > :since AND starts < :until
"""
# The newest of a seat comes last.
MINUTES = """
SELECT confirmation.seat_id, confirmation.minutes
FROM confirmation JOIN seat ON seat.id = confirmation.seat_id
JOIN session ON session.id = seat.session_id
WHERE session.ends > :since AND session.starts < :until
ORDER BY confirmation.at, confirmation.id
"""


@dataclass(frozen=True, slots=True)
class CareRows:
    """Reads what care there was, within one transaction."""

    connection: Connection

    async def blocks(
        self, since: Instant, until: Instant
    ) -> Mapping[SessionId, tuple[Block, ...]]:
        """What each session that touches a stretch of time is made of."""
        rows = await self.connection.fetch(BLOCKS, since=since, until=until)
        return {
            SessionId(row["id"]): tuple(
                Block(each["kind"], each["minutes"]) for each in row["blocks"]
            )
            for row in rows
        }

    async def confirmed_minutes(
        self, since: Instant, until: Instant
    ) -> Mapping[SeatId, int]:
        """For how long a host confirmed last that somebody was there, by seat."""
        rows = await self.connection.fetch(MINUTES, since=since, until=until)
        return {SeatId(row["seat_id"]): row["minutes"] for row in rows}

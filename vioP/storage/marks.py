"""What holds for a whole session: marks by staff, the last look, and a pulse for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from vioP.domain.delivery import DeliveryState
from vioP.domain.ids import SeatId, SessionId
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row

CLOSE = "UPDATE session SET closed_at = :at WHERE id = :session_id AND closed_at IS NULL"
# What was said of an incident before is not about the next one.
INCIDENT_OVER = "incident_over"
MARK = """
INSERT INTO session_mark (id, session_id, mark, at, by)
VALUES (:id, :session_id, :mark, :at, :by)
"""
# One row for each seat and channel, by when it was said.
TOLD = """
SELECT kind, due, seat_id, state FROM delivery
WHERE session_id = :session_id AND kind IN ('host_late', 'room_down')
ORDER BY due, key
"""
# What a page of running sessions shows has changed when this has.
PULSE = """
SELECT
  (SELECT COUNT(*) FROM evidence JOIN seat ON seat.id = evidence.seat_id
   JOIN session ON session.id = seat.session_id
   WHERE session.ends > :since AND session.starts < :until) AS evidence,
  (SELECT COUNT(*) FROM delivery JOIN session ON session.id = delivery.session_id
   WHERE session.ends > :since AND session.starts < :until
     AND delivery.kind NOT IN ('invite', 'cancel')) AS steps,
  (SELECT COUNT(*) FROM delivery JOIN session ON session.id = delivery.session_id
   WHERE session.ends > :since AND session.starts < :until
     AND delivery.kind NOT IN ('invite', 'cancel') AND delivery.done_at IS NOT NULL) AS done,
  (SELECT COUNT(*) FROM attempt WHERE outcome IS NULL) AS open_attempts,
  (SELECT COUNT(*) FROM attempt WHERE outcome IS NULL AND claimed_by IS NOT NULL) AS claimed,
  (SELECT COUNT(*) FROM attempt WHERE outcome IS NULL AND state <> '') AS ringing,
  (SELECT COUNT(*) FROM session WHERE ends > :since AND starts < :until
     AND host_started_at IS NOT NULL) AS started,
  (SELECT COUNT(*) FROM session_mark WHERE at > :since) AS marks,
  (SELECT COUNT(*) FROM contact_fact WHERE at > :since) AS facts,
  (SELECT COUNT(*) FROM reply WHERE received_at > :since) AS replies,
  (SELECT COUNT(*) FROM matter WHERE decided_at IS NULL) AS open_matters
"""


@dataclass(frozen=True, slots=True)
class ToldNews:
    """What everybody of a session was told once.

    Attributes:
        reached: Whose mail or text has left, or is about to.
        missed: Who could be told by neither.
    """

    kind: str
    at: Instant
    reached: frozenset[SeatId]
    missed: frozenset[SeatId]


@dataclass(frozen=True, slots=True)
class Marks:
    """Reads and writes what holds for whole sessions, within one transaction."""

    connection: Connection

    async def close(self, session_id: SessionId, at: Instant) -> None:
        """Note the last look at a session."""
        await self.connection.execute(CLOSE, session_id=session_id, at=at)

    async def add(
        self, key: str, session_id: SessionId, mark: str, at: Instant, by: str
    ) -> None:
        """Keep what staff say about a whole session."""
        await self.connection.execute(
            MARK, id=key, session_id=session_id, mark=mark, at=at, by=by
        )

    async def told(self, session_id: SessionId) -> Sequence[ToldNews]:
        """What everybody of a session was told, the oldest first."""
        rows = await self.connection.fetch(TOLD, session_id=session_id)
        return [
            _told(kind, at, list(those))
            for (kind, at), those in groupby(rows, lambda row: (row["kind"], row["due"]))
        ]

    async def pulse(self, since: Instant, until: Instant) -> str:
        """A word that changes whenever something about the sessions of a stretch does."""
        [row] = await self.connection.fetch(PULSE, since=since, until=until)
        return "-".join(map(str, row.values()))


def _told(kind: str, at: datetime, rows: Sequence[Row]) -> ToldNews:
    leaves = {DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT}
    reached = {SeatId(row["seat_id"]) for row in rows if row["state"] in leaves}
    everybody = {SeatId(row["seat_id"]) for row in rows}
    return ToldNews(kind, instant(at), frozenset(reached), frozenset(everybody - reached))

"""What holds for a whole session: marks by staff, the last look, and a pulse for pages."""

from dataclasses import dataclass

from vioP.domain.ids import SessionId
from vioP.domain.time import Instant
from vioP.storage.database import Connection

CLOSE = "UPDATE session SET closed_at = :at WHERE id = :session_id AND closed_at IS NULL"
# What was said of an incident before is not about the next one.
INCIDENT_OVER = "incident_over"
MARK = """
INSERT INTO session_mark (id, session_id, mark, at, by)
VALUES (:id, :session_id, :mark, :at, :by)
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

    async def pulse(self, since: Instant, until: Instant) -> str:
        """A word that changes whenever something about the sessions of a stretch does."""
        [row] = await self.connection.fetch(PULSE, since=since, until=until)
        return "-".join(map(str, row.values()))

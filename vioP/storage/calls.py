"""Calls by a machine, as rows: the attempts of the channel ``phone``, as far as each got."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.call import CallState
from vioP.domain.ids import SessionId
from vioP.domain.time import Instant
from vioP.storage.database import Connection

CALL = """
SELECT id, session_id, seat_id, state, call_ref, outcome, rung FROM attempt
WHERE id = :id AND channel = 'phone'
"""
NOTE_CALL = "UPDATE attempt SET state = :state WHERE id = :id"
# The far end may have told how it goes before it told what it calls the call.
PLACED = """
UPDATE attempt SET call_ref = :call_ref,
  state = CASE WHEN state = '' THEN 'placed' ELSE state END
WHERE id = :id
"""
UNDER_WAY = """
SELECT DISTINCT seat_id FROM attempt
WHERE channel = 'phone' AND outcome IS NULL AND id <> :id AND seat_id = :seat_id
"""
RINGS_FOR_NOBODY = """
SELECT id, call_ref FROM attempt
WHERE session_id = :session_id AND channel = 'phone' AND call_ref IS NOT NULL
  AND seat_id = :seat_id AND state IN ('placed', 'ringing', 'answered')
"""
UNREPORTED = """
SELECT id FROM attempt
WHERE channel = 'phone' AND outcome IS NULL AND call_ref IS NOT NULL
ORDER BY begun_at
"""
NO_REPORT = """
UPDATE attempt SET outcome = 'no_report', settled_at = :at, settled_by = 'viop'
WHERE session_id = :session_id AND channel = 'phone' AND outcome IS NULL
  AND begun_at < :before
"""


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call by a machine, as far as it got.

    Attributes:
        rung: What it is for: a step of the ladder, or a drill.
    """

    id: str
    session_id: SessionId | None
    seat_id: str | None
    state: CallState
    reference: str | None
    outcome: str | None
    rung: str


@dataclass(frozen=True, slots=True)
class Calls:
    """Reads and writes calls within one transaction."""

    connection: Connection

    async def find(self, attempt_id: str) -> CallRow | None:
        """A call by a machine, or nothing when there is none of that key."""
        rows = await self.connection.fetch(CALL, id=attempt_id)
        if not rows:
            return None
        row = rows[0]
        return CallRow(
            row["id"],
            row["session_id"],
            row["seat_id"],
            CallState(row["state"] or CallState.PLACED),
            row["call_ref"],
            row["outcome"],
            row["rung"],
        )

    async def note(self, attempt_id: str, state: CallState) -> None:
        """Note how far a call got."""
        await self.connection.execute(NOTE_CALL, id=attempt_id, state=state)

    async def placed(self, attempt_id: str, reference: str) -> None:
        """Note what the far end calls a call."""
        await self.connection.execute(PLACED, id=attempt_id, call_ref=reference)

    async def is_under_way(self, attempt_id: str, seat_id: str | None) -> bool:
        """Whether another call to the same person is under way."""
        return bool(await self.connection.fetch(UNDER_WAY, id=attempt_id, seat_id=seat_id))

    async def to_end(
        self, session_id: SessionId, seat_id: str
    ) -> Sequence[tuple[str, str]]:
        """Calls that ring for somebody who is here: key and reference of each."""
        rows = await self.connection.fetch(
            RINGS_FOR_NOBODY, session_id=session_id, seat_id=seat_id
        )
        return [(row["id"], row["call_ref"]) for row in rows]

    async def unreported(self) -> Sequence[str]:
        """Calls that were placed and whose outcome is not known: the key of each."""
        return [row["id"] for row in await self.connection.fetch(UNREPORTED)]

    async def give_up_silent(
        self, session_id: SessionId, before: Instant, at: Instant
    ) -> None:
        """Settle calls of a session that began before an instant and never reported."""
        await self.connection.execute(
            NO_REPORT, session_id=session_id, before=before, at=at
        )

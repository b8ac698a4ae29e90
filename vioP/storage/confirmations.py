"""What hosts confirmed of seats, as rows: appended, and the newest of a seat counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.ids import SeatId, SessionId
from vioP.domain.sheet import Confirmed, Reason, SheetLine
from vioP.domain.time import Instant
from vioP.storage.database import Connection

ADD = """
INSERT INTO confirmation (id, seat_id, attendance, minutes, reason, by, at)
VALUES (:id, :seat_id, :attendance, :minutes, :reason, :by, :at)
"""
OF_SESSION = """
SELECT confirmation.seat_id, confirmation.attendance, confirmation.minutes, confirmation.reason
FROM confirmation JOIN seat ON seat.id = confirmation.seat_id
WHERE seat.session_id = :session_id
ORDER BY confirmation.at, confirmation.id
"""
CONFIRMED = """
SELECT DISTINCT seat.session_id
FROM confirmation JOIN seat ON seat.id = confirmation.seat_id
JOIN session ON session.id = seat.session_id
WHERE session.ends > :since AND session.starts < :until
"""


@dataclass(frozen=True, slots=True)
class Confirmations:
    """Reads and writes what was confirmed, within one transaction."""

    connection: Connection

    async def add(
        self, lines: Sequence[tuple[str, SheetLine]], by: str, at: Instant
    ) -> None:
        """Keep what was confirmed, each line under a key of its own."""
        await self.connection.execute_many(
            ADD,
            [
                {
                    "id": key,
                    "seat_id": line.seat_id,
                    "attendance": line.attendance or "",
                    "minutes": line.minutes,
                    "reason": line.reason,
                    "by": by,
                    "at": at,
                }
                for key, line in lines
            ],
        )

    async def of_session(self, session_id: SessionId) -> Mapping[SeatId, SheetLine]:
        """What was confirmed last of each seat of a session."""
        return {
            SeatId(row["seat_id"]): SheetLine(
                SeatId(row["seat_id"]),
                Confirmed(row["attendance"]),
                row["minutes"],
                Reason(row["reason"]),
            )
            for row in await self.connection.fetch(OF_SESSION, session_id=session_id)
        }

    async def confirmed(self, since: Instant, until: Instant) -> frozenset[SessionId]:
        """Which sessions of a stretch of time have been confirmed."""
        rows = await self.connection.fetch(CONFIRMED, since=since, until=until)
        return frozenset(SessionId(row["session_id"]) for row in rows)

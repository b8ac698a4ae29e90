"""What hosts confirmed of seats, as rows: appended, and the newest of a seat counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.ids import SeatId, SessionId
from vioP.domain.sheet import Confirmed, ConfirmedLine, Reason, SheetLine
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row

ADD = """
INSERT INTO confirmation (id, seat_id, attendance, minutes, reason, by, at)
VALUES (:id, :seat_id, :attendance, :minutes, :reason, :by, :at)
"""
_LINES = """
SELECT confirmation.seat_id, confirmation.attendance, confirmation.minutes,
  confirmation.reason, confirmation.by, confirmation.at
FROM confirmation JOIN seat ON seat.id = confirmation.seat_id
"""
# The newest of a seat comes last.
OF_SESSION = f"""{_LINES}
WHERE seat.session_id = :session_id ORDER BY confirmation.at, confirmation.id
"""
OF_SEAT = f"""{_LINES}
WHERE seat.id = :seat_id ORDER BY confirmation.at, confirmation.id
"""
BETWEEN = f"""{_LINES} JOIN session ON session.id = seat.session_id
WHERE session.ends > :since AND session.starts < :until
ORDER BY confirmation.at, confirmation.id
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

    async def of_session(self, session_id: SessionId) -> Sequence[ConfirmedLine]:
        """Everything that was confirmed of a session; the newest of a seat counts."""
        rows = await self.connection.fetch(OF_SESSION, session_id=session_id)
        return [_line(row) for row in rows]

    async def of_seat(self, seat_id: SeatId) -> Sequence[ConfirmedLine]:
        """Everything that was confirmed of a seat, the oldest first."""
        rows = await self.connection.fetch(OF_SEAT, seat_id=seat_id)
        return [_line(row) for row in rows]

    async def between(self, since: Instant, until: Instant) -> Mapping[SeatId, Confirmed]:
        """What was confirmed last of each seat of a stretch of time."""
        rows = await self.connection.fetch(BETWEEN, since=since, until=until)
        return {SeatId(row["seat_id"]): Confirmed(row["attendance"]) for row in rows}


def _line(row: Row) -> ConfirmedLine:
    line = SheetLine(
        SeatId(row["seat_id"]),
        Confirmed(row["attendance"]),
        row["minutes"],
        Reason(row["reason"]),
    )
    return ConfirmedLine(line, row["by"], instant(row["at"]))

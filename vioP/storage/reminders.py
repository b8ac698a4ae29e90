"""Who wants no reminders by mail any more."""

from dataclasses import dataclass

from vioP.domain.ids import ParticipantId, SeatId
from vioP.domain.time import Instant
from vioP.storage.database import Connection

WANTED = """
SELECT seat.participant_id, reminder_stop.at AS stopped_at
FROM seat
LEFT JOIN reminder_stop ON reminder_stop.participant_id = seat.participant_id
WHERE seat.id = :seat_id
"""
STOP = """
INSERT INTO reminder_stop (participant_id, at) VALUES (:participant_id, :at)
ON CONFLICT (participant_id) DO NOTHING
"""
RESUME = "DELETE FROM reminder_stop WHERE participant_id = :participant_id"


@dataclass(frozen=True, slots=True)
class ReminderChoice:
    """Whether somebody wants reminders by mail."""

    participant_id: ParticipantId
    wanted: bool


@dataclass(frozen=True, slots=True)
class Reminders:
    """Reads and writes this choice within one transaction."""

    connection: Connection

    async def of_seat(self, seat_id: SeatId) -> ReminderChoice | None:
        """What a seat's person has chosen, or nothing when there is no such seat."""
        rows = await self.connection.fetch(WANTED, seat_id=seat_id)
        if not rows:
            return None
        row = rows[0]
        return ReminderChoice(
            ParticipantId(row["participant_id"]), row["stopped_at"] is None
        )

    async def stop(self, participant_id: ParticipantId, at: Instant) -> None:
        """Send somebody no more of them."""
        await self.connection.execute(STOP, participant_id=participant_id, at=at)

    async def resume(self, participant_id: ParticipantId) -> None:
        """Send them again."""
        await self.connection.execute(RESUME, participant_id=participant_id)

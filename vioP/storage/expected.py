"""Who is expected at what is still to come, for reminding them."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.reminder import Expected
from vioP.domain.reply import Answer
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection

BETWEEN = """
SELECT seat.id, seat.session_id, seat.participant_id, OPENED(participant.name),
  participant.language, seat.zone, session.starts, reply.answer, reply.starts AS answered_starts
FROM seat
JOIN session ON session.id = seat.session_id
JOIN participant ON participant.id = seat.participant_id
LEFT JOIN reply ON reply.id = (
  SELECT newest.id FROM reply AS newest WHERE newest.seat_id = seat.id
  ORDER BY newest.sequence DESC, newest.stamped DESC, newest.received_at DESC, newest.id DESC
  LIMIT 1)
WHERE seat.state = 'active' AND session.state = 'planned' AND NOT participant.retired
  AND seat.link_revoked_at IS NULL
  AND session.starts > :since AND session.starts <= :until
ORDER BY session.starts, seat.id
"""


@dataclass(frozen=True, slots=True)
class ExpectedRows:
    """Reads who is expected within one transaction."""

    connection: Connection

    async def between(self, since: Instant, until: Instant) -> Sequence[Expected]:
        """Everybody with a seat in a session that starts then, but for who said no to it."""
        return [
            Expected(
                SeatId(row["id"]),
                SessionId(row["session_id"]),
                ParticipantId(row["participant_id"]),
                row["name"],
                row["zone"],
                instant(row["starts"]),
                row["language"] or "en",
            )
            for row in await self.connection.fetch(BETWEEN, since=since, until=until)
            if not (
                row["answer"] == Answer.DECLINED and row["answered_starts"] == row["starts"]
            )
        ]

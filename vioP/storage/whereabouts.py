"""Where people are as rows: said at each join, the newest answer of a seat counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.people import Licence, LicenceKind
from vioP.domain.time import Instant
from vioP.domain.whereabouts import Place, Whereabouts
from vioP.storage.database import Connection, Row

HOME = "SELECT OPENED(participant.city), state FROM participant WHERE id = :participant_id"
SAY = """
INSERT INTO whereabouts (seat_id, at, place, city, state, alone, can_talk)
VALUES (:seat_id, :at, :place, SEALED(:city, whereabouts.city, :seat_id), :state, :alone,
  :can_talk)
ON CONFLICT (seat_id) DO UPDATE SET at = excluded.at, place = excluded.place,
  city = excluded.city, state = excluded.state, alone = excluded.alone,
  can_talk = excluded.can_talk
"""
OF_SEAT = """
SELECT seat_id, place, OPENED(whereabouts.city), state, alone, can_talk FROM whereabouts
WHERE seat_id = :seat_id
"""
OF_SESSION = """
SELECT whereabouts.seat_id, whereabouts.place, OPENED(whereabouts.city), whereabouts.state,
  whereabouts.alone, whereabouts.can_talk
FROM whereabouts JOIN seat ON seat.id = whereabouts.seat_id
WHERE seat.session_id = :session_id
"""
LICENCES = """
SELECT licence.state, licence.kind, licence.number, licence.first, licence.last
FROM session_staff JOIN licence ON licence.staff_id = session_staff.staff_id
WHERE session_staff.session_id = :session_id
"""


@dataclass(frozen=True, slots=True)
class WhereaboutsRows:
    """Reads and writes where people are within one transaction."""

    connection: Connection

    async def home(self, participant_id: ParticipantId) -> tuple[str, str]:
        """The city and state somebody lives in."""
        rows = await self.connection.fetch(HOME, participant_id=participant_id)
        return rows[0]["city"], rows[0]["state"]

    async def say(self, seat_id: SeatId, said: Whereabouts, at: Instant) -> None:
        """Keep where somebody says they are."""
        await self.connection.execute(
            SAY,
            seat_id=seat_id,
            at=at,
            place=said.place,
            city=said.city,
            state=said.state,
            alone=said.alone,
            can_talk=said.can_talk,
        )

    async def of_seat(self, seat_id: SeatId) -> Whereabouts | None:
        """What somebody last said, or nothing."""
        rows = await self.connection.fetch(OF_SEAT, seat_id=seat_id)
        return _said(rows[0]) if rows else None

    async def of_session(self, session_id: SessionId) -> Mapping[SeatId, Whereabouts]:
        """What everybody of a session last said."""
        rows = await self.connection.fetch(OF_SESSION, session_id=session_id)
        return {SeatId(row["seat_id"]): _said(row) for row in rows}

    async def licences(self, session_id: SessionId) -> Sequence[Licence]:
        """The licences of whoever hosts a session."""
        return [
            Licence(
                row["state"],
                LicenceKind(row["kind"]),
                row["number"],
                row["first"],
                row["last"],
            )
            for row in await self.connection.fetch(LICENCES, session_id=session_id)
        ]


def _said(row: Row) -> Whereabouts:
    return Whereabouts(
        Place(row["place"]), row["city"], row["state"], row["alone"], row["can_talk"]
    )

"""Test sessions as rows: sessions beside the week's plan, of tech support and one person."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.availability import Interval
from vioP.domain.ids import ParticipantId, SeatId, SessionId, StaffId
from vioP.domain.time import Instant, Week, instant
from vioP.storage.database import Connection

BUSY = """
SELECT session_staff.staff_id, session.starts, session.ends
FROM session_staff JOIN session ON session.id = session_staff.session_id
WHERE session.state = 'planned' AND session.ends > :since AND session.starts < :until
"""
OWN = """
SELECT seat.id, seat.session_id, session.starts, session.monday
FROM seat JOIN session ON session.id = seat.session_id
WHERE seat.participant_id = :participant_id AND seat.state = 'active'
  AND session.state = 'planned' AND session.kind = 'tech_test' AND session.starts > :now
ORDER BY session.starts
"""
RELEASE = "UPDATE seat SET state = 'released' WHERE id = :seat_id"


@dataclass(frozen=True, slots=True)
class BookedTest:
    """A test session that is still to come."""

    seat_id: SeatId
    session_id: SessionId
    starts: Instant
    week: Week


@dataclass(frozen=True, slots=True)
class BookedTests:
    """Reads and writes test sessions within one transaction."""

    connection: Connection

    async def busy(
        self, since: Instant, until: Instant
    ) -> Mapping[StaffId, Sequence[Interval]]:
        """When everybody who works here holds a session."""
        found: defaultdict[StaffId, list[Interval]] = defaultdict(list)
        for row in await self.connection.fetch(BUSY, since=since, until=until):
            span = instant(row["starts"]), instant(row["ends"])
            found[StaffId(row["staff_id"])].append(span)
        return found

    async def ahead(
        self, participant_id: ParticipantId, now: Instant
    ) -> Sequence[BookedTest]:
        """Somebody's test sessions that are still to come."""
        rows = await self.connection.fetch(OWN, participant_id=participant_id, now=now)
        return [
            BookedTest(
                SeatId(row["id"]),
                SessionId(row["session_id"]),
                instant(row["starts"]),
                Week(row["monday"]),
            )
            for row in rows
        ]

    async def release(self, seat_id: SeatId) -> None:
        """Give a seat up."""
        await self.connection.execute(RELEASE, seat_id=seat_id)

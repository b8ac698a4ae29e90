"""Test sessions as rows: sessions beside the week's plan, of tech support and one person."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.availability import Interval
from vioP.domain.ids import ParticipantId, SeatId, SessionId, StaffId
from vioP.domain.time import Instant, Week, instant
from vioP.storage.database import Connection, Row

BUSY = """
SELECT session_staff.staff_id, session.starts, session.ends
FROM session_staff JOIN session ON session.id = session_staff.session_id
WHERE session.state = 'planned' AND session.ends > :since AND session.starts < :until
"""
_AHEAD = """
SELECT seat.id, seat.session_id, seat.participant_id, session.starts, session.ends,
  session.monday, participant.retired
FROM seat JOIN session ON session.id = seat.session_id
JOIN participant ON participant.id = seat.participant_id
WHERE {which} AND seat.state = 'active'
  AND session.state = 'planned' AND session.kind = 'tech_test' AND session.starts > :now
ORDER BY session.starts, seat.id
"""
OWN = _AHEAD.format(which="seat.participant_id = :participant_id")
# Its person has left, or has something else meanwhile, or who would be there is away then.
IMPOSSIBLE = _AHEAD.format(
    which="""(participant.retired OR EXISTS (
  SELECT 1 FROM seat AS other JOIN session AS care ON care.id = other.session_id
  WHERE other.participant_id = seat.participant_id AND other.state = 'active'
    AND care.state = 'planned' AND care.kind <> 'tech_test'
    AND care.starts < session.ends AND care.ends > session.starts)
OR EXISTS (
  SELECT 1 FROM session_staff JOIN leave ON leave.staff_id = session_staff.staff_id
  WHERE session_staff.session_id = session.id
    AND leave.starts < session.ends AND leave.ends > session.starts))"""
)
RELEASE = "UPDATE seat SET state = 'released' WHERE id = :seat_id"


@dataclass(frozen=True, slots=True)
class BookedTest:
    """A test session that is still to come.

    Attributes:
        is_wanted: Whether its person is still in the program.
    """

    seat_id: SeatId
    session_id: SessionId
    participant_id: ParticipantId
    starts: Instant
    ends: Instant
    week: Week
    is_wanted: bool = True


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
        return list(map(_booked, rows))

    async def impossible(self, now: Instant) -> Sequence[BookedTest]:
        """Tests still to come that cannot be: for care, for leave, or because somebody left."""
        return list(map(_booked, await self.connection.fetch(IMPOSSIBLE, now=now)))

    async def release(self, seats: Sequence[SeatId]) -> None:
        """Give seats up."""
        if seats:
            rows = [{"seat_id": each} for each in seats]
            await self.connection.execute_many(RELEASE, rows)


def _booked(row: Row) -> BookedTest:
    return BookedTest(
        SeatId(row["id"]),
        SessionId(row["session_id"]),
        ParticipantId(row["participant_id"]),
        instant(row["starts"]),
        instant(row["ends"]),
        Week(row["monday"]),
        is_wanted=not row["retired"],
    )

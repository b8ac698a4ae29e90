"""What may be searched for: sessions near today with their seats, people, and cohorts."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.ids import CohortId, ParticipantId, SeatId, SessionId, StaffId
from vioP.domain.session import Kind
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row

# Whose sessions is decided here, so that nothing of anybody else is ever read.
NEARBY = """
SELECT session.id AS session_id, session.kind, session.cohort_id, session.starts, session.ends,
  (SELECT lead.staff_id FROM session_staff AS lead WHERE lead.session_id = session.id
   ORDER BY lead.position LIMIT 1) AS lead_id,
  seat.id AS seat_id, participant.id AS participant_id, OPENED(participant.name)
FROM session
LEFT JOIN seat ON seat.session_id = session.id AND seat.state = 'active'
LEFT JOIN participant ON participant.id = seat.participant_id
  AND participant.id NOT IN (SELECT participant_id FROM erasure)
WHERE session.state = 'planned' AND session.ends > :since AND session.starts < :until{whose}
ORDER BY session.starts, session.id, seat.id
"""
OF_ALL = NEARBY.format(whose="")
OF_STAFF = NEARBY.format(
    whose=""" AND EXISTS (SELECT 1 FROM session_staff AS own
  WHERE own.session_id = session.id AND own.staff_id = :staff_id)"""
)
PEOPLE = """
SELECT participant.id, OPENED(participant.name), (
  SELECT newest.cohort_id FROM enrollment AS newest
  WHERE newest.participant_id = participant.id
  ORDER BY newest.until DESC, newest.id LIMIT 1) AS cohort_id
FROM participant WHERE participant.id NOT IN (SELECT participant_id FROM erasure)
ORDER BY participant.id
"""
COHORTS = "SELECT id FROM cohort ORDER BY id"


@dataclass(frozen=True, slots=True)
class NearSeat:
    """One seat of a session near today."""

    id: SeatId
    participant_id: ParticipantId
    name: str


@dataclass(frozen=True, slots=True)
class NearSession:
    """One session near today."""

    id: SessionId
    kind: Kind
    cohort_id: CohortId | None
    starts: Instant
    ends: Instant
    lead_id: str
    seats: tuple[NearSeat, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody of the program, with the cohort they were enrolled in last."""

    id: ParticipantId
    name: str
    cohort_id: CohortId | None


@dataclass(frozen=True, slots=True)
class Nearby:
    """Reads what may be searched for, within one transaction."""

    connection: Connection

    async def sessions(self, since: Instant, until: Instant) -> Sequence[NearSession]:
        """Every session that touches a stretch of time, in order of start."""
        return _sessions(await self.connection.fetch(OF_ALL, since=since, until=until))

    async def of_staff(
        self, staff_id: StaffId, since: Instant, until: Instant
    ) -> Sequence[NearSession]:
        """The sessions somebody hosts within a stretch of time."""
        rows = await self.connection.fetch(
            OF_STAFF, staff_id=staff_id, since=since, until=until
        )
        return _sessions(rows)

    async def people(self) -> Sequence[Listed]:
        """Everybody of the program but those who were erased, in order of name."""
        people = [
            Listed(
                ParticipantId(row["id"]),
                row["name"],
                CohortId(row["cohort_id"]) if row["cohort_id"] else None,
            )
            for row in await self.connection.fetch(PEOPLE)
        ]
        return sorted(people, key=lambda each: (each.name, each.id))

    async def cohorts(self) -> Sequence[CohortId]:
        """Every cohort."""
        return [CohortId(row["id"]) for row in await self.connection.fetch(COHORTS)]


def _sessions(rows: Sequence[Row]) -> list[NearSession]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["session_id"], []).append(row)
    return [_session(group) for group in groups.values()]


def _session(rows: Sequence[Row]) -> NearSession:
    first = rows[0]
    seats = [
        NearSeat(SeatId(row["seat_id"]), ParticipantId(row["participant_id"]), row["name"])
        for row in rows
        if row["participant_id"] is not None
    ]
    return NearSession(
        id=SessionId(first["session_id"]),
        kind=Kind(first["kind"]),
        cohort_id=CohortId(first["cohort_id"]) if first["cohort_id"] else None,
        starts=instant(first["starts"]),
        ends=instant(first["ends"]),
        lead_id=first["lead_id"] or "",
        seats=tuple(sorted(seats, key=lambda each: (each.name, each.id))),
    )

"""What people were promised of sessions: the groups of a week, and what no longer holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from vioP.domain.following import Place
from vioP.domain.ids import ParticipantId, StaffId
from vioP.domain.session import Block, BrokenPromise, LeftBehind, Promise, ToldSession
from vioP.domain.time import Instant, Week, instant
from vioP.storage.alarms import moment
from vioP.storage.database import Connection, Row

PROMISES = """
SELECT key, monday, day, wall_time, zone, starts FROM session
WHERE state = 'planned' AND starts > :now AND kind <> 'tech_test' ORDER BY starts, key
"""
# Nothing but its time is asked of what is yet to begin, and that of groups alone.
TOLD = """
SELECT session.key, session.day, session.wall_time, session.zone, session.starts, session.ends,
  session.blocks, session_staff.staff_id, seat.participant_id
FROM session LEFT JOIN session_staff ON session_staff.session_id = session.id
LEFT JOIN seat ON seat.session_id = session.id AND seat.state = 'active'
  AND session.kind <> 'group'
WHERE session.monday = :monday AND session.state = 'planned'
  AND (session.kind = 'group' OR session.starts <= :now AND session.kind <> 'tech_test')
ORDER BY session.key, session_staff.position, seat.id
"""
LEFT_BEHIND = """
SELECT DISTINCT session.monday, seat.participant_id, OPENED(participant.name)
FROM session
JOIN seat ON seat.session_id = session.id AND seat.state = 'active'
JOIN participant ON participant.id = seat.participant_id
LEFT JOIN cohort ON cohort.id = session.cohort_id
WHERE session.state = 'planned' AND session.starts > :now AND session.kind <> 'tech_test'
  AND NOT EXISTS (
    SELECT 1 FROM enrollment JOIN cohort AS theirs ON theirs.id = enrollment.cohort_id
    WHERE enrollment.participant_id = seat.participant_id
      AND enrollment.first <= session.day AND enrollment.until > session.day
      AND (cohort.id IS NULL OR theirs.track_id = cohort.track_id))
ORDER BY session.monday, seat.participant_id
"""
HELD_UNTIL = """
SELECT MAX(session.ends) AS held_until
FROM session JOIN session_staff ON session_staff.session_id = session.id
WHERE session_staff.staff_id = :staff_id AND session.state = 'planned'
  AND session.starts >= :since AND session.ends <= :now
  AND session.host_started_at IS NOT NULL
"""
LEFT = """
SELECT session.key, seat.participant_id
FROM session JOIN seat ON seat.session_id = session.id AND seat.state = 'released'
WHERE session.monday = :monday AND session.kind = 'group'
ORDER BY session.key, seat.participant_id
"""


@dataclass(frozen=True, slots=True)
class PromiseRows:
    """Reads promises within one transaction."""

    connection: Connection

    async def broken(self, now: Instant) -> Sequence[BrokenPromise]:
        """Sessions ahead whose instant and promised clock reading have come apart."""
        ahead = [
            BrokenPromise(
                row["key"], Week(row["monday"]), _promise(row), instant(row["starts"])
            )
            for row in await self.connection.fetch(PROMISES, now=now)
        ]
        return [each for each in ahead if each.promise.kept_at() != each.starts]

    async def told(self, week: Week, now: Instant) -> Mapping[str, ToldSession]:
        """A week's groups, and what else has begun, as people know of them, by key."""
        rows = await self.connection.fetch(TOLD, monday=week.monday, now=now)
        hosts, people = _each(rows, "staff_id"), _each(rows, "participant_id")
        return {
            row["key"]: ToldSession(
                row["key"],
                _promise(row),
                instant(row["starts"]),
                instant(row["ends"]),
                tuple(Block(each["kind"], each["minutes"]) for each in row["blocks"]),
                tuple(StaffId(each) for each in hosts.get(row["key"], ())),
                tuple(ParticipantId(each) for each in people.get(row["key"], ())),
            )
            for row in rows
        }

    async def held_until(
        self, staff_id: StaffId, since: Instant, now: Instant
    ) -> Instant | None:
        """When the last session ended that somebody hosted and that is over; or nothing."""
        [row] = await self.connection.fetch(
            HELD_UNTIL, staff_id=staff_id, since=since, now=now
        )
        return moment(row["held_until"])

    async def left_behind(self, now: Instant) -> Sequence[LeftBehind]:
        """Who has appointments ahead that no enrollment of theirs in that track covers."""
        return [
            LeftBehind(
                Week(row["monday"]), ParticipantId(row["participant_id"]), row["name"]
            )
            for row in await self.connection.fetch(LEFT_BEHIND, now=now)
        ]

    async def left(self, week: Week) -> frozenset[Place]:
        """The places in a week's groups that people had, and were told are gone."""
        rows = await self.connection.fetch(LEFT, monday=week.monday)
        return frozenset((row["key"], ParticipantId(row["participant_id"])) for row in rows)


def _each(rows: Iterable[Row], column: str) -> Mapping[str, Iterable[str]]:
    """The values of a column by the session's key, each once, in order."""
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        if row[column] is not None:
            found.setdefault(row["key"], {})[row[column]] = None
    return found


def _promise(row: Row) -> Promise:
    return Promise(row["day"], time.fromisoformat(row["wall_time"]), row["zone"])

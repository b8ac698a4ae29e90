"""What people were promised of sessions: the groups of a week, and what no longer holds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from vioP.domain.following import Place
from vioP.domain.ids import ParticipantId, StaffId
from vioP.domain.session import Block, BrokenPromise, Promise, ToldGroup
from vioP.domain.time import Instant, Week, instant
from vioP.storage.database import Connection, Row

PROMISES = """
SELECT key, monday, day, wall_time, zone, starts FROM session
WHERE state = 'planned' AND starts > :now AND kind <> 'tech_test' ORDER BY starts, key
"""
GROUPS = """
SELECT session.key, session.day, session.wall_time, session.zone, session.starts, session.ends,
  session.blocks, session_staff.staff_id
FROM session LEFT JOIN session_staff ON session_staff.session_id = session.id
WHERE session.monday = :monday AND session.kind = 'group' AND session.state = 'planned'
ORDER BY session.key, session_staff.position
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

    async def groups(self, week: Week) -> Mapping[str, ToldGroup]:
        """A week's group sessions as people know of them, by key."""
        rows = await self.connection.fetch(GROUPS, monday=week.monday)
        hosts: dict[str, list[StaffId]] = defaultdict(list)
        for row in rows:
            if row["staff_id"] is not None:
                hosts[row["key"]].append(StaffId(row["staff_id"]))
        return {
            row["key"]: ToldGroup(
                row["key"],
                _promise(row),
                instant(row["starts"]),
                instant(row["ends"]),
                tuple(Block(each["kind"], each["minutes"]) for each in row["blocks"]),
                tuple(hosts[row["key"]]),
            )
            for row in rows
        }

    async def left(self, week: Week) -> frozenset[Place]:
        """The places in a week's groups that people had, and were told are gone."""
        rows = await self.connection.fetch(LEFT, monday=week.monday)
        return frozenset((row["key"], ParticipantId(row["participant_id"])) for row in rows)


def _promise(row: Row) -> Promise:
    return Promise(row["day"], time.fromisoformat(row["wall_time"]), row["zone"])

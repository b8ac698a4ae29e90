"""Time off that was asked for, as rows: asked, then decided or withdrawn once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vioP.domain.ids import StaffId
from vioP.domain.time import Instant
from vioP.domain.time_off import TimeOff, TimeOffState
from vioP.storage.database import Connection, Row

_COLUMNS = "id, staff_id, first, last, state, answer"
OPEN = f"""
SELECT {_COLUMNS} FROM time_off WHERE state = 'asked' ORDER BY first, id
"""  # noqa: S608 - ours
COUNT = "SELECT COUNT(*) AS number FROM time_off WHERE state = 'asked'"
OF_STAFF = f"""
SELECT {_COLUMNS} FROM time_off WHERE staff_id = :staff_id AND last >= :since
ORDER BY first, asked_at, id
"""  # noqa: S608 - ours
ADD = """
INSERT INTO time_off (id, staff_id, first, last, state, answer, asked_at, decided_by)
VALUES (:id, :staff_id, :first, :last, 'asked', '', :at, '')
"""
SETTLE = f"""
UPDATE time_off SET state = :state, answer = :answer, decided_at = :at, decided_by = :by
WHERE id = :id AND state = 'asked' RETURNING {_COLUMNS}
"""  # noqa: S608 - ours
TAKE_BACK = """
UPDATE time_off SET state = 'withdrawn', decided_at = :at, decided_by = :by
WHERE id = :id AND state = 'accepted'
"""


@dataclass(frozen=True, slots=True)
class TimeOffRows:
    """Reads and writes requests for time off within one transaction."""

    connection: Connection

    async def add(self, asked: TimeOff, at: Instant) -> None:
        """Keep a request."""
        await self.connection.execute(
            ADD,
            id=asked.id,
            staff_id=asked.staff_id,
            first=asked.first,
            last=asked.last,
            at=at,
        )

    async def settle(
        self, request_id: str, state: TimeOffState, answer: str, by: str, at: Instant
    ) -> TimeOff | None:
        """Decide about a request that is open; nothing if there is none such any more."""
        rows = await self.connection.fetch(
            SETTLE, id=request_id, state=state, answer=answer, by=by, at=at
        )
        return _time_off(rows[0]) if rows else None

    async def take_back(self, leave_id: str, by: str, at: Instant) -> None:
        """The leave that was agreed to is taken back: it bears the request's identifier."""
        await self.connection.execute(TAKE_BACK, id=leave_id, by=by, at=at)

    async def open(self) -> Sequence[TimeOff]:
        """Everything that waits for a decision, the earliest days first."""
        return list(map(_time_off, await self.connection.fetch(OPEN)))

    async def count_open(self) -> int:
        """How many wait for a decision."""
        [row] = await self.connection.fetch(COUNT)
        return int(row["number"])

    async def of_staff(self, staff_id: StaffId, since: date) -> tuple[TimeOff, ...]:
        """What somebody asked for that is not over before a day."""
        rows = await self.connection.fetch(OF_STAFF, staff_id=staff_id, since=since)
        return tuple(map(_time_off, rows))


def _time_off(row: Row) -> TimeOff:
    return TimeOff(
        row["id"],
        StaffId(row["staff_id"]),
        row["first"],
        row["last"],
        TimeOffState(row["state"]),
        row["answer"],
    )

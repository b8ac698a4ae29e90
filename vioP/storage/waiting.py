"""Waiting lists as rows: an entry is open until it is closed, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from vioP.domain.enrollment import Enrollment
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.time import Instant
from vioP.domain.waiting import Entry, Offer, WaitingState
from vioP.storage.database import Connection, Row

_ENROLLMENTS = TypeAdapter(tuple[Enrollment, ...])
_ALL = """
SELECT waiting.id, waiting.participant_id, waiting.cohort_id, waiting.asked_on,
  waiting.earliest, waiting.days, OPENED(waiting.note), waiting.state, waiting.offer_first,
  waiting.offer_until, OPENED(waiting.reason), OPENED(participant.name)
FROM waiting JOIN participant ON participant.id = waiting.participant_id
"""
OPEN = f"""{_ALL} WHERE waiting.closed_at IS NULL
ORDER BY waiting.cohort_id, waiting.asked_on, waiting.id"""
OF_ID = f"{_ALL} WHERE waiting.id = :id"
_WAITED_FOR = "(SELECT cohort_id FROM waiting WHERE closed_at IS NULL)"
ENROLLMENTS = f"""
SELECT enrollment.id, enrollment.participant_id, enrollment.cohort_id, enrollment.first,
  enrollment.until, enrollment.days, enrollment.phase, enrollment.pauses
FROM enrollment JOIN participant ON participant.id = enrollment.participant_id
WHERE NOT participant.retired AND enrollment.until >= :day
  AND enrollment.cohort_id IN {_WAITED_FOR} ORDER BY enrollment.id
"""  # noqa: S608 - ours
ADD = """
INSERT INTO waiting (id, participant_id, cohort_id, asked_on, earliest, days, note, state,
  reason, noted_by, noted_at, changed_by, changed_at)
VALUES (:id, :participant_id, :cohort_id, :asked_on, :earliest, :days,
  SEALED(:note, waiting.note, :id), 'waiting', '', :by, :at, :by, :at)
"""
_CHANGED = "changed_by = :by, changed_at = :at"
OFFER = f"""
UPDATE waiting SET state = 'offered', offer_first = :first, offer_until = :until, {_CHANGED}
WHERE id = :id AND closed_at IS NULL
"""  # noqa: S608 - ours
TAKE_BACK = f"""
UPDATE waiting SET state = 'waiting', offer_first = NULL, offer_until = NULL, {_CHANGED}
WHERE id = :id AND closed_at IS NULL
"""  # noqa: S608 - ours
CLOSE = f"""
UPDATE waiting SET state = :state, reason = SEALED(:reason, waiting.reason, :id),
  closed_at = :at, {_CHANGED}
WHERE id = :id AND closed_at IS NULL
"""  # noqa: S608 - ours


@dataclass(frozen=True, slots=True)
class Waiting:
    """Reads and writes waiting lists within one transaction."""

    connection: Connection

    async def open(self) -> Sequence[Entry]:
        """Everybody who waits for a place or has one held, cohort by cohort, in order."""
        return list(map(_entry, await self.connection.fetch(OPEN)))

    async def of_id(self, entry_id: str) -> Entry | None:
        """An entry, open or closed."""
        rows = await self.connection.fetch(OF_ID, id=entry_id)
        return _entry(rows[0]) if rows else None

    async def enrollments(self, since: date) -> tuple[Enrollment, ...]:
        """Who is in cohorts somebody waits for, but for whoever left them before a day."""
        rows = await self.connection.fetch(ENROLLMENTS, day=since)
        return _ENROLLMENTS.validate_python(tuple(rows))

    async def add(self, entry: Entry, by: str, at: Instant) -> None:
        """Put somebody on a list."""
        await self.connection.execute(
            ADD,
            id=entry.id,
            participant_id=entry.participant_id,
            cohort_id=entry.cohort_id,
            asked_on=entry.asked_on,
            earliest=entry.earliest,
            days=list(entry.days),
            note=entry.note,
            by=by,
            at=at,
        )

    async def offer(self, entry_id: str, offer: Offer, by: str, at: Instant) -> None:
        """Hold a place for somebody."""
        await self.connection.execute(
            OFFER, id=entry_id, first=offer.first, until=offer.until, by=by, at=at
        )

    async def take_back(self, entry_id: str, by: str, at: Instant) -> None:
        """Hold no place any more; they wait on."""
        await self.connection.execute(TAKE_BACK, id=entry_id, by=by, at=at)

    async def close(
        self, entry_id: str, state: WaitingState, reason: str, by: str, at: Instant
    ) -> None:
        """Close an open entry for good."""
        await self.connection.execute(
            CLOSE, id=entry_id, state=state, reason=reason, by=by, at=at
        )


def _entry(row: Row) -> Entry:
    offer = None
    if row["offer_first"] is not None:
        offer = Offer(row["offer_first"], row["offer_until"])
    return Entry(
        row["id"],
        ParticipantId(row["participant_id"]),
        CohortId(row["cohort_id"]),
        row["asked_on"],
        row["earliest"],
        tuple(row["days"]),
        row["note"],
        WaitingState(row["state"]),
        offer,
        row["reason"],
        row["name"],
    )

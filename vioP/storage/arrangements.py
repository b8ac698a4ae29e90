"""Arrangements as rows: noted, listed, taken back. Each change makes drafts stale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from vioP.domain.arrangement import (
    Arrangement,
    Arrangements,
    ClosedDay,
    Journey,
    KeptApart,
    MakeUp,
    MergedMeeting,
    MovedMeeting,
    OpenedPhase,
    Pin,
    StandIn,
    arranged,
)
from vioP.domain.time import Instant
from vioP.storage.database import Connection
from vioP.storage.programme_sql import TOUCH

ALL = "SELECT id, kind, details FROM arrangement ORDER BY noted_at, id"
ADD = """
INSERT INTO arrangement (id, kind, details, noted_at, noted_by)
VALUES (:id, :kind, :details, :at, :by)
"""
OF_ID = "SELECT id, kind, details FROM arrangement WHERE id = :id"
REMOVE = "DELETE FROM arrangement WHERE id = :id"

_KINDS: dict[str, TypeAdapter[Any]] = {
    "pin": TypeAdapter(Pin),
    "journey": TypeAdapter(Journey),
    "kept_apart": TypeAdapter(KeptApart),
    "opened_phase": TypeAdapter(OpenedPhase),
    "make_up": TypeAdapter(MakeUp),
    "stand_in": TypeAdapter(StandIn),
    "moved_meeting": TypeAdapter(MovedMeeting),
    "merged_meeting": TypeAdapter(MergedMeeting),
    "closed_day": TypeAdapter(ClosedDay),
}
_NAMES = {
    Pin: "pin",
    Journey: "journey",
    KeptApart: "kept_apart",
    OpenedPhase: "opened_phase",
    MakeUp: "make_up",
    StandIn: "stand_in",
    MovedMeeting: "moved_meeting",
    MergedMeeting: "merged_meeting",
    ClosedDay: "closed_day",
}


@dataclass(frozen=True, slots=True)
class NotedArrangement:
    """An arrangement as it was noted."""

    id: str
    what: Arrangement


def to_record(noted: NotedArrangement) -> dict[str, object]:
    """An arrangement as its columns."""
    kind = _NAMES[type(noted.what)]
    details = _KINDS[kind].dump_python(noted.what, mode="json")
    return {"id": noted.id, "kind": kind, "details": details}


def from_record(record: Any) -> NotedArrangement:
    """An arrangement from its columns."""
    return NotedArrangement(
        record["id"], _KINDS[record["kind"]].validate_python(record["details"])
    )


@dataclass(frozen=True, slots=True)
class ArrangementRows:
    """Reads and writes arrangements within one transaction."""

    connection: Connection

    async def noted(self) -> Sequence[NotedArrangement]:
        """Every arrangement with its identifier, in the order they were noted."""
        return [from_record(row) for row in await self.connection.fetch(ALL)]

    async def all(self) -> Arrangements:
        """Every arrangement, by kind."""
        return arranged(each.what for each in await self.noted())

    async def add(self, noted: NotedArrangement, at: Instant, by: str) -> None:
        """Note an arrangement."""
        await self.connection.execute(ADD, **to_record(noted), at=at, by=by)
        await self.connection.execute(TOUCH)

    async def remove(self, arrangement_id: str) -> Arrangement | None:
        """Take an arrangement back; says what it was, or nothing where there is none."""
        found = await self.connection.fetch(OF_ID, id=arrangement_id)
        if not found:
            return None
        await self.connection.execute(REMOVE, id=arrangement_id)
        await self.connection.execute(TOUCH)
        return from_record(found[0]).what

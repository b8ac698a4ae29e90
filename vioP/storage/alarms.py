"""Alarms about whole sessions: of what a human was told, and how often."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from vioP.domain.fallback import Breaker
from vioP.domain.time import Instant, instant
from vioP.storage.database import Row


def alarms_of(rows: Sequence[Row]) -> dict[str, Any]:
    """The alarms of one session as a live session holds them, from all its rows.

    An alarm about an incident that is over says nothing about the next one.
    """
    over = moment(rows[0]["incident_over_at"])
    alarms = {
        row["delivery_key"]: (Breaker(row["delivery_kind"]), instant(row["delivery_due"]))
        for row in rows
        if row["delivery_key"] and row["delivery_seat_id"] is None
    }.values()
    incidents = [due for breaker, due in alarms if breaker is Breaker.INCIDENT]
    told = {breaker for breaker, _ in alarms}
    if over is not None and all(due <= over for due in incidents):
        told.discard(Breaker.INCIDENT)
    return {"told": frozenset(told), "incidents": len(incidents)}


def moment(value: datetime | str | None) -> Instant | None:
    """An instant that was looked up; SQLite gives what a subquery finds as text."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return instant(found) if found else None

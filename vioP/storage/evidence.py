"""Rows of evidence as facts, and which of them are about the time an appointment has now."""

from collections.abc import Iterable
from dataclasses import dataclass

from vioP.domain.attendance import Evidence, Fact, Leg
from vioP.domain.moved import of_this_time
from vioP.domain.time import instant
from vioP.storage.database import Row


@dataclass(frozen=True, slots=True)
class SeenNow:
    """What was seen and said of somebody at the present time of their appointment.

    Attributes:
        times: How often it was put to another time when something may have been seen.
    """

    evidence: tuple[Evidence, ...]
    times: int


def seen_now(rows: Iterable[Row]) -> SeenNow:
    """The facts of one seat from rows that may name each of them more than once, or none."""
    seen = {
        row["evidence_id"]: evidence_of(row)
        for row in rows
        if row["evidence_id"] is not None
    }
    moved = [key for key in seen if seen[key].fact is Fact.MOVED]
    facts = sorted(seen.values(), key=lambda each: each.at)
    if not moved:
        return SeenNow(tuple(facts), 0)
    # Identifiers are in the order in which facts were noted.
    return SeenNow(of_this_time(facts, seen[max(moved)].at), len(moved))


def evidence_of(row: Row) -> Evidence:
    """One fact from a row that names its columns as the table does."""
    return Evidence(
        Fact(row["fact"]),
        instant(row["at"]),
        row["source"],
        Leg(row["leg"]) if row["leg"] else None,
        row["connection"],
    )

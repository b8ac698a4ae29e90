"""What the service leaves behind, read as an auditor would: from the file, by nobody's leave.

The statements stand here and not in ``vioP.storage``, because what is judged must not be
read with the eyes of the judged.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vioP.storage.field_keys import FieldKeys

_DELIVERIES = """
SELECT key, kind, channel, state, reason, seat_id, due, deadline FROM delivery ORDER BY key
"""
_EVIDENCE = "SELECT id, seat_id, fact, source, at FROM evidence ORDER BY id"
_JOBS = "SELECT key, due FROM job ORDER BY key"
_SEATS = """
SELECT seat.uid, seat.starts, seat.ends, participant.email, participant.id
FROM seat JOIN session ON session.id = seat.session_id
JOIN participant ON participant.id = seat.participant_id
WHERE seat.state = 'active' AND session.state = 'planned'
"""


@dataclass(frozen=True, slots=True)
class Left:
    """One delivery as it ended."""

    key: str
    kind: str
    channel: str
    state: str
    reason: str | None
    seat: str | None
    due: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """One piece of evidence, with the time the service gave it."""

    seat: str
    fact: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Remains:
    """What was left behind.

    Attributes:
        evidence: What was kept about seats, by its identifier.
        jobs: When each waiting job is due.
        plan: What each address's calendar should hold: start and end by uid.
    """

    deliveries: Sequence[Left]
    evidence: Mapping[str, Kept]
    jobs: Mapping[str, datetime]
    plan: Mapping[str, Mapping[str, tuple[datetime, datetime]]]


def read_remains(file: Path, keys: FieldKeys) -> Remains:
    """Read everything the judge asks for, with the keys of the house."""
    with closing(sqlite3.connect(file)) as base:
        base.row_factory = sqlite3.Row
        plan: dict[str, dict[str, tuple[datetime, datetime]]] = {}
        for row in base.execute(_SEATS):
            span = (_moment(row["starts"]), _moment(row["ends"]))
            address = keys.open(f"participant.email:{row['id']}", row["email"])
            plan.setdefault(address, {})[row["uid"]] = span
        return Remains(
            [
                Left(
                    row["key"],
                    row["kind"],
                    row["channel"],
                    row["state"],
                    row["reason"],
                    row["seat_id"],
                    _moment(row["due"]),
                )
                for row in base.execute(_DELIVERIES)
            ],
            {
                row["id"]: Kept(
                    row["seat_id"], row["fact"], row["source"], _moment(row["at"])
                )
                for row in base.execute(_EVIDENCE)
            },
            {row["key"]: _moment(row["due"]) for row in base.execute(_JOBS)},
            plan,
        )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)

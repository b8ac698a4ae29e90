"""Aged rows: what is past its time is counted, emptied or deleted, class by class."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.retention import Kind, emptied
from vioP.domain.time import Instant
from vioP.storage.database import Connection

_AT_ONCE = 500  # so that whoever writes meanwhile waits for milliseconds

# A message that was given up, and that nobody has dealt with, is still somebody's work.
_MESSAGES = """
FROM delivery LEFT JOIN session ON session.id = delivery.session_id
WHERE delivery.done_at < :before AND (session.ends IS NULL OR session.ends < :before)
  AND (delivery.state IN ('sent', 'skipped')
    OR (delivery.state = 'dead' AND delivery.handled_at IS NOT NULL))
  AND NOT delivery.emptied
"""
COUNT_MESSAGES = f"SELECT COUNT(*) AS number {_MESSAGES}"
SOME_MESSAGES = (
    f"SELECT delivery.key, OPENED(delivery.content) {_MESSAGES} LIMIT {_AT_ONCE}"
)
EMPTY_MESSAGE = (
    "UPDATE delivery SET content = SEALED(:content, delivery.content, :key), emptied = TRUE, "
    "provider_ref = NULL WHERE key = :key"
)

_NOT_ENROLLED = """
person_id IN (SELECT participant.id FROM participant WHERE NOT EXISTS (
  SELECT 1 FROM enrollment
  WHERE enrollment.participant_id = participant.id AND enrollment.until > :day))
"""
_NEVER_PUBLISHED = """
NOT EXISTS (SELECT 1 FROM publication WHERE publication.monday = week_plan.monday
  AND publication.revision = week_plan.revision)
"""
# Of each class: the table, which of its rows, and what is set instead of deleting them.
STEPS: dict[Kind, tuple[tuple[str, str, str], ...]] = {
    Kind.MESSAGES: (
        (
            "matter",
            "decided_at < :before AND (sender <> '' OR subject <> '' OR said <> '')",
            "sender = '', subject = '', said = ''",
        ),
        ("reply", "received_at < :before AND comment <> ''", "comment = ''"),
        (
            "attempt",
            "settled_at < :before AND rung = 'read_text' AND note <> ''",
            "note = ''",
        ),
    ),
    Kind.EVENTS: (
        ("provider_event", "received_at < :before", ""),
        ("carrier_event", "received_at < :before", ""),
    ),
    Kind.SIGN_INS: (
        ("web_session", "ends_at < :before", ""),
        ("sign_in_code", "expires < :before", ""),
        ("tries", "until < :before", ""),
    ),
    Kind.FEEDS: (("feed", f"made_at < :before AND {_NOT_ENROLLED}", ""),),
    Kind.DRAFTS: (
        ("week_plan", f"monday < :day AND {_NEVER_PUBLISHED}", ""),
        ("week_build", "monday < :day", ""),
        ("foresight", "monday < :day", ""),
    ),
    Kind.WAITING: (
        (
            "waiting",
            "closed_at < :before AND (note <> '' OR reason <> '')",
            "note = '', reason = ''",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Aged:
    """Counts and forgets what is past its time within one transaction."""

    connection: Connection

    async def count(self, kind: Kind, before: Instant) -> int:
        """How many rows of a class served their purpose before an instant."""
        total = 0
        for table, condition, _ in STEPS[kind]:
            statement = f"SELECT COUNT(*) AS number FROM {table} WHERE {condition}"  # noqa: S608 - ours
            [row] = await self.connection.fetch(statement, **_bounds(condition, before))
            total += int(row["number"])
        if kind is Kind.MESSAGES:
            [row] = await self.connection.fetch(COUNT_MESSAGES, before=before)
            total += int(row["number"])
        return total

    async def forget(self, kind: Kind, before: Instant) -> None:
        """Empty or delete the rows of a class, but for messages that left."""
        for table, condition, instead in STEPS[kind]:
            act = f"UPDATE {table} SET {instead}" if instead else f"DELETE FROM {table}"  # noqa: S608 - ours
            bounds = _bounds(condition, before)
            await self.connection.execute(f"{act} WHERE {condition}", **bounds)

    async def empty_messages(self, before: Instant) -> int:
        """Empty some of the messages that left; answers how many, nothing when all are."""
        rows = await self.connection.fetch(SOME_MESSAGES, before=before)
        written = [{"key": row["key"], "content": emptied(row["content"])} for row in rows]
        await self._write(written)
        return len(written)

    async def _write(self, rows: Sequence[dict[str, object]]) -> None:
        if rows:
            await self.connection.execute_many(EMPTY_MESSAGE, rows)


def _bounds(condition: str, before: Instant) -> dict[str, object]:
    bounds: dict[str, object] = {}
    if ":before" in condition:
        bounds["before"] = before
    if ":day" in condition:
        bounds["day"] = before.date()
    return bounds

"""Searching the audit: by whom, about whom, what and when, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.time import Instant
from vioP.storage.audit import COLUMNS, AuditRow, row_of
from vioP.storage.database import Connection
from vioP.storage.holdings import SPECIAL

ACTIONS = "SELECT DISTINCT action FROM audit ORDER BY action"
SINCE = """
SELECT number FROM audit
WHERE object = :object AND actor = :actor AND action = :action AND at > :since LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """What is looked for; what is not given may be anything.

    Attributes:
        person: A participant, whose seats count as them; or anything by its identifier.
        actor: Who did it.
        since: From this instant on.
        until: Before this instant.
        before: Only rows with a lower number: the next page.
    """

    person: str = ""
    actor: str = ""
    action: str = ""
    since: Instant | None = None
    until: Instant | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """Searches the audit within one transaction."""

    connection: Connection

    async def find(self, query: AuditQuery, at_most: int) -> Sequence[AuditRow]:
        """The newest rows that fit, newest first."""
        given = {
            f"({SPECIAL['audit']})": query.person and {
                "id": query.person, "named": f'%"{query.person}"%'
            },
            "actor = :actor": query.actor and {"actor": query.actor},
            "action = :action": query.action and {"action": query.action},
            "at >= :since": query.since and {"since": query.since},
            "at < :until": query.until and {"until": query.until},
            "number < :before": query.before is not None and {"before": query.before},
        }  # fmt: skip
        conditions = ["TRUE"]
        values: dict[str, object] = {"at_most": at_most}
        for condition, bound in given.items():
            if bound:
                conditions.append(condition)
                values |= bound
        statement = (
            f"SELECT {COLUMNS} FROM audit WHERE {' AND '.join(conditions)} "  # noqa: S608 - ours
            "ORDER BY number DESC LIMIT :at_most"
        )
        return [row_of(row) for row in await self.connection.fetch(statement, **values)]

    async def actions(self) -> Sequence[str]:
        """Everything that was ever done, by name."""
        return [row["action"] for row in await self.connection.fetch(ACTIONS)]

    async def was_noted(self, actor: str, action: str, thing: str, since: Instant) -> bool:
        """Whether somebody did the same to the same thing since an instant."""
        rows = await self.connection.fetch(
            SINCE, object=thing, actor=actor, action=action, since=since
        )
        return bool(rows)

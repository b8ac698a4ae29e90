"""The audit: who did what, each row sealed to the one before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row

# The head is locked until the transaction ends, so the chain never forks.
HEAD = "SELECT digest, length FROM audit_head WHERE id = 1 FOR UPDATE"
ADD = """
INSERT INTO audit (number, at, actor, action, object, details, digest)
VALUES (:number, :at, :actor, :action, :object, :details, :digest)
"""
MOVE_HEAD = "UPDATE audit_head SET digest = :digest, length = :length WHERE id = 1"
COLUMNS = "number, at, actor, action, object, details, digest"
ALL = f"SELECT {COLUMNS} FROM audit ORDER BY number"  # noqa: S608 - ours
LATEST = f"SELECT {COLUMNS} FROM audit ORDER BY number DESC LIMIT :at_most"  # noqa: S608 - ours
DIGEST_OF = "SELECT digest FROM audit WHERE number = :number"


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One thing that was done."""

    number: int
    at: Instant
    actor: str
    action: str
    object: str
    details: Mapping[str, str]
    digest: str


@dataclass(frozen=True, slots=True)
class Audit:
    """Reads and writes the audit within one transaction."""

    connection: Connection

    async def note(
        self,
        at: Instant,
        actor: str,
        action: str,
        thing: str,
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Write down that somebody did something, in the transaction that does it."""
        [head] = await self.connection.fetch(HEAD)
        number = int(head["length"]) + 1
        told = dict(details or {})
        digest = seal(head["digest"], (number, at.isoformat(), actor, action, thing, told))
        await self.connection.execute(
            ADD,
            number=number,
            at=at,
            actor=actor,
            action=action,
            object=thing,
            details=told,
            digest=digest,
        )
        await self.connection.execute(MOVE_HEAD, digest=digest, length=number)

    async def latest(self, at_most: int) -> Sequence[AuditRow]:
        """The newest rows, newest first."""
        rows = await self.connection.fetch(LATEST, at_most=at_most)
        return [row_of(row) for row in rows]

    async def head(self) -> tuple[str, int]:
        """The digest of the newest row, and how many there are."""
        [head] = await self.connection.fetch(HEAD.removesuffix(" FOR UPDATE"))
        return head["digest"], int(head["length"])

    async def digest_of(self, number: int) -> str:
        """The digest of a row by its number; empty when it is not there."""
        rows = await self.connection.fetch(DIGEST_OF, number=number)
        return str(rows[0]["digest"]) if rows else ""

    async def first_break(self) -> int | None:
        """The number of the first row that was changed, removed or slipped in, or nothing."""
        digest = ""
        number = 0
        for row in map(row_of, await self.connection.fetch(ALL)):
            number += 1
            facts = (
                number, row.at.isoformat(), row.actor, row.action, row.object, dict(row.details)
            )  # fmt: skip
            digest = seal(digest, facts)
            if (row.number, row.digest) != (number, digest):
                return number
        return None if await self.head() == (digest, number) else number + 1


def seal(previous: str, facts: object) -> str:
    """The digest of a row and of everything before it."""
    text = json.dumps([previous, facts], sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def row_of(row: Row) -> AuditRow:
    """A row as a value."""
    return AuditRow(
        row["number"],
        instant(row["at"]),
        row["actor"],
        row["action"],
        row["object"],
        row["details"],
        row["digest"],
    )

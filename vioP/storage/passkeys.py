"""Passkeys, and the questions devices are asked, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.ids import AccountId
from vioP.domain.passkey import Passkey
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row

_PASSKEY = "SELECT id, account_id, name, public_key, count, made_at, used_at FROM passkey "
OF_ACCOUNT = _PASSKEY + "WHERE account_id = :account_id ORDER BY made_at, id"
BY_ID = _PASSKEY + "WHERE id = :id"
ADD = """
INSERT INTO passkey (id, account_id, name, public_key, count, made_at)
VALUES (:id, :account_id, :name, :public_key, :count, :made_at)
ON CONFLICT (id) DO NOTHING RETURNING id
"""
USED = "UPDATE passkey SET count = :count, used_at = :at WHERE id = :id"
REMOVE = "DELETE FROM passkey WHERE id = :id AND account_id = :account_id RETURNING name"
FORGET = "DELETE FROM passkey WHERE account_id = :account_id"
FORGET_OLD = "DELETE FROM passkey_question WHERE expires <= :now"
ASK = """
INSERT INTO passkey_question (digest, purpose, expires) VALUES (:digest, :purpose, :expires)
"""
# Whoever comes first has answered; there is no second time.
ANSWER = """
DELETE FROM passkey_question
WHERE digest = :digest AND purpose = :purpose AND expires > :now RETURNING digest
"""
ENDS = "SELECT ends_at FROM web_session WHERE token_hash = :token_hash"


@dataclass(frozen=True, slots=True)
class Passkeys:
    """Reads and writes passkeys within one transaction."""

    connection: Connection

    async def of(self, account_id: AccountId) -> Sequence[Passkey]:
        """The passkeys of an account, the oldest first."""
        rows = await self.connection.fetch(OF_ACCOUNT, account_id=account_id)
        return [_passkey(row) for row in rows]

    async def by_id(self, passkey_id: str) -> Passkey | None:
        """The passkey a device calls so."""
        rows = await self.connection.fetch(BY_ID, id=passkey_id)
        return _passkey(rows[0]) if rows else None

    async def add(self, passkey: Passkey) -> bool:
        """Keep a new passkey; says whether it was new."""
        rows = await self.connection.fetch(
            ADD,
            id=passkey.id,
            account_id=passkey.account_id,
            name=passkey.name,
            public_key=passkey.public_key,
            count=passkey.count,
            made_at=passkey.made_at,
        )
        return bool(rows)

    async def used(self, passkey_id: str, count: int, at: Instant) -> None:
        """Note that a passkey let somebody in."""
        await self.connection.execute(USED, id=passkey_id, count=count, at=at)

    async def remove(self, passkey_id: str, account_id: AccountId) -> str | None:
        """Remove one of an account's passkeys; its name, or nothing where there is none."""
        rows = await self.connection.fetch(REMOVE, id=passkey_id, account_id=account_id)
        return str(rows[0]["name"]) if rows else None

    async def forget(self, account_id: AccountId) -> None:
        """Remove every passkey of an account."""
        await self.connection.execute(FORGET, account_id=account_id)

    async def ask(self, digest: str, purpose: str, now: Instant, expires: Instant) -> None:
        """Note that a question was asked, and forget those that are too old."""
        await self.connection.execute(FORGET_OLD, now=now)
        await self.connection.execute(ASK, digest=digest, purpose=purpose, expires=expires)

    async def answer(self, digest: str, purpose: str, now: Instant) -> bool:
        """Use a question up; says whether it was open until now."""
        rows = await self.connection.fetch(ANSWER, digest=digest, purpose=purpose, now=now)
        return bool(rows)

    async def ends_at(self, token_hash: str) -> Instant | None:
        """When a browser must sign in again at the latest; nothing where it is not in."""
        rows = await self.connection.fetch(ENDS, token_hash=token_hash)
        return instant(rows[0]["ends_at"]) if rows else None


def _passkey(row: Row) -> Passkey:
    return Passkey(
        row["id"],
        AccountId(row["account_id"]),
        row["name"],
        row["public_key"],
        row["count"],
        instant(row["made_at"]),
        instant(row["used_at"]) if row["used_at"] else None,
    )

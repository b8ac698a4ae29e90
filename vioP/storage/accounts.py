"""Accounts, one-time codes and web sessions as rows. Secrets are here only as digests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from vioP.domain.access import Person
from vioP.domain.ids import AccountId
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row

_ACCOUNT = """
SELECT id, person_id, role, OPENED(account.email), password_hash, disabled_at FROM account
"""
BY_EMAIL = _ACCOUNT + "WHERE email_index = BLIND(:email)"
BY_ID = _ACCOUNT + "WHERE id = :id"
OF_PERSON = _ACCOUNT + "WHERE person_id = :person_id"
ALL = """
SELECT account.id, account.person_id, account.role, OPENED(account.email),
  account.password_hash, account.disabled_at, staff.name AS staff_name,
  OPENED(participant.name), COALESCE(staff.zone, participant.zone) AS zone,
  OPENED(participant.city), OPENED(participant.note)
FROM account
LEFT JOIN staff ON staff.id = account.person_id
LEFT JOIN participant ON participant.id = account.person_id
ORDER BY account.person_id
"""
# What somebody closed by hand stays closed, whatever a file says.
SAVE = """
INSERT INTO account (id, person_id, role, email, email_index)
VALUES (:id, :person_id, :role, SEALED(:email, account.email, :person_id), BLIND(:email))
ON CONFLICT (person_id) DO UPDATE SET
  role = excluded.role, email = excluded.email, email_index = excluded.email_index,
  disabled_at = account.closed_at
"""
DISABLE = "UPDATE account SET disabled_at = :at WHERE person_id = :person_id"
SET_PASSWORD = "UPDATE account SET password_hash = :password_hash WHERE id = :id"  # noqa: S105 - SQL
SAVE_CODE = """
INSERT INTO sign_in_code (account_id, nonce, expires, tries)
VALUES (:account_id, :nonce, :expires, 0)
ON CONFLICT (account_id) DO UPDATE SET
  nonce = excluded.nonce, expires = excluded.expires, tries = 0
"""
TRY_CODE = """
UPDATE sign_in_code SET tries = tries + 1
WHERE account_id = :account_id AND expires > :now
RETURNING nonce, tries
"""
FORGET_CODE = "DELETE FROM sign_in_code WHERE account_id = :account_id"
BEGIN_SESSION = """
INSERT INTO web_session (token_hash, account_id, begun_at, seen_at, ends_at, is_half)
VALUES (:token_hash, :account_id, :at, :at, :ends_at, :is_half)
"""
SIGNED_IN = "UPDATE account SET signed_in_at = :at WHERE id = :id"
WHOSE_SESSION = """
SELECT account.id, account.person_id, account.role, web_session.seen_at, web_session.device
FROM web_session JOIN account ON account.id = web_session.account_id
WHERE web_session.token_hash = :token_hash AND web_session.ends_at > :now
  AND account.disabled_at IS NULL AND NOT web_session.is_half
"""
HALF_IN = """
SELECT account_id FROM web_session
WHERE token_hash = :token_hash AND ends_at > :now AND is_half
"""
SEEN = "UPDATE web_session SET seen_at = :at WHERE token_hash = :token_hash"
SESSIONS = "SELECT token_hash, seen_at, ends_at FROM web_session"
MOVE_SESSION = """
UPDATE web_session SET seen_at = :seen_at, ends_at = :ends_at WHERE token_hash = :token_hash
"""
END_SESSION = "DELETE FROM web_session WHERE token_hash = :token_hash"
END_OTHERS = """
DELETE FROM web_session WHERE account_id = :account_id AND token_hash <> :kept
RETURNING token_hash
"""
NAME_OF = """
SELECT COALESCE(staff.name, '') AS name FROM account
LEFT JOIN staff ON staff.id = account.person_id WHERE account.id = :id
"""
END_OLD = "DELETE FROM web_session WHERE ends_at <= :now"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in."""

    id: AccountId
    person: Person
    email: str
    password_hash: str | None
    is_disabled: bool


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """An account with its person's name, for a list of people."""

    account: Account
    name: str
    zone: str
    city: str
    note: str


@dataclass(frozen=True, slots=True)
class WebSession:
    """Who a browser belongs to, when it was last heard of, and on what kind of device it is."""

    person: Person
    seen_at: Instant
    device: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """Reads and writes accounts within one transaction."""

    connection: Connection

    async def by_email(self, email: str) -> Account | None:
        """The account with an address, in lower case."""
        rows = await self.connection.fetch(BY_EMAIL, email=email)
        return _account(rows[0]) if rows else None

    async def by_id(self, account_id: AccountId) -> Account | None:
        """The account with an identifier."""
        rows = await self.connection.fetch(BY_ID, id=account_id)
        return _account(rows[0]) if rows else None

    async def of_person(self, person_id: str) -> Account | None:
        """The account of somebody, or nothing when they have none."""
        rows = await self.connection.fetch(OF_PERSON, person_id=person_id)
        return _account(rows[0]) if rows else None

    async def everybody(self) -> Sequence[ListedAccount]:
        """Every account with its person, in order of person."""
        return [
            ListedAccount(
                _account(row),
                row["staff_name"] or row["name"] or row["person_id"],
                row["zone"] or "UTC",
                row["city"] or "",
                row["note"] or "",
            )
            for row in await self.connection.fetch(ALL)
        ]

    async def save(self, accounts: Sequence[Mapping[str, str]]) -> None:
        """Give people accounts, or bring those they have up to date."""
        if accounts:
            await self.connection.execute_many(SAVE, accounts)

    async def disable(self, person_id: str, at: Instant) -> None:
        """Let somebody in no longer."""
        await self.connection.execute(DISABLE, person_id=person_id, at=at)

    async def set_password(self, account_id: AccountId, password_hash: str) -> None:
        """Keep the digest of a new password."""
        await self.connection.execute(
            SET_PASSWORD, id=account_id, password_hash=password_hash
        )

    async def offer_code(self, account_id: AccountId, nonce: str, expires: Instant) -> None:
        """Note that a one-time code was made; an older one stops working."""
        await self.connection.execute(
            SAVE_CODE, account_id=account_id, nonce=nonce, expires=expires
        )

    async def try_code(self, account_id: AccountId, now: Instant) -> tuple[str, int] | None:
        """Count a try.

        Returns:
            What the code was made from and how often it was tried, this time included, or
            nothing when there is no code in force.
        """
        rows = await self.connection.fetch(TRY_CODE, account_id=account_id, now=now)
        return (rows[0]["nonce"], rows[0]["tries"]) if rows else None

    async def forget_code(self, account_id: AccountId) -> None:
        """Make a code work no longer."""
        await self.connection.execute(FORGET_CODE, account_id=account_id)

    async def begin_session(
        self,
        token_hash: str,
        account_id: AccountId,
        at: Instant,
        ends_at: Instant,
        *,
        is_half: bool = False,
    ) -> None:
        """Remember a browser, and forget those whose time is over.

        Half a session says that the password was right, and lets nobody in.
        """
        await self.connection.execute(END_OLD, now=at)
        await self.connection.execute(
            BEGIN_SESSION,
            token_hash=token_hash,
            account_id=account_id,
            at=at,
            ends_at=ends_at,
            is_half=is_half,
        )
        if not is_half:
            await self.connection.execute(SIGNED_IN, id=account_id, at=at)

    async def half_in(self, token_hash: str, now: Instant) -> AccountId | None:
        """Whose password a browser has given, while a second factor is asked for."""
        rows = await self.connection.fetch(HALF_IN, token_hash=token_hash, now=now)
        return AccountId(rows[0]["account_id"]) if rows else None

    async def whose_session(self, token_hash: str, now: Instant) -> WebSession | None:
        """Who a browser belongs to, or nothing when it is unknown or its time is over."""
        rows = await self.connection.fetch(WHOSE_SESSION, token_hash=token_hash, now=now)
        if not rows:
            return None
        row = rows[0]
        person = Person(row["person_id"], row["role"], row["id"])
        return WebSession(person, instant(row["seen_at"]), row["device"])

    async def seen(self, token_hash: str, at: Instant) -> None:
        """Note that a browser was heard of."""
        await self.connection.execute(SEEN, token_hash=token_hash, at=at)

    async def move_sessions(self, by: timedelta) -> None:
        """Let every session live on across a jump of the demo's clock."""
        rows = [
            {
                "token_hash": row["token_hash"],
                "seen_at": instant(row["seen_at"]) + by,
                "ends_at": instant(row["ends_at"]) + by,
            }
            for row in await self.connection.fetch(SESSIONS)
        ]
        if rows:
            await self.connection.execute_many(MOVE_SESSION, rows)

    async def end_others(self, account_id: AccountId, kept: str) -> int:
        """End every session of an account but one; says how many there were."""
        rows = await self.connection.fetch(END_OTHERS, account_id=account_id, kept=kept)
        return len(rows)

    async def name_of(self, account_id: AccountId) -> str:
        """The name of a member of staff; empty for everybody else."""
        rows = await self.connection.fetch(NAME_OF, id=account_id)
        return str(rows[0]["name"]) if rows else ""

    async def end_session(self, token_hash: str) -> None:
        """Forget a browser."""
        await self.connection.execute(END_SESSION, token_hash=token_hash)


def _account(row: Row) -> Account:
    return Account(
        AccountId(row["id"]),
        Person(row["person_id"], row["role"], row["id"]),
        row["email"],
        row["password_hash"],
        row["disabled_at"] is not None,
    )

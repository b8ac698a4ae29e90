"""Where somebody is signed in, as rows: on what kind of device, since when, when seen last."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.ids import AccountId
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection

# A row is named by a part of its digest, which opens nothing.
_NAME = "SUBSTR(token_hash, 1, 16)"
LISTED = f"""
SELECT {_NAME} AS name, token_hash, begun_at, seen_at, device FROM web_session
WHERE account_id = :account_id AND ends_at > :now AND seen_at > :since AND NOT is_half
ORDER BY seen_at DESC, token_hash
"""  # noqa: S608 - ours
END = f"""
DELETE FROM web_session WHERE account_id = :account_id AND {_NAME} = :name
RETURNING token_hash
"""  # noqa: S608 - ours
NOTE_DEVICE = """
UPDATE web_session SET device = :device WHERE token_hash = :token_hash AND device = ''
"""


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One place where somebody is signed in.

    Attributes:
        name: What it is called when it is to be ended.
        token_hash: The digest of its token.
        device: Family of browser and kind of device; empty while neither is known.
        begun_at: Since when; nothing for one from before this was written down.
    """

    name: str
    token_hash: str
    device: str
    begun_at: Instant | None
    seen_at: Instant


@dataclass(frozen=True, slots=True)
class WebSessions:
    """Reads and writes where people are signed in, within one transaction."""

    connection: Connection

    async def of(
        self, account_id: AccountId, now: Instant, since: Instant
    ) -> Sequence[OwnSession]:
        """Every session that was seen since, the latest first."""
        rows = await self.connection.fetch(
            LISTED, account_id=account_id, now=now, since=since
        )
        return [
            OwnSession(
                row["name"],
                row["token_hash"],
                row["device"],
                instant(row["begun_at"]) if row["begun_at"] else None,
                instant(row["seen_at"]),
            )
            for row in rows
        ]

    async def end(self, account_id: AccountId, name: str) -> bool:
        """End one of an account's sessions; says whether there was such."""
        return bool(await self.connection.fetch(END, account_id=account_id, name=name))

    async def note_device(self, token_hash: str, device: str) -> None:
        """Write down on what a session was first seen."""
        await self.connection.execute(NOTE_DEVICE, token_hash=token_hash, device=device)

"""Mail that came in, as rows: what was taken, which addresses fail, how far a mailbox is read."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.ids import ParticipantId
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection

# The first to write a mail down takes it; everybody else finds it taken.
RECEIVE = """
INSERT INTO inbound_mail (id, received_at, told) VALUES (:id, :received_at, :told)
ON CONFLICT (id) DO NOTHING RETURNING id
"""
COUNT = "SELECT COUNT(*) AS number FROM inbound_mail"
LAST = "SELECT received_at FROM inbound_mail ORDER BY received_at DESC LIMIT 1"
WHOSE = """
SELECT id FROM participant WHERE email_index = BLIND(:address) ORDER BY retired, id
"""
MARK_DEAD = """
INSERT INTO dead_address (address, status, seen_at) VALUES (BLIND(:address), :status, :at)
ON CONFLICT (address) DO UPDATE SET status = excluded.status, seen_at = excluded.seen_at
"""
REVIVE = """
DELETE FROM dead_address WHERE address = (
  SELECT email_index FROM participant WHERE id = :participant_id)
"""
MAILBOX = "SELECT name, validity, uid, seen_at, trouble FROM mailbox WHERE name = :name"
SEEN = """
INSERT INTO mailbox (name, validity, uid, seen_at, trouble)
VALUES (:name, :validity, :uid, :at, '')
ON CONFLICT (name) DO UPDATE SET
  validity = excluded.validity, uid = excluded.uid, seen_at = excluded.seen_at, trouble = ''
"""
TROUBLE = """
INSERT INTO mailbox (name, validity, uid, seen_at, trouble)
VALUES (:name, 0, 0, NULL, :trouble)
ON CONFLICT (name) DO UPDATE SET trouble = excluded.trouble
"""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a mailbox has been read. Source: RFC 3501, section 2.3.1.1.

    Attributes:
        validity: Identifiers of another validity mean other mails.
        uid: Everything up to it was taken.
    """

    validity: int = 0
    uid: int = 0


@dataclass(frozen=True, slots=True)
class MailboxState:
    """A mailbox, as its reader last saw it.

    Attributes:
        seen_at: When it was last looked into without trouble.
        trouble: What is wrong now; empty when nothing is.
    """

    cursor: Cursor
    seen_at: Instant | None
    trouble: str


@dataclass(frozen=True, slots=True)
class MailIn:
    """Reads and writes what came in, within one transaction."""

    connection: Connection

    async def receive(self, mail_id: str, at: Instant, told: str) -> bool:
        """Write a mail down.

        Returns:
            Whether it is new; the same mail is taken once, whoever brings it.
        """
        rows = await self.connection.fetch(RECEIVE, id=mail_id, received_at=at, told=told)
        return bool(rows)

    async def counted(self) -> tuple[int, Instant | None]:
        """How many mails were taken, and when the last one was."""
        [row] = await self.connection.fetch(COUNT)
        last = await self.connection.fetch(LAST)
        return row["number"], instant(last[0]["received_at"]) if last else None

    async def whose(self, address: str) -> Sequence[ParticipantId]:
        """The participants an address belongs to, those who take part first."""
        rows = await self.connection.fetch(WHOSE, address=address)
        return [ParticipantId(row["id"]) for row in rows]

    async def mark_dead(self, address: str, status: str, at: Instant) -> None:
        """Remember that mail to an address fails."""
        await self.connection.execute(MARK_DEAD, address=address, status=status, at=at)

    async def revive(self, participant_id: ParticipantId) -> None:
        """Somebody has seen to it: take the address of a participant for good again."""
        await self.connection.execute(REVIVE, participant_id=participant_id)

    async def mailbox(self, name: str) -> MailboxState | None:
        """How a mailbox stands, or nothing when nobody has looked into it."""
        rows = await self.connection.fetch(MAILBOX, name=name)
        if not rows:
            return None
        row = rows[0]
        seen = row["seen_at"]
        cursor = Cursor(row["validity"], row["uid"])
        return MailboxState(cursor, instant(seen) if seen else None, row["trouble"])

    async def keep_cursor(self, name: str, cursor: Cursor, at: Instant) -> None:
        """Note how far a mailbox has been read, and that all is well with it."""
        await self.connection.execute(
            SEEN, name=name, validity=cursor.validity, uid=cursor.uid, at=at
        )

    async def note_trouble(self, name: str, trouble: str) -> None:
        """Note what is wrong with a mailbox; its cursor stays."""
        await self.connection.execute(TROUBLE, name=name, trouble=trouble)

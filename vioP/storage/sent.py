"""What left through a telephone company, as rows: what may be there, and what came of it."""

from dataclasses import dataclass

from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection

CALL = """
SELECT attempt.begun_at, attempt.call_ref, OPENED(delivery.content) FROM attempt
JOIN delivery ON delivery.key = attempt.id
WHERE attempt.id = :key AND attempt.channel = 'phone'
"""
OTHER_CALLS = """
SELECT call_ref FROM attempt
WHERE channel = 'phone' AND call_ref IS NOT NULL AND id <> :key AND begun_at > :since
"""
# What is claimed for the first time has surely not left.
TEXT = """
SELECT created_at FROM delivery WHERE key = :key AND channel = 'sms' AND attempts > 1
"""
KNOWN_TEXTS = """
SELECT provider_ref FROM delivery
WHERE channel = 'sms' AND provider_ref IS NOT NULL AND done_at > :since
"""
# A text that was sent again since has another reference, and another fate.
LOST = """
UPDATE delivery SET state = 'dead', reason = :reason, done_at = :at
WHERE key = :key AND channel = 'sms' AND state = 'sent' AND provider_ref = :reference
RETURNING key
"""
LEAVES = """
SELECT key FROM delivery
WHERE key = :key AND channel = 'sms' AND state IN ('pending', 'sending')
  AND (provider_ref IS NULL OR provider_ref <> :reference)
"""


@dataclass(frozen=True, slots=True)
class CallBegun:
    """A call that may have been placed: the number, since when, and what it is called there.

    Attributes:
        prompt: What is said first; empty where that is what is always said.
    """

    to: str
    prompt: str
    at: Instant
    reference: str | None


@dataclass(frozen=True, slots=True)
class SentRows:
    """Reads and settles what left through a telephone company, within one transaction."""

    connection: Connection

    async def call(self, key: str) -> CallBegun | None:
        """A call that was begun under a key, or nothing."""
        rows = await self.connection.fetch(CALL, key=key)
        if not rows:
            return None
        row = rows[0]
        told = row["content"]
        begun = instant(row["begun_at"])
        return CallBegun(told["phone"], told.get("prompt", ""), begun, row["call_ref"])

    async def other_calls(self, key: str, since: Instant) -> frozenset[str]:
        """What other calls that were begun since an instant are called there."""
        rows = await self.connection.fetch(OTHER_CALLS, key=key, since=since)
        return frozenset(row["call_ref"] for row in rows)

    async def text_tried(self, key: str) -> Instant | None:
        """Since when a text may have left; nothing when it surely has not."""
        rows = await self.connection.fetch(TEXT, key=key)
        return instant(rows[0]["created_at"]) if rows else None

    async def known_texts(self, since: Instant) -> frozenset[str]:
        """What texts that left since an instant are called there."""
        rows = await self.connection.fetch(KNOWN_TEXTS, since=since)
        return frozenset(row["provider_ref"] for row in rows)

    async def text_lost(self, key: str, reference: str, reason: str, at: Instant) -> bool:
        """Note that a text did not arrive; it is then shown with what else did not.

        Returns:
            Whether it was this text that had been sent.
        """
        rows = await self.connection.fetch(
            LOST, key=key, reference=reference, reason=reason, at=at
        )
        return bool(rows)

    async def text_leaves(self, key: str, reference: str) -> bool:
        """Whether a text may have left under this reference, and we have yet to learn it."""
        return bool(await self.connection.fetch(LEAVES, key=key, reference=reference))

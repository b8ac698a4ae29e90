"""What our own rows know of a call or text, so that it is recognised at the far end.

A telephone company lists what it did by number and time, and not by our keys. Whether
something left whose handing over was never answered can be told from that list and from
these rows, and from nothing else.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from vioP.domain.time import Instant, later
from vioP.storage import Store

# Something that began a little sooner may have left at the same time.
_SOONER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class BegunCall:
    """A call that may have been placed.

    Attributes:
        to: The number, in E.164.
        at: From when on it may have been.
        reference: What the far end calls it, if it has told us.
        others: What the far end calls our other calls; none of them is this one.
    """

    to: str
    at: Instant
    reference: str | None = None
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BegunText:
    """A text that may have left.

    Attributes:
        at: From when on it may have.
        others: What the far end calls texts of ours; none of them is this one.
    """

    at: Instant
    others: frozenset[str] = frozenset()


class CallBook(Protocol):
    """Knows calls and texts by key."""

    async def begun(self, key: str) -> BegunCall | None:
        """What is known of a call, or nothing when none was begun under this key."""
        ...

    async def begun_text(self, key: str) -> BegunText | None:
        """What is known of a text, or nothing when it surely has not left."""
        ...


@dataclass(frozen=True, slots=True)
class RowBook:
    """The call book that is kept in the database."""

    store: Store

    async def begun(self, key: str) -> BegunCall | None:
        """What is known of a call, or nothing when none was begun under this key."""
        async with self.store.read() as tx:
            found = await tx.sent.call(key)
            if found is None:
                return None
            others = await tx.sent.other_calls(key, _since(found.at))
        return BegunCall(found.to, found.at, found.reference, others)

    async def begun_text(self, key: str) -> BegunText | None:
        """What is known of a text, or nothing when it surely has not left."""
        async with self.store.read() as tx:
            at = await tx.sent.text_tried(key)
            if at is None:
                return None
            return BegunText(at, await tx.sent.known_texts(_since(at)))


def _since(at: Instant) -> Instant:
    return later(at, -_SOONER)

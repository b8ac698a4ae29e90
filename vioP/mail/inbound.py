"""Mail that comes in: what its readers are given to hand it to."""

from typing import Protocol

from vioP.storage.mail_in import Cursor

# Of a mail that is too big, this much is enough to see who wrote it, and about what.
BEGINNING = 64 * 1024


class Reception(Protocol):
    """Takes mail in."""

    async def take(self, raw: bytes, *, whole: bool = True) -> None:
        """Take a mail; once this returns it is kept for good, and taking it again is harmless.

        Args:
            raw: The message, or its beginning.
            whole: Whether it is all of it.

        Raises:
            Unavailable: It could not be kept. Bring it again.
        """
        ...

    async def cursor(self, mailbox: str) -> Cursor:
        """How far a mailbox has been read."""
        ...

    async def keep_cursor(self, mailbox: str, cursor: Cursor) -> None:
        """Note how far a mailbox has been read, and that its reader is well."""
        ...

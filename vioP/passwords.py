"""Passwords of staff, kept as Argon2id digests. Hashing leaves the event loop."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Argon2:
    """Passwords, slow to guess. Source: RFC 9106, the second recommended parameter set."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    async def digest(self, password: str) -> str:
        """What is kept of a password."""
        return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, password: str, kept: str | None) -> bool:
        """Whether a password is the right one; takes as long when there is none."""
        against = kept
        if against is None:
            against = await asyncio.to_thread(_nobodys, self._hasher)
        fits = await asyncio.to_thread(self._verify, against, password)
        return fits and kept is not None

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    """A digest that no password fits in practice, to spend the same time on."""
    return hasher.hash("nobody has this password, and no account keeps it")

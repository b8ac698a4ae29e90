"""What lets people in: passwords, and a service elsewhere that says who somebody is."""

from typing import Protocol

from vioP.domain.time import Instant
from vioP.domain.vouched import Returned, Visit, Vouched


class Passwords(Protocol):
    """Passwords, slow to guess."""

    async def digest(self, password: str) -> str:
        """What is kept of a password."""
        ...

    async def fits(self, password: str, kept: str | None) -> bool:
        """Whether a password is the right one; takes as long when there is none."""
        ...


class Elsewhere(Protocol):
    """A service where staff sign in for many others as well."""

    @property
    def name(self) -> str:
        """What staff call it."""
        ...

    async def address(self, visit: Visit, back: str) -> str:
        """Where a browser goes to sign in there.

        Args:
            visit: This way there and back.
            back: Our address to come back to.

        Raises:
            Unavailable: It does not answer, or not as it should.
        """
        ...

    async def vouch(
        self, returned: Returned, visit: Visit, back: str, now: Instant
    ) -> Vouched:
        """Who it says that somebody is who came back.

        Raises:
            NotVouchedFor: It does not say so, or what it says is not proven.
            Unavailable: It does not answer, or not as it should.
        """
        ...

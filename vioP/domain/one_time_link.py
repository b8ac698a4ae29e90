"""A mailed link that works once: for an account, for one purpose, and for a while."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from vioP.domain.ids import AccountId
from vioP.domain.time import Instant


class OncePurpose(StrEnum):
    """What a link is for."""

    WELCOME = "welcome"
    NEW_PASSWORD = "new_password"  # noqa: S105 - the name of a purpose

    @property
    def lasts(self) -> timedelta:
        """How long it works. Who is new may be on their way; who asked sits and waits."""
        new = self is OncePurpose.WELCOME
        return timedelta(days=3) if new else timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    """A link that was made.

    Attributes:
        has_ended: Whether it was used, or a newer one took its place.
    """

    id: str
    account_id: AccountId
    purpose: OncePurpose
    made_at: Instant
    expires: Instant
    has_ended: bool = False

    def is_open(self, now: Instant) -> bool:
        """Whether it still opens anything."""
        return not self.has_ended and now < self.expires

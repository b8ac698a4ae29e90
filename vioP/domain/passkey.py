"""A passkey: a key a device keeps behind a face, a finger or a PIN, which opens one account."""

from dataclasses import dataclass
from datetime import timedelta

from vioP.domain.ids import AccountId
from vioP.domain.time import Instant

ASKED_FOR = timedelta(minutes=5)  # how long a device may take to answer
# Adding one opens the account for good, so whoever adds one has shown who they are just now.
FRESH = timedelta(minutes=15)
AT_MOST = 10
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey of an account.

    Attributes:
        id: What its device calls it, in base64url.
        public_key: What its signatures are checked with, in base64url of COSE.
        count: How often its device says it signed; 0 where it does not count.
        used_at: When it last let somebody in; nothing while it has not.
    """

    id: str
    account_id: AccountId
    name: str
    public_key: str
    count: int
    made_at: Instant
    used_at: Instant | None = None

    def goes_back(self, count: int) -> bool:
        """Whether a device counts less than before: then there are two of it.

        Source: Web Authentication, level 2, section 6.1.1.
        """
        return (count > 0 or self.count > 0) and count <= self.count

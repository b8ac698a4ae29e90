"""Break-glass: a clinician opens the record of somebody who is not theirs, for a while and openly.

Source: 45 CFR 164.312(a)(2)(ii), which asks for a way to get at records in an emergency.
"""

from dataclasses import dataclass
from datetime import timedelta

from vioP.domain.ids import ParticipantId, StaffId
from vioP.domain.time import Instant

SHORTEST_REASON = 10
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a record stays open, and who hears of it.

    Attributes:
        notice_to: The privacy officer's mail address; empty where only the queue tells them.
    """

    lasts: timedelta = timedelta(hours=1)
    notice_to: str = ""


@dataclass(frozen=True, slots=True)
class OpenedRecord:
    """One record that somebody opened in an emergency.

    Attributes:
        until: When it closes by itself.
        ended_at: When whoever opened it closed it, if they did.
        reviewed_by: Who of compliance signed; empty while nobody has.
        reviewer_name: What they are called; empty where the staff has nobody so.
    """

    id: str
    staff_id: StaffId
    staff_name: str
    participant_id: ParticipantId
    participant_name: str
    reason: str
    begun_at: Instant
    until: Instant
    ended_at: Instant | None = None
    reviewed_by: str = ""
    reviewed_at: Instant | None = None
    review: str = ""
    reviewer_name: str = ""

    def is_open(self, now: Instant) -> bool:
        """Whether it can be read now."""
        return self.ended_at is None and now < self.until

    @property
    def is_reviewed(self) -> bool:
        """Whether compliance has signed it."""
        return bool(self.reviewed_by)

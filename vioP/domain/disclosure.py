"""Disclosures: what of somebody's record left the house, to whom, and why.

Sources: 45 CFR 164.528 (the accounting a person may ask for: six years, date, recipient, what
and why); 42 CFR 2.32(a)(2) (the notice that goes with records under Part 2).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vioP.domain.ids import ParticipantId
from vioP.domain.time import Instant

PART2_NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
KEPT_YEARS = 6


class Basis(StrEnum):
    """Why it was allowed."""

    CONSENT = "consent"
    EMERGENCY = "emergency"
    LAW = "law"
    PUBLIC_HEALTH = "public_health"
    OVERSIGHT = "oversight"
    RESEARCH = "research"
    OTHER = "other"


class Shared(StrEnum):
    """Whether the person had agreed that records under Part 2 are shared, at that moment."""

    NOT_PART2 = "not_part2"
    AGREED = "agreed"
    NOT_AGREED = "not_agreed"


@dataclass(frozen=True, slots=True)
class Told:
    """What whoever notes a disclosure says about it.

    Attributes:
        on: The day it was made.
        recipient: Whom, and the address where it is known.
        what: What of the record, in words.
        purpose: What for.
        with_notice: Whether the notice of Part 2 went with it.
    """

    participant_id: ParticipantId
    on: date
    recipient: str
    what: str
    purpose: str
    basis: Basis
    with_notice: bool = False


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One disclosure, as it was noted.

    Attributes:
        name: What the participant is called; empty while it is noted.
        noted_by_name: The same of whoever noted it; empty also where the staff has nobody
            of this identifier.
    """

    id: str
    told: Told
    name: str
    shared: Shared
    noted_by: str
    noted_at: Instant
    noted_by_name: str = ""

    @property
    def lacks(self) -> tuple[str, ...]:
        """What it should have had and had not, in words."""
        found = []
        needs_consent = self.told.basis is Basis.CONSENT
        if self.shared is Shared.NOT_AGREED and needs_consent:
            found.append("No consent to share was in force.")
        if self.shared is not Shared.NOT_PART2 and not self.told.with_notice:
            found.append("It went without the notice of Part 2.")
        return tuple(found)

"""What a participant agreed to, since when, and whether they have taken it back."""

from dataclasses import dataclass
from enum import StrEnum

from vioP.domain.time import Instant


class ConsentKind(StrEnum):
    """What is agreed to."""

    TREATMENT = "treatment"
    TELEHEALTH = "telehealth"
    TEXTS = "texts"
    PART2_DISCLOSURE = "part2_disclosure"


@dataclass(frozen=True, slots=True)
class Consent:
    """One agreement. Taking it back leaves the record that it was given."""

    kind: ConsentKind
    given_at: Instant
    withdrawn_at: Instant | None = None

    @property
    def is_in_force(self) -> bool:
        """Whether it holds now."""
        return self.withdrawn_at is None

"""A record: everything that is kept about one participant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.ids import ParticipantId
from vioP.domain.time import Instant

# Source: 42 CFR 2.32(a)(2), the short notice that goes with every disclosure.
PART2_NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."

Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept about somebody, table by table.

    Attributes:
        tables: Every table that holds something about them, with those rows.
        is_part2: Whether any of their care was substance use treatment, whose records the
            law protects further.
    """

    participant_id: ParticipantId
    made_at: Instant
    tables: Mapping[str, Rows]
    is_part2: bool

    @property
    def notice(self) -> str:
        """What must be said wherever this record goes; empty when nothing must."""
        return PART2_NOTICE if self.is_part2 else ""

"""How ready somebody is for their next appointment: device, phone, place, and what is missing."""

from dataclasses import dataclass
from datetime import date, timedelta

from vioP.domain.ids import ParticipantId
from vioP.domain.techcheck import TechCheck, Verdict
from vioP.domain.time import Instant

# Whoever has been enrolled for so long has come before, on whatever device.
NEWCOMER_FOR = timedelta(days=7)
_TURNS = (Verdict.NOT_READY, None, "stale", Verdict.PHONE_FIRST,
          Verdict.READY_WITH_LIMITS, Verdict.READY)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Readiness:
    """How ready one person is.

    Attributes:
        phone: Where they are called: a minor at their guardian's.
        check: Their last tech check; nothing when there was none.
        starts: When their next appointment begins; nothing when none is planned.
        missing: What their set-up lacks, in words, the required first.
        phone_verified: Whether they were heard on their phone.
        place_on_file: Whether it is known where help would find them.
        helper: Who helps them with their device now; empty when nobody does.
    """

    participant_id: ParticipantId
    name: str
    phone: str
    zone: str
    check: TechCheck | None
    starts: Instant | None
    missing: tuple[str, ...]
    phone_verified: bool
    place_on_file: bool
    helper: str = ""

    def turn(self, now: Instant) -> int:
        """Where they stand among others, the worst first."""
        if self.check is None:
            return _TURNS.index(None)
        if not self.check.is_fresh(now):
            return _TURNS.index("stale")
        return _TURNS.index(self.check.verdict)

    def is_ready(self, now: Instant) -> bool:
        """Whether nobody need call them about their device."""
        return self.check is not None and self.check.is_enough(now)


def worst_first(people: list[Readiness], now: Instant) -> list[Readiness]:
    """People in the order in which they need help: the worst, then whoever comes sooner."""
    return sorted(
        people,
        key=lambda each: (
            each.turn(now),
            each.starts is None,
            each.starts or now,
            -len(each.missing),
            each.name,
        ),
    )


def is_newcomer(enrolled: date, today: date) -> bool:
    """Whether somebody's first appointment here is still a first one."""
    return enrolled > today - NEWCOMER_FOR

"""Show waiting lists: each in order, with when a place is free for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from vioP.domain.errors import Missing
from vioP.domain.ids import CohortId
from vioP.domain.openings import openings
from vioP.domain.places import places_of
from vioP.domain.waiting import Entry, Turn, Wanted, line_up, wanted
from vioP.ports import Ports


@dataclass(frozen=True, slots=True)
class WaitingList:
    """The list of one cohort.

    Attributes:
        today: The present day where the cohort is.
    """

    cohort_id: CohortId
    turns: tuple[Turn, ...]
    today: date

    @property
    def wants(self) -> tuple[Wanted, ...]:
        """What it wants to have decided today."""
        return wanted(self.turns, self.today)


async def show_waiting(ports: Ports) -> Sequence[WaitingList]:
    """The list of every cohort somebody waits for.

    One statement where nobody waits anywhere, and six otherwise: the board asks often.
    """
    now = ports.clock.now()
    async with ports.store.read() as tx:
        entries = await tx.waiting.open()
        programme = await tx.programme.offered() if entries else None
        if programme is None:
            return ()
        enrolled = await tx.waiting.enrollments(now.date())
    found = []
    for cohort in programme.cohorts:
        own = [each for each in entries if each.cohort_id == cohort.id]
        if own:
            today = now.astimezone(ZoneInfo(cohort.zone)).date()
            places = places_of(cohort, programme.program.policy.group_max, enrolled)
            joining = openings(programme, cohort)
            turns = line_up(places, own, today, joining.next)
            found.append(WaitingList(cohort.id, turns, today))
    return found


async def show_entry(ports: Ports, entry_id: str) -> Entry:
    """One entry, open or closed.

    Raises:
        Missing: There is no such entry.
    """
    async with ports.store.read() as tx:
        entry = await tx.waiting.of_id(entry_id)
    if entry is None:
        raise Missing
    return entry

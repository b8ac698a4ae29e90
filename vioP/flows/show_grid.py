"""The week as a grid shows it: the draft, what people were told, and what is held in place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.arrangement import MovedMeeting, Pin, arranged
from vioP.domain.programme import Programme
from vioP.domain.time import Week
from vioP.flows.show import WeekInDraft, read_draft
from vioP.planner.arranged import Arranged
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.arrangements import NotedArrangement
from vioP.storage.moves import Move


@dataclass(frozen=True, slots=True)
class WeekInGrid:
    """A week in draft, and what holds its sessions where they are.

    Attributes:
        held: By the key of a session, the arrangement that holds it.
        last: The move that led to this draft; nothing if there is none to take back.
    """

    shown: WeekInDraft
    held: Mapping[str, NotedArrangement]
    last: Move | None


async def show_grid(ports: Ports, week: Week) -> WeekInGrid:
    """A week as it is planned, and what is held in it.

    Raises:
        NoProgramme: Nothing was imported yet.
    """
    async with ports.store.read() as tx:
        return await read_grid(tx, week)


async def read_grid(tx: Transaction, week: Week) -> WeekInGrid:
    """A week and what is held in it, as one transaction sees it. Raises as ``show_grid``."""
    shown = await read_draft(tx, week)
    noted = await tx.arrangements.noted()
    last = await tx.moves.last(week)
    draft = shown.draft
    is_last = last is not None and draft is not None and last.revision == draft.revision
    return WeekInGrid(
        shown,
        held_in(week, shown.programme, noted),
        last if is_last and not shown.is_stale else None,
    )


def held_in(
    week: Week, programme: Programme, noted: Sequence[NotedArrangement]
) -> dict[str, NotedArrangement]:
    """By the key of a session, the arrangement that holds it in a week."""
    asked = Arranged(week, programme, arranged(each.what for each in noted))
    of = {id(each.what): each for each in noted}
    held: dict[str, NotedArrangement] = {}
    found: Pin | MovedMeeting | None
    for plan in programme.service_plans:
        found = asked.pin_of(plan)
        if found is not None:
            held[f"{plan.id}:{week.monday}"] = of[id(found)]
    for cohort in programme.cohorts:
        for day, _, _ in cohort.meetings(week):
            found = asked.arrangements.mover(cohort.id, day)
            if found is not None:
                held[f"{cohort.id}:{day}"] = of[id(found)]
    return held

"""Compare: what a draft would change for people who were told another week."""

from vioP.domain.time import Week
from vioP.flows.build_week import state_week
from vioP.flows.show import WeekInDraft
from vioP.planner.changes import Change, changes
from vioP.ports import Ports


async def compare_week(ports: Ports, week: Week, shown: WeekInDraft) -> tuple[Change, ...]:
    """What publishing the draft would change; nothing if it would be the first publication.

    Raises:
        NoProgramme: None was imported yet.
    """
    if shown.draft is None or shown.published is None:
        return ()
    told, draft = shown.published.plan.sessions, shown.draft.plan.sessions
    if told == draft:
        return ()
    stated = await state_week(ports, week)
    return changes(stated.statement, told, draft)

"""Compare: what a draft would change for people who were told another week."""

from dataclasses import dataclass

from vioP.domain.search import WishScore
from vioP.domain.time import Week
from vioP.flows.build_week import state_week
from vioP.flows.show import WeekInDraft
from vioP.planner.changes import Change, changes
from vioP.planner.score import score
from vioP.planner.to_solution import to_solution
from vioP.ports import Ports


@dataclass(frozen=True, slots=True)
class ScoredWeek:
    """What a week costs by wish, and how many appointments have no place in it."""

    wishes: tuple[WishScore, ...]
    unplaced: int

    @property
    def score(self) -> int:
        """What it costs in all."""
        return sum(each.cost for each in self.wishes)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A draft beside what people were told.

    Attributes:
        before: What the told week costs by what is known now, as far as it is still needed;
            nothing if nobody was told another week.
        after: What the draft costs; nothing if it was kept before costs were noted.
    """

    changes: tuple[Change, ...]
    before: ScoredWeek | None
    after: ScoredWeek | None


async def compare_week(ports: Ports, week: Week, shown: WeekInDraft) -> Comparison:
    """What publishing the draft would change; nothing if it would be the first publication.

    Raises:
        NoProgramme: None was imported yet.
    """
    if shown.draft is None:
        return Comparison((), None, None)
    told = shown.published.plan.sessions if shown.published else None
    draft = shown.draft.plan.sessions
    if told is None or told == draft:
        found = shown.draft.found
        after = None
        if found is not None:
            after = ScoredWeek(found.wishes, found.trace[-1].unplaced)
        return Comparison((), None, after)
    statement = (await state_week(ports, week)).statement
    before, after = (
        ScoredWeek(score(statement.problem, each), len(each.unplaced))
        for each in (to_solution(statement, told), to_solution(statement, draft))
    )
    return Comparison(changes(statement, told, draft), before, after)

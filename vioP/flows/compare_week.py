"""Compare: what a draft would change for people who were told another week."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.search import WishScore
from vioP.domain.session import PlannedSession
from vioP.domain.time import Week
from vioP.flows.build_week import state_week
from vioP.flows.show import WeekInDraft
from vioP.planner.changes import Change, changes
from vioP.planner.from_programme import Statement
from vioP.planner.score import score
from vioP.planner.to_solution import to_solution
from vioP.ports import Ports


@dataclass(frozen=True, slots=True)
class ScoredWeek:
    """What a week costs by wish, and how much of what it needs has no place in it."""

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
            after = ScoredWeek(found.wishes, len(shown.draft.plan.unplaced))
        return Comparison((), None, after)
    statement = (await state_week(ports, week)).statement
    before, after = (_scored(statement, each) for each in (told, draft))
    return Comparison(changes(statement, told, draft), before, after)


def _scored(statement: Statement, sessions: Sequence[PlannedSession]) -> ScoredWeek:
    """What sessions cost and leave out, by what is known now."""
    solution = to_solution(statement, sessions)
    keys = {each.key for each in sessions}
    unheld = [each for each in statement.unheld if each.id not in keys]
    wishes = score(statement.problem, solution)
    return ScoredWeek(wishes, len(solution.unplaced) + len(unheld))

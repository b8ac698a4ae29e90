"""What worker processes do for a week: search one part of it, and draw the plan up.

The module is small on purpose: a worker loads what it imports before it can begin.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from vioP.dice import seeded
from vioP.domain.programme import Programme
from vioP.domain.search import Found
from vioP.domain.week import WeekPlan
from vioP.planner.bound import bound
from vioP.planner.from_programme import Statement
from vioP.planner.improve import Watch, improve
from vioP.planner.pods import is_sound, merge
from vioP.planner.problem import Solution, WeekProblem
from vioP.planner.score import score
from vioP.planner.solve import solve
from vioP.planner.to_plan import to_plan

# Told the price of the best week so far; the answer is whether to go on.
Report = Callable[[int], bool]


def deaf(_price: int) -> bool:
    """Nobody is told, and nobody stops anything."""
    return True


@dataclass(frozen=True, slots=True)
class SearchPart:
    """Search a week, or a part of it that shares nobody with the rest.

    Attributes:
        steps: How often to try; by default as often as the size of the week wants.
    """

    problem: WeekProblem
    seed: int = 1
    steps: int | None = None

    def run(self, report: Report) -> Solution:
        """The best week found; the same unless it is stopped."""
        watch = Watch(time.monotonic, lambda _seconds, price: report(price))
        return improve(self.problem, solve(self.problem), seeded(self.seed), watch=watch)


@dataclass(frozen=True, slots=True)
class DrawUp:
    """Draw a plan up from what was searched, judged, explained and proven.

    Attributes:
        are_parts: Whether the solutions make the week together, or each is a whole one.
    """

    statement: Statement
    programme: Programme
    basis: str
    solutions: tuple[Solution, ...]
    are_parts: bool

    def run(self, _report: Report) -> tuple[Solution, WeekPlan, Found] | None:
        """The plan and how it was found; nothing if its parts do not fit together."""
        problem = self.statement.problem
        if self.are_parts:
            solution = merge(problem, self.solutions)
            if not is_sound(problem, solution):
                return None
        else:
            solution = min(self.solutions, key=self._cost)
        found = Found(
            wishes=score(problem, solution),
            bound=bound(problem, solution),
            parts=len(self.solutions) if self.are_parts else 1,
            tries=1 if self.are_parts else len(self.solutions),
        )
        return (
            solution,
            to_plan(self.statement, solution, self.programme, self.basis),
            found,
        )

    def _cost(self, solution: Solution) -> tuple[int, int]:
        wishes = score(self.statement.problem, solution)
        return len(solution.unplaced), Found(wishes).score

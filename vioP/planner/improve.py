"""Make a placed week better: ruin and recreate from where everything stands.

The first week keeps what stood last week and places the rest one by one. The search then
finds places for what had none, and draws the appointments nobody is used to yet together:
fewer days, less waiting between sessions. Established people are moved only for somebody
who would otherwise have no place, or if it spares more than the move costs.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from vioP.planner.board import board_of
from vioP.planner.limits import rules_against
from vioP.planner.problem import Place, Placement, Solution, Unplaced, WeekProblem
from vioP.planner.search.anneal import Effort, Search
from vioP.planner.search.dice import Dice
from vioP.planner.search.from_week import stand
from vioP.planner.verify import verify

# Enough for a few dozen appointments; the same for every machine, so the week is the same.
STEPS_A_NEED = 25


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody who watches a search.

    Attributes:
        spent: Seconds since some moment; they decide when to tell, and nothing else.
        on_progress: Hears the seconds and the price about ten times a second, every
            appointment without a place counted ``UNPLACED``. Saying no ends the search with
            the best week so far.
    """

    spent: Callable[[], float] = lambda: 0.0
    on_progress: Callable[[float, int], bool] = lambda _seconds, _price: True


UNWATCHED = Watch()


def improve(
    problem: WeekProblem,
    solution: Solution,
    dice: Dice,
    steps: int | None = None,
    watch: Watch = UNWATCHED,
) -> Solution:
    """A week that is at least as good.

    Args:
        problem: What the week needs.
        solution: A week for it, which breaks no rule.
        dice: The same dice give the same week.
        steps: How often to try; by default some for each need.
        watch: Who watches. Unless they stop it, the week is the same with and without.
    """
    standing = stand(problem, solution)
    search = Search(standing.state, dice, watch.on_progress)
    count = STEPS_A_NEED * len(standing.needs) if steps is None else steps
    before = standing.state.price()
    if not watch.on_progress(watch.spent(), before):
        return solution
    search.run(Effort(iterations=count, hot=1.0, spent=watch.spent))
    if search.best >= before:
        return solution
    without_place = [each for each in solution.unplaced if "/" in each.need]
    found = complete(problem, standing.placements(), solution.places, without_place)
    # The judge shares nothing with the engine: what it would not pass is not used.
    if verify(problem, found) != verify(problem, solution):
        return solution
    return found


def complete(
    problem: WeekProblem,
    placements: Iterable[Placement],
    places: Iterable[Place],
    without_place: Iterable[Unplaced],
) -> Solution:
    """A solution from what was placed: whatever is missing is named with what stands against it.

    Args:
        problem: What the week needs.
        placements: The appointments that have a place.
        places: The places in meetings.
        without_place: Who has no place in a meeting, and why.
    """
    placed = tuple(sorted(placements, key=lambda each: each.need))
    seated = tuple(sorted(places, key=lambda each: (each.meeting, each.participant)))
    board = board_of(problem, Solution(placed, seated, ()), leaving_out="")
    known = {each.need for each in placed}
    left = [
        Unplaced(need.id, rules_against(board, need))
        for need in problem.needs
        if need.id not in known
    ]
    unplaced = sorted([*without_place, *left], key=lambda each: each.need)
    return Solution(placed, seated, tuple(unplaced))

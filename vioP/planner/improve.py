"""Make a placed week better: ruin and recreate from where everything stands.

The first week keeps what stood last week and places the rest one by one. The search then
finds places for what had none, and draws the appointments nobody is used to yet together:
fewer days, less waiting between sessions. Established people are moved only for somebody
who would otherwise have no place, or if it spares more than the move costs.
"""

from dataclasses import replace

from vioP.planner.board import board_of
from vioP.planner.limits import rules_against
from vioP.planner.problem import Solution, Unplaced, WeekProblem
from vioP.planner.search.anneal import Effort, Search
from vioP.planner.search.dice import Dice
from vioP.planner.search.from_week import stand
from vioP.planner.verify import verify

# Enough for a few dozen appointments; the same for every machine, so the week is the same.
STEPS_A_NEED = 25


def improve(
    problem: WeekProblem, solution: Solution, dice: Dice, steps: int | None = None
) -> Solution:
    """A week that is at least as good.

    Args:
        problem: What the week needs.
        solution: A week for it, which breaks no rule.
        dice: The same dice give the same week.
        steps: How often to try; by default some for each need.
    """
    standing = stand(problem, solution)
    search = Search(standing.state, dice)
    count = STEPS_A_NEED * len(standing.needs) if steps is None else steps
    before = standing.state.price()
    search.run(Effort(iterations=count, hot=1.0))
    if search.best >= before:
        return solution
    found = replace(solution, placements=standing.placements(), unplaced=())
    left = [each for each in solution.unplaced if "/" in each.need]
    placed = {each.need for each in found.placements}
    board = board_of(problem, found, leaving_out="")
    left += [
        Unplaced(need.id, rules_against(board, need))
        for need in problem.needs
        if need.id not in placed
    ]
    found = replace(found, unplaced=tuple(sorted(left, key=lambda each: each.need)))
    # The judge shares nothing with the engine: what it would not pass is not used.
    if verify(problem, found) != verify(problem, solution):
        return solution
    return found

"""What no week with the same appointments can cost less than, for a program's own week."""

from collections.abc import Callable
from dataclasses import replace

from vioP.planner.problem import Solution, WeekProblem
from vioP.planner.search.from_week import stand
from vioP.planner.search.prove import prove


def bound(
    problem: WeekProblem,
    solution: Solution,
    goes_on: Callable[[float], bool] = lambda _done: True,
) -> int | None:
    """Prove how good a week could be that places the same appointments, on the engine's grid.

    What a solution leaves out is left out of the proof as well, so that both speak of the
    same people. What lies off the grid is taken to stay where it is.

    Args:
        problem: What the week needs.
        solution: A week for it, which breaks no rule.
        goes_on: Asked now and then; saying no ends without a proof.

    Returns:
        A cost that ``score`` never falls below; nothing if the proof was cut short.
    """
    placed = {each.need for each in solution.placements}
    same = replace(
        problem, needs=tuple(each for each in problem.needs if each.id in placed)
    )
    return prove(stand(same, solution).week, goes_on).bound

"""A week as people are used to it: what can stay where it stands, does."""

from dataclasses import replace

from vioP.planner.problem import Solution, WeekProblem


def used_to(problem: WeekProblem, solution: Solution) -> WeekProblem:
    """A problem whose appointments were where a solution has them, with whom it has them."""
    stood = {each.need: each for each in solution.placements}
    needs = tuple(
        replace(
            each,
            previous=stood[each.id].start,
            previous_clinician=stood[each.id].clinician,
        )
        if each.id in stood
        else each
        for each in problem.needs
    )
    return replace(problem, needs=needs)

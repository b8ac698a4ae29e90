"""A plan made from a solution leads back to the same solution."""

from dataclasses import replace
from datetime import date

from tests.make import programme
from vioP.domain.time import Week
from vioP.planner.from_programme import Circumstances, state
from vioP.planner.solve import solve
from vioP.planner.to_plan import to_plan
from vioP.planner.to_solution import to_solution

WEEK = Week(date(2026, 3, 9))


def test_a_plan_leads_back_to_its_solution_and_says_what_is_missing():
    stated = programme()
    statement = state(WEEK, stated, Circumstances({}))
    solution = solve(statement.problem)
    sessions = to_plan(statement, solution, stated, "").sessions

    assert to_solution(statement, sessions) == solution

    fewer = to_solution(statement, [each for each in sessions if each.cohort_id])
    assert fewer.placements == ()
    assert [each.need for each in fewer.unplaced] == sorted(
        each.need for each in solution.placements
    )
    emptied = [replace(each, participants=each.participants[1:]) for each in sessions]
    left = to_solution(statement, emptied)
    assert {each.need.split("/")[1] for each in left.unplaced if "/" in each.need} == {"p1"}


def test_what_is_not_needed_any_more_is_left_out():
    stated = programme()
    statement = state(WEEK, stated, Circumstances({}))
    sessions = to_plan(statement, solve(statement.problem), stated, "").sessions
    nothing = replace(statement, problem=replace(statement.problem, needs=(), meetings=()))

    assert to_solution(nothing, sessions) == replace(
        solve(statement.problem), placements=(), places=(), unplaced=()
    )

"""What is proven holds for every plan that leaves nothing out."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planner.exchange_weeks import make_week
from tests.planner.weeks import DAY, NINE, NOON, need, problems, week
from vioP.dice import seeded
from vioP.domain.search import Found
from vioP.planner.bound import bound
from vioP.planner.exchange_read import read_problem
from vioP.planner.improve import improve
from vioP.planner.score import score
from vioP.planner.search import pricing
from vioP.planner.search import prove as proving
from vioP.planner.search.from_exchange import compile_exchange
from vioP.planner.search.linear import HAS_HIGHS
from vioP.planner.search.masks import bits
from vioP.planner.search.pricing import whole
from vioP.planner.search.prove import prove
from vioP.planner.search.telling import rings
from vioP.planner.solve import solve
from vioP.planner.solve_exchange import Budget, solve_exchange
from vioP.planner.verify_exchange import verify_exchange


def always(_done: float) -> bool:
    return True


@settings(max_examples=15, deadline=None)
@given(
    people=st.integers(1, 20),
    seed=st.integers(0, 500),
    weekly=st.booleans(),
    is_published=st.booleans(),
)
def test_no_plan_costs_less_than_was_proven(people, seed, weekly, is_published):
    data = make_week(people, seed, weekly=weekly)
    if is_published:
        told = solve_exchange(read_problem(data), Budget(0, lambda: 0, 20), seeded(3)).plan
        data["published"] = {
            "groups": {},
            "appointments": {need: list(at) for need, at in told.appointments.items()},
        }
    problem = read_problem(data)
    solved = solve_exchange(problem, Budget(0, lambda: 0, 600), seeded(seed))
    judged = verify_exchange(problem, solved.plan)
    bound = prove(compile_exchange(problem).week, always).bound
    assert bound == solved.bound
    if judged.unplaced == 0 and bound is not None:
        assert bound <= judged.soft


def test_a_single_participant_is_proven_to_the_point_but_for_clinicians_waits():
    data = make_week(1)
    problem = read_problem(data)
    solved = solve_exchange(problem, Budget(0, lambda: 0, 2000), seeded(1))
    judged = verify_exchange(problem, solved.plan)
    assert solved.bound is not None
    assert judged.soft - solved.bound <= judged.by_wish.get("clinician_day", 0)


@pytest.mark.skipif(not HAS_HIGHS, reason="the extra `exact` is not installed")
def test_prices_of_places_prove_more_than_places_for_nothing(monkeypatch):
    week = compile_exchange(read_problem(make_week(60))).week
    priced = prove(week, always)
    monkeypatch.setattr(proving, "HAS_HIGHS", False)
    free = prove(week, always)
    assert priced.rounds > 0
    assert free.rounds == 0
    assert free.bound is not None
    assert priced.bound is not None
    assert priced.bound > free.bound


@settings(max_examples=10, deadline=None)
@given(people=st.integers(1, 12), seed=st.integers(0, 500))
def test_starts_that_are_not_looked_at_would_prove_the_same(people, seed):
    week = compile_exchange(read_problem(make_week(people, seed))).week
    few = prove(week, always).bound
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pricing, "telling", lambda starts, *_rest: bits(starts))
        assert prove(week, always).bound == few


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(0, 99), st.booleans())
def test_no_week_of_a_program_costs_less_than_was_proven(problem, seed, is_told):
    problem = replace(
        problem,
        needs=tuple(
            replace(each, is_told=is_told and each.previous_clinician is not None)
            for each in problem.needs
        ),
    )
    solution = improve(problem, solve(problem), seeded(seed), 60)

    proven = bound(problem, solution)

    assert proven is not None
    assert proven <= Found(score(problem, solution)).score


def test_a_week_in_which_nothing_competes_is_proven_to_the_point():
    solution = improve(week(), solve(week()), seeded(1))

    assert bound(week(), solution) == Found(score(week(), solution)).score == 4
    assert bound(week(), solution, lambda _done: False) is None


def test_a_time_far_from_the_usual_one_is_proven_to_cost_what_it_costs():
    moved = need(previous=NINE, previous_clinician="c1", within=((DAY + NINE, DAY + NOON),))
    problem = week(needs=(moved,))
    solution = improve(problem, solve(problem), seeded(1))

    # A day each, another time, and the 48 half hours to the same hour of the next day.
    assert bound(problem, solution) == Found(score(problem, solution)).score == 4 + 8 + 48


@given(st.integers(0, 1 << 40), st.integers(-9, 50), st.integers(1, 7))
def test_rings_hold_every_start_at_its_distance(starts, around, step):
    found = {
        each: distance
        for distance, ring in rings(starts, around, step)
        for each in bits(ring)
    }

    assert found == {each: abs(each - around) // step for each in bits(starts)}


def test_a_proof_without_time_proves_nothing_and_says_so():
    week = compile_exchange(read_problem(make_week(10))).week
    assert prove(week, lambda _done: False).bound is None


def test_nothing_is_proven_of_somebody_who_cannot_have_a_whole_week():
    data = make_week(5)
    data["participants"][0]["available"] = []
    assert prove(compile_exchange(read_problem(data)).week, always).bound is None


def test_rounding_never_lifts_a_bound():
    assert whole(3.0000000001) == 3
    assert whole(3.01) == 4
    assert whole(-2.0) == -2

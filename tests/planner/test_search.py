"""The engine: what it believes is what the judge finds, at every step."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planner.exchange_weeks import make_week
from vioP.dice import seeded
from vioP.planner.exchange import ExchangeProblem, Told
from vioP.planner.exchange_read import read_problem
from vioP.planner.search.anneal import Effort, Search
from vioP.planner.search.compiled import placed
from vioP.planner.search.from_exchange import UNPLACED, compile_exchange
from vioP.planner.search.masks import around, bits, span, starts_in, touching
from vioP.planner.search.state import State
from vioP.planner.search.warm import fill
from vioP.planner.solve_exchange import Budget, solve_exchange
from vioP.planner.verify_exchange import verify_exchange


def by_count(iterations: int) -> Budget:
    return Budget(0.0, lambda: 0.0, iterations)


def judged_price(problem: ExchangeProblem, plan: Told) -> int:
    judged = verify_exchange(problem, plan)
    assert judged.broken == ()
    return judged.unplaced * UNPLACED + judged.soft


@settings(max_examples=12, deadline=None)
@given(
    people=st.integers(1, 25),
    seed=st.integers(0, 1000),
    weekly=st.booleans(),
    rooms=st.integers(0, 4),
)
def test_the_price_is_the_judges_after_every_accepted_move(people, seed, weekly, rooms):
    data = make_week(people, seed, weekly=weekly)
    data["rooms"] = max(1, data["rooms"] - rooms)
    problem = read_problem(data)
    if any("rooms" in each[0] for each in verify_exchange(problem, Told()).broken):
        return
    compiled = compile_exchange(problem)
    state = State(compiled.week)
    fill(state, seeded(seed))
    search = Search(state, seeded(seed))
    accepted = []

    def agree() -> None:
        accepted.append(search.price)
        assert search.price == judged_price(problem, placed(compiled, state))

    search.on_accepted = agree
    search.run(Effort(iterations=150))
    assert search.best == state.price() == judged_price(problem, placed(compiled, state))
    assert search.best <= min(accepted, default=search.best)


def test_the_same_seed_gives_the_same_plan_and_another_seed_another():
    problem = read_problem(make_week(40))
    plans = [solve_exchange(problem, by_count(300), seeded(seed)) for seed in (1, 1, 2)]
    assert plans[0].plan == plans[1].plan
    assert plans[0].plan != plans[2].plan


def test_searching_longer_ends_better():
    problem = read_problem(make_week(40))
    short, long = (
        solve_exchange(problem, by_count(each), seeded(1)).price for each in (0, 3000)
    )
    assert long < short


def test_what_people_are_used_to_stays():
    data = make_week(30, weekly=True)
    problem = read_problem(data)
    state = State(compile_exchange(problem).week)
    fill(state, seeded(1))
    kept = placed(compile_exchange(problem), state)
    for who in problem.participants:
        for module, group in who.previous_groups.items():
            assert kept.groups[who.id, module] == group


def test_a_search_can_be_stopped_with_its_best_plan():
    problem = read_problem(make_week(40))
    clock = iter(range(100_000))
    heard: list[int] = []

    def stop(_seconds: float, price: int) -> bool:
        heard.append(price)
        return len(heard) < 3

    solved = solve_exchange(
        problem, Budget(1e9, lambda: float(next(clock))), seeded(1), stop
    )
    assert len(heard) == 3
    assert solved.price == judged_price(problem, solved.plan) == heard[-1]


def test_a_pin_is_kept_against_everybody():
    data = make_week(30, weekly=True)
    first = next(each for each in data["appointments"] if each["previous_start"])
    first["pinned"] = [first["primary"], first["previous_start"]]
    solved = solve_exchange(read_problem(data), by_count(500), seeded(1))
    assert solved.plan.appointments[first["id"]] == tuple(first["pinned"])


@pytest.mark.parametrize("where", ["pinned", "previous_start", "published"])
@pytest.mark.parametrize("minute", [607, 20_010, 40_320])
def test_a_start_nobody_can_have_is_planned_around(where, minute):
    data = make_week(12, weekly=True)
    need = next(each for each in data["appointments"] if each["primary"])
    if where == "published":
        told = {need["id"]: [need["primary"], minute]}
        data["published"] = {"groups": {}, "appointments": told}
    else:
        need[where] = [need["primary"], minute] if where == "pinned" else minute
    solved = solve_exchange(read_problem(data), by_count(50), seeded(1))
    assert solved.price == judged_price(read_problem(data), solved.plan)
    assert (need["id"] in solved.plan.appointments) == (where != "pinned")


def test_what_was_published_moves_less_than_what_was_not():
    data = make_week(30)
    first = solve_exchange(read_problem(data), by_count(400), seeded(1)).plan
    data["published"] = {
        "groups": {},
        "appointments": {each: list(at) for each, at in first.appointments.items()},
    }

    def moved(weight: int) -> int:
        data["weights"]["moved"] = weight
        found = solve_exchange(read_problem(data), by_count(2000), seeded(2)).plan
        return sum(
            found.appointments[each] != at for each, at in first.appointments.items()
        )

    assert moved(6) < moved(0)


@pytest.mark.parametrize("minutes", [15, 45, 50])
def test_lengths_and_meetings_off_the_grid_are_planned_to_the_minute(minutes):
    data = make_week(20)
    for each in data["appointments"]:
        each["minutes"] = minutes
    for group in data["groups"]:
        group["meetings"] = [[a + 5, b - 5] for a, b in group["meetings"]]
    problem = read_problem(data)
    solved = solve_exchange(problem, by_count(300), seeded(1))
    assert solved.price == judged_price(problem, solved.plan)


def naive(test: Callable[[int], bool], slots: int = 40) -> int:
    return sum(1 << at for at in range(slots) if test(at))


@given(mask=st.integers(0, 2**30 - 1), length=st.integers(1, 9), margin=st.integers(0, 4))
def test_masks_mean_what_they_say(mask, length, margin):
    def taken(at: int) -> bool:
        return at >= 0 and bool(mask >> at & 1)

    assert touching(mask, length) == naive(
        lambda s: any(taken(t) for t in range(s, s + length))
    )
    assert starts_in(mask, length) == naive(
        lambda s: all(taken(t) for t in range(s, s + length))
    )
    assert around(mask, margin) == naive(
        lambda s: any(taken(t) for t in range(s - margin, s + margin + 1))
    )
    assert sum(1 << at for at in bits(mask)) == mask
    assert span(3, length) == naive(lambda s: 3 <= s < 3 + length)

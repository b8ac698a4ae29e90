"""Whole weeks, with everything that goes wrong in them: nobody who needs reaching is missed."""

import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from vioP.lived import Lived
from vioP.simulation.run import simulate

SEEDS = range(1, 21)


@pytest.fixture(scope="module")
def lives() -> Mapping[int, Lived]:
    """A week of each seed, on every core."""
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        return dict(zip(SEEDS, pool.map(simulate, SEEDS), strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_week_breaks_no_promise(seed: int, lives: Mapping[int, Lived]):
    lived = lives[seed]

    assert lived.violations == (), f"viop simulate --seed {seed}, of {lived.version}"


def test_a_seed_lives_the_same_life_again():
    once, again = simulate(101, people=4), simulate(101, people=4)

    assert once.log == again.log
    assert once == again


@pytest.mark.scale
def test_five_hundred_weeks():
    broken = {}
    for seed in range(1001, 1501):
        lived = simulate(seed)
        if lived.violations:
            broken[seed] = lived.violations
            print(seed, lived.violations, flush=True)  # noqa: T201 - a soak is watched

    assert broken == {}

"""The simulation is not blind: it finds every bug that is planted."""

import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from tests.simulation.planted import BUGS, Bug
from vioP.simulation.run import simulate

SEEDS = range(1, 11)


def findings(name: str) -> tuple[str, ...]:
    """What is found with one bug, in the first of ten lives in which it is.

    The life in which it was found last is tried first: a change of the program changes what
    befalls people in each of them.
    """
    [bug] = [each for each in BUGS if each.name == name]
    for seed in (bug.seed, *(each for each in SEEDS if each != bug.seed)):
        with pytest.MonkeyPatch.context() as patch:
            bug.plant(patch)
            found = simulate(seed, weeks=bug.weeks).violations
        if any(each.startswith(bug.finds) for each in found):
            return found
    return ()


@pytest.fixture(scope="module")
def found() -> Mapping[str, tuple[str, ...]]:
    """What is found of each bug, on every core."""
    names = [each.name for each in BUGS]
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        return dict(zip(names, pool.map(findings, names), strict=True))


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_found(bug: Bug, found: Mapping[str, tuple[str, ...]]):
    assert [each for each in found[bug.name] if each.startswith(bug.finds)]


def test_every_bug_is_found_within_ten_seeds():
    assert len(BUGS) >= 15
    assert all(bug.seed in SEEDS for bug in BUGS)

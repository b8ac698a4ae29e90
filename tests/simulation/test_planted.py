"""The simulation is not blind: it finds every bug that is planted."""

import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from tests.simulation.planted import BUGS, Bug
from vioP.simulation.run import simulate


def findings(name: str, seed: int) -> tuple[str, ...]:
    """What is found in one life with one bug."""
    [bug] = [each for each in BUGS if each.name == name]
    with pytest.MonkeyPatch.context() as patch:
        bug.plant(patch)
        return simulate(seed).violations


@pytest.fixture(scope="module")
def found() -> Mapping[str, tuple[str, ...]]:
    """What is found of each bug, on every core."""
    names, seeds = [each.name for each in BUGS], [each.seed for each in BUGS]
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        return dict(zip(names, pool.map(findings, names, seeds), strict=True))


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_found(bug: Bug, found: Mapping[str, tuple[str, ...]]):
    assert [each for each in found[bug.name] if each.startswith(bug.finds)]


def test_every_bug_is_found_within_ten_seeds():
    assert len(BUGS) >= 15
    assert all(1 <= bug.seed <= 10 for bug in BUGS)

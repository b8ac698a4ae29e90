"""Randomness for the planner: the same seed gives the same throws everywhere."""

from random import Random  # noqa: TID251 - planning wants to be repeatable, not secret

from vioP.planner.search.dice import Dice


def seeded(seed: int) -> Dice:
    """Dice that throw the same again for the same seed."""
    return Random(seed)  # noqa: S311 - a search, not a secret

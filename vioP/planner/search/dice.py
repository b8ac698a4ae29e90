"""Randomness, passed in: the same dice give the same week."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Dice(Protocol):
    """What the engine needs of a random generator; ``random.Random`` has it."""

    def random(self) -> float:
        """A number from 0 to just under 1."""
        ...


def below(dice: Dice, limit: int) -> int:
    """A whole number from 0 to just under a limit."""
    return int(dice.random() * limit)


def one_of(dice: Dice, things: Sequence[T]) -> T:
    """One thing of several."""
    return things[int(dice.random() * len(things))]


def some_of(dice: Dice, things: Sequence[T], most: int) -> list[T]:
    """Up to so many different things, in random order."""
    pool = list(things)
    count = min(most, len(pool))
    for at in range(count):
        other = at + int(dice.random() * (len(pool) - at))
        pool[at], pool[other] = pool[other], pool[at]
    return pool[:count]

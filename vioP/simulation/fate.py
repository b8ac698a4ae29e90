"""Fate: everything that is left to chance, from one seed."""

import math
from collections.abc import Sequence
from typing import TypeVar

from vioP.dice import seeded

T = TypeVar("T")


class Fate:
    """Chance that falls the same way again for the same seed."""

    def __init__(self, seed: int) -> None:
        self._dice = seeded(seed)

    def happens(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self._dice.random() < probability

    def between(self, least: float, most: float) -> float:
        """A number from one to another, each as likely."""
        return least + (most - least) * self._dice.random()

    def about(self, least: float, most: float) -> float:
        """A number from one to another, those in the middle likelier."""
        return (self.between(least, most) + self.between(least, most)) / 2

    def after(self, mean: float) -> float:
        """How long until something happens that happens once in so long."""
        return -math.log(1.0 - self._dice.random()) * mean

    def one_of(self, things: Sequence[T]) -> T:
        """One thing of several."""
        return things[int(self._dice.random() * len(things))]

    def octets(self, count: int) -> bytes:
        """So many bytes."""
        return bytes(int(self._dice.random() * 256) for _ in range(count))

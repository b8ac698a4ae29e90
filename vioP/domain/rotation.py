"""Which module is taught when: the modules of a curriculum in turn, over and over.

Only the order, the weeks of each module and one first day are kept; everything else follows.
Weeks are the program's, Monday to Sunday. One in which nobody meets counts all the same, so that
a module ends when everybody knows it does, whatever is closed.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from vioP.domain.time import week_of

_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class ModuleTurn:
    """A module's turn: its name, which stays in the house, and for how many weeks it is taught."""

    module: str
    weeks: int

    def __post_init__(self) -> None:
        if not self.module:
            raise ValueError("a module needs a name")
        if self.weeks < 1:
            raise ValueError(f"{self.module} is taught for at least one week")


@dataclass(frozen=True, slots=True)
class Taught:
    """What is taught on a day.

    Attributes:
        week: Which week of the module it is, counted from one.
        weeks: How many weeks the module has.
        since: The first day of the module's turn: a Monday, or the first day of all.
    """

    module: str
    week: int
    weeks: int
    since: date


@dataclass(frozen=True, slots=True)
class Rotation:
    """Modules in their order, from a first day on, and again from the beginning after the last."""

    first: date
    turns: tuple[ModuleTurn, ...]

    def __post_init__(self) -> None:
        if not self.turns:
            raise ValueError("a rotation needs a module")

    @property
    def weeks(self) -> int:
        """How many weeks pass until everything was taught once."""
        return sum(each.weeks for each in self.turns)

    def on(self, day: date) -> Taught | None:
        """What is taught on a day; nothing before the first one."""
        if day < self.first:
            return None
        begun = week_of(self.first).monday
        passed = (day - begun) // _WEEK
        week = passed % self.weeks
        for turn in self.turns:
            if week < turn.weeks:
                break
            week -= turn.weeks
        since = max(self.first, begun + (passed - week) * _WEEK)
        return Taught(turn.module, week + 1, turn.weeks, since)

"""Search: the best week for what is stated, small ones at once, large ones on every core.

What comes out depends on the statement alone: not on the machine, nor on how many cores it
has, unless somebody asks for the best so far.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from vioP.domain.programme import Programme
from vioP.domain.search import Found, Step, thinned
from vioP.domain.time import Week
from vioP.domain.week import WeekPlan
from vioP.flows.crew import run_apart
from vioP.flows.search_tasks import DrawUp, SearchPart
from vioP.planner.from_programme import Circumstances, Statement, state
from vioP.planner.pods import split
from vioP.planner.problem import Solution
from vioP.planner.search.from_week import UNPLACED

# From so many appointments on, planning takes longer than starting processes for it.
LARGE = 150
# A large week that falls into no parts is searched so often, on every machine.
TRIES = 4

# Hears of the best week so far; the answer is whether to go on.
HearStep = Callable[[Step], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class StatedWeek:
    """A week's problem with what it was stated from."""

    programme: Programme
    statement: Statement
    version: str
    around: Circumstances

    @property
    def is_large(self) -> bool:
        """Whether planning it takes so long that people want to watch."""
        return len(self.statement.problem.needs) >= LARGE


@dataclass(frozen=True, slots=True)
class ReadWeek:
    """A week as the database knows it, before it is stated."""

    week: Week
    programme: Programme
    version: str
    around: Circumstances

    def stated(self) -> StatedWeek:
        """The week stated, which takes a while."""
        statement = state(self.week, self.programme, self.around)
        return StatedWeek(self.programme, statement, self.version, self.around)


@dataclass(frozen=True, slots=True)
class SearchedWeek:
    """A plan, the solution it stands for, and how it was found."""

    solution: Solution
    plan: WeekPlan
    found: Found


async def on_and_on(_step: Step) -> bool:
    """Nobody watches; the search ends by itself."""
    return True


async def search_week(stated: StatedWeek, hear: HearStep = on_and_on) -> SearchedWeek:
    """Plan a stated week off the event loop, and keep nothing.

    Args:
        stated: The week.
        hear: Hears of a large week's progress about ten times a second and may end it.

    Raises:
        SearchDied: A worker process died.
    """
    if not stated.is_large:
        return await asyncio.to_thread(_at_once, stated)
    problem = stated.statement.problem
    parts = await asyncio.to_thread(split, problem)
    curve = _Curve(len(problem.needs), hear)
    if len(parts) > 1:
        apart = [SearchPart(part) for part in parts]
        for number, part in enumerate(parts):
            curve.prices[number] = len(part.needs) * UNPLACED
        searched = await run_apart(apart, curve.hear)
        drawn = await _drawn(stated, searched, are_parts=True)
        if drawn is not None:
            return curve.onto(drawn)
    curve.become_tries()
    tries = [SearchPart(problem, seed) for seed in range(1, TRIES + 1)]
    drawn = await _drawn(stated, await run_apart(tries, curve.hear), are_parts=False)
    assert drawn is not None  # noqa: S101 - only parts can fail to fit together
    return curve.onto(drawn)


def _at_once(stated: StatedWeek) -> SearchedWeek:
    begun, steps = time.monotonic(), list[Step]()

    def report(price: int) -> bool:
        steps.append(step_of(time.monotonic() - begun, price))
        return True

    solution = SearchPart(stated.statement.problem).run(report)
    drawn = _draw_up(stated, (solution,), are_parts=False).run(report)
    assert drawn is not None  # noqa: S101 - only parts can fail to fit together
    return _with_trace(SearchedWeek(*drawn), steps, time.monotonic() - begun)


def step_of(seconds: float, price: int) -> Step:
    """A moment of the search, from the engine's price."""
    unplaced, cost = divmod(price, UNPLACED)
    return Step(round(seconds, 2), unplaced, cost)


async def _drawn(
    stated: StatedWeek, solutions: tuple[Solution, ...], *, are_parts: bool
) -> SearchedWeek | None:
    [drawn] = await run_apart([_draw_up(stated, solutions, are_parts=are_parts)])
    return None if drawn is None else SearchedWeek(*drawn)


def _draw_up(
    stated: StatedWeek, solutions: tuple[Solution, ...], *, are_parts: bool
) -> DrawUp:
    return DrawUp(stated.statement, stated.programme, stated.version, solutions, are_parts)


def _with_trace(
    searched: SearchedWeek, steps: list[Step], seconds: float, *, is_stopped: bool = False
) -> SearchedWeek:
    """The trace ends with what the plan costs, which the judge's count knows best."""
    needs = {each.need for each in searched.solution.unplaced if "/" not in each.need}
    last = Step(round(seconds, 2), len(needs), searched.found.score)
    trace = thinned((*steps, last))
    return replace(
        searched, found=replace(searched.found, trace=trace, is_stopped=is_stopped)
    )


@dataclass(slots=True)
class _Curve:
    """What several searches tell, as one curve: parts add up, of tries the best counts."""

    needs: int
    hear_step: HearStep
    prices: dict[int, int] = field(default_factory=dict)
    are_parts: bool = True
    is_stopped: bool = False
    steps: list[Step] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    def become_tries(self) -> None:
        """From now on each search is of the whole week."""
        self.prices, self.are_parts = {0: self.needs * UNPLACED}, False

    async def hear(self, number: int, price: int) -> bool:
        """Note what one search tells, and pass the whole on."""
        self.prices[number] = price
        whole = sum(self.prices.values()) if self.are_parts else min(self.prices.values())
        step = step_of(time.monotonic() - self.begun, whole)
        self.steps.append(step)
        self.is_stopped = not await self.hear_step(step) or self.is_stopped
        return not self.is_stopped

    def onto(self, searched: SearchedWeek) -> SearchedWeek:
        """A searched week with the curve that led to it."""
        seconds = time.monotonic() - self.begun
        return _with_trace(searched, self.steps, seconds, is_stopped=self.is_stopped)

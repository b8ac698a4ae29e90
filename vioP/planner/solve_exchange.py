"""Plan a week of the exchange format within a budget."""

from collections.abc import Callable
from dataclasses import dataclass, field

from vioP.planner.exchange import ExchangeProblem, Told
from vioP.planner.search.anneal import Effort, Search
from vioP.planner.search.compiled import Compiled, placed
from vioP.planner.search.dice import Dice
from vioP.planner.search.from_exchange import compile_exchange
from vioP.planner.search.state import State
from vioP.planner.search.warm import fill

# What one core does in a second; only the temperature depends on it, and only when the
# budget is in seconds.
_STEPS_A_SECOND = 3_500
_HOTTEST, _COOLEST = 15.0, 0.5


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to search.

    Attributes:
        seconds: Seconds of ``spent``; what was spent before counts too.
        spent: Seconds used so far, usually of the processor.
        iterations: Instead of seconds: the same number gives the same plan everywhere.
    """

    seconds: float
    spent: Callable[[], float]
    iterations: int | None = None


@dataclass(frozen=True, slots=True)
class SolvedExchange:
    """A plan, and how it came about.

    Attributes:
        price: What the engine believes the plan costs; the judge must find the same.
        seconds: What was spent.
        bound: What no plan can cost less than, if that was proven.
        first_after: When the first plan with nothing left out was there, if ever.
        trace: The best price over time.
    """

    plan: Told
    price: int
    seconds: float
    iterations: int
    bound: int | None
    first_after: float | None
    trace: tuple[tuple[float, int], ...]
    compiled: Compiled = field(repr=False)
    state: State = field(repr=False)


def solve_exchange(
    problem: ExchangeProblem,
    budget: Budget,
    dice: Dice,
    on_progress: Callable[[float, int], bool] = lambda _seconds, _price: True,
) -> SolvedExchange:
    """The best plan found within a budget; no hard rule is broken in it.

    Args:
        problem: The week.
        budget: How long to search.
        dice: The same dice and iterations give the same plan.
        on_progress: Hears of seconds and price; saying no ends the search with the best plan.
    """
    compiled = compile_exchange(problem)
    state = State(compiled.week)
    fill(state, dice)
    begun = budget.spent()
    search = Search(state, dice, on_progress)
    search.run(
        Effort(
            seconds=max(0.0, budget.seconds - begun),
            spent=budget.spent,
            iterations=budget.iterations,
            hot=temperature(len(compiled.week.people), budget),
        )
    )
    return SolvedExchange(
        plan=placed(compiled, state),
        price=search.best,
        seconds=budget.spent(),
        iterations=search.iterations,
        bound=None,
        first_after=search.complete_at,
        trace=tuple(search.trace),
        compiled=compiled,
        state=state,
    )


def temperature(people: int, budget: Budget) -> float:
    """Where to begin: the more steps there are for each participant, the hotter.

    Measured on weeks of 50, 200 and 1,000 participants: with 650 steps each, 15 was best
    (3,733 against 3,829 at 2); with 65 each, 0.5.
    """
    steps = budget.iterations
    if steps is None:
        steps = int(budget.seconds * _STEPS_A_SECOND)
    return min(_HOTTEST, max(_COOLEST, steps / max(1, people) / 25 - 2))

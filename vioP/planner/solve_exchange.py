"""Plan a week of the exchange format within a budget."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from vioP.planner.exchange import ExchangeProblem, Told
from vioP.planner.search.anneal import Effort, Search
from vioP.planner.search.compiled import Compiled, placed
from vioP.planner.search.dice import Dice
from vioP.planner.search.from_exchange import compile_exchange
from vioP.planner.search.prove import Proof, prove
from vioP.planner.search.state import State
from vioP.planner.search.warm import fill, take_places
from vioP.planner.search.week import Week

# What one core does in a second; only the temperature depends on it, and only when the
# budget is in seconds.
_STEPS_A_SECOND = 3_500
_HOTTEST, _COOLEST = 15.0, 0.5
# A start that the proof chose is good already: too much heat would undo it.
_COOLER = 5.0
_PROMISING = 1.02
_SHARE_OF_FIRST, _SHARE_OF_PROOF = 0.3, 0.5
# After this much of everybody's weeks it is known how long the proof takes.
_SURE = 0.03
_STEPS_FOR_THE_FIRST = 64
_TELL_EVERY = 0.1


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
    run = _Run(compiled.week, budget, dice, on_progress)
    run.first()
    run.prove()
    best = run.last()
    run.trace.append((budget.spent(), best.price()))
    return SolvedExchange(
        plan=placed(compiled, best),
        price=best.price(),
        seconds=budget.spent(),
        iterations=run.iterations,
        bound=run.proof.bound,
        first_after=run.complete_at,
        trace=tuple(run.trace),
        compiled=compiled,
        state=best,
    )


class _Run:
    """A first plan at once, what can be proven, and the search from the better start."""

    def __init__(
        self,
        week: Week,
        budget: Budget,
        dice: Dice,
        on_progress: Callable[[float, int], bool],
    ) -> None:
        self.week, self.budget, self.dice = week, budget, dice
        self.on_progress = on_progress
        self.state = State(week)
        self.proof = Proof()
        self.iterations = 0
        self.complete_at: float | None = None
        self.trace: list[tuple[float, int]] = []
        self.told = 0.0
        self.stopped = False

    def first(self) -> None:
        """Last week's places, then everything else, until nothing is left out."""
        fill(self.state, self.dice)
        self._search(self.state, Effort(iterations=0))
        if self.complete_at is None:
            steps = _STEPS_FOR_THE_FIRST * (1 + len(self.week.people) // 20)
            left = max(0, self.budget.iterations or steps)
            self._search(
                self.state,
                Effort(
                    seconds=_SHARE_OF_FIRST * self.budget.seconds,
                    iterations=min(steps, left),
                    hot=_COOLEST,
                    until_complete=True,
                ),
            )

    def prove(self) -> None:
        """What no plan can cost less than; at most part of the budget goes into it."""
        begun = self.budget.spent()
        limit = _SHARE_OF_PROOF * (self.budget.seconds - begun)

        def goes_on(done: float) -> bool:
            if self.budget.iterations is not None:
                return not self.stopped
            elapsed = self.budget.spent() - begun
            if elapsed > limit or (done > _SURE and elapsed / done > limit):
                return False
            return self._tell(begun + elapsed)

        self.proof = prove(self.week, goes_on)

    def last(self) -> State:
        """Search on, from the groups the proof chose where that promises more."""
        start, hot = self.state, temperature(len(self.week.people), self.budget)
        if self.proof.chosen:
            chosen = State(self.week)
            take_places(chosen, self.proof.chosen)
            fill(chosen, self.dice)
            if chosen.price() < self.state.price() * _PROMISING:
                start, hot = chosen, max(_COOLEST, hot / _COOLER)
        left = max(0.0, self.budget.seconds - self.budget.spent())
        steps = self.budget.iterations
        if not self.stopped:
            self._search(
                start,
                Effort(
                    seconds=left,
                    spent=self.budget.spent,
                    iterations=None if steps is None else max(0, steps - self.iterations),
                    hot=hot,
                ),
            )
        return min(start, self.state, key=lambda each: each.price())

    def _search(self, state: State, effort: Effort) -> None:
        begun = self.budget.spent()
        search = Search(state, self.dice, self._hear)
        search.run(replace(effort, spent=self.budget.spent))
        self.iterations += search.iterations
        self.trace += [(begun + at, price) for at, price in search.trace]
        if self.complete_at is None:
            self.complete_at = search.complete_at

    def _hear(self, _seconds: float, price: int) -> bool:
        self.stopped = not self.on_progress(self.budget.spent(), price) or self.stopped
        return not self.stopped

    def _tell(self, now: float) -> bool:
        if now - self.told > _TELL_EVERY:
            self.told = now
            self._hear(now, self.trace[-1][1])
        return not self.stopped


def temperature(people: int, budget: Budget) -> float:
    """Where to begin: the more steps there are for each participant, the hotter.

    Measured on weeks of 50, 200 and 1,000 participants: with 650 steps each, 15 was best
    (3,733 against 3,829 at 2); with 65 each, 0.5.
    """
    steps = budget.iterations
    if steps is None:
        steps = int(budget.seconds * _STEPS_A_SECOND)
    return min(_HOTTEST, max(_COOLEST, steps / max(1, people) / 25 - 2))

"""The peer everybody could write: one thing after the other, where it fits best.

It has the same candidates and the same price as the engine, and never looks back: each
participant takes the cheapest groups that are still open, then each appointment the
cheapest start that is still free, psychiatry first.
"""

from vioP.planner.exchange import ExchangeProblem, Told
from vioP.planner.search.compiled import placed
from vioP.planner.search.dice import Dice
from vioP.planner.search.from_exchange import compile_exchange
from vioP.planner.search.insert import best_start
from vioP.planner.search.ruin import scarcity
from vioP.planner.search.state import State
from vioP.planner.search.warm import may_seat


def greedy(problem: ExchangeProblem, dice: Dice) -> Told:
    """A plan by best insertion."""
    compiled = compile_exchange(problem)
    state = State(compiled.week)
    for seat, need in enumerate(compiled.week.seats):
        for _, circle, _ in need.options:
            if may_seat(state, seat, circle):
                state.seat(seat, circle)
                break
    for each in sorted(state.waiting_appointments, key=lambda one: scarcity(state, one)):
        found = best_start(state, each, compiled.week.hands(each), dice)
        if found is not None:
            state.put(each, *found[1])
    return placed(compiled, state)

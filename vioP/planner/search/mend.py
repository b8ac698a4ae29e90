"""Put a few things back on a week on which everything else stands."""

from collections.abc import Iterable

from vioP.planner.search.anneal import Effort, Search, clear, restore
from vioP.planner.search.dice import Dice, some_of
from vioP.planner.search.insert import best_circles, best_start
from vioP.planner.search.ruin import choose_waiting, scarcity
from vioP.planner.search.state import State
from vioP.planner.search.warm import may_put

# To find a place for something that has none, others may move for so many steps.
_STEPS = 300
# Before others move, what moves anyway is put back in so many orders.
_ORDERS = 12


def mend(
    state: State, seats: Iterable[int], appointments: Iterable[int], dice: Dice
) -> None:
    """Place what was taken off; only if something finds nothing may others move for it.

    Args:
        state: The week without those seats and appointments.
        seats: Places in groups to give.
        appointments: What to put somewhere else.
        dice: Decides between equals.
    """
    moving = list(appointments)
    of_person: dict[int, list[int]] = {}
    for seat in seats:
        of_person.setdefault(state.week.seats[seat].person, []).append(seat)
    for person, theirs in of_person.items():
        moving += _seat(state, person, theirs, dice)
    order = sorted(moving, key=lambda one: scarcity(state, one))
    for _ in range(_ORDERS):
        left = _put(state, order, dice)
        if not left:
            break
        # What took the place that another needed may do with a later one.
        clear(state, (), order)
        rest = [each for each in order if each not in left]
        order = left + some_of(dice, rest, len(rest))
    else:
        _put(state, order, dice)
    if any(state.appointment_at[each] is None for each in moving) or any(
        state.seat_at[each] is None for theirs in of_person.values() for each in theirs
    ):
        _let_others_move(state, dice)


def _put(state: State, order: Iterable[int], dice: Dice) -> list[int]:
    """Put appointments at their best places one by one; gives those that found none."""
    left = []
    for each in order:
        found = best_start(state, each, state.week.hands(each), dice)
        if found is None:
            left.append(each)
        else:
            state.put(each, *found[1])
    return left


def _seat(state: State, person: int, seats: list[int], dice: Dice) -> list[int]:
    """Give a person's seats; gives the appointments that had to make room for them."""
    for seat, circle in best_circles(state, person, seats, dice):
        state.seat(seat, circle)
    if all(state.seat_at[each] is not None for each in seats):
        return []
    own = {
        each: at
        for each in state.week.people[person].appointments
        if (at := state.appointment_at[each]) is not None
    }
    clear(state, seats, own)
    for seat, circle in best_circles(state, person, seats, dice):
        state.seat(seat, circle)
    for each, at in own.items():
        if may_put(state, each, *at):
            state.put(each, *at)
    return [each for each in own if state.appointment_at[each] is None]


def _let_others_move(state: State, dice: Dice) -> None:
    """Move others for what waits, unless that helps nobody."""
    seats, at, waiting = list(state.seat_at), list(state.appointment_at), state.waiting
    search = Search(state, dice, choose=choose_waiting)
    search.run(Effort(iterations=_STEPS, hot=0.5, until_complete=True))
    if state.waiting >= waiting:
        restore(state, dict(enumerate(seats)), dict(enumerate(at)))

"""Whole weeks for somebody new, the best first, that move nobody.

Groups are combined cheapest first; each combination is tried on the week as it stands, with
the best appointments beside it, and taken off again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import heappop, heappush

from vioP.planner.explain_exchange import module_of
from vioP.planner.search.compiled import Compiled
from vioP.planner.search.dice import Dice
from vioP.planner.search.insert import best_start
from vioP.planner.search.masks import around
from vioP.planner.search.ruin import scarcity
from vioP.planner.search.state import State
from vioP.planner.search.week import Start

# Combinations looked at for each week asked for.
_LOOK_AT = 10


@dataclass(frozen=True, slots=True)
class RecommendedWeek:
    """A whole week for one participant.

    Attributes:
        groups: The group of each module.
        appointments: The clinician and start, in minutes, of each appointment.
        price: What it adds to the price of everybody's week.
    """

    groups: tuple[tuple[str, str], ...]
    appointments: tuple[tuple[str, str, int], ...]
    price: int


def recommend(
    compiled: Compiled, state: State, participant: str, dice: Dice, most: int = 5
) -> tuple[RecommendedWeek, ...]:
    """The best whole weeks for a participant who has none of their week yet.

    Args:
        compiled: The week.
        state: What stands on it; nothing of the participant's. It is left as it was.
        participant: Who is new.
        dice: Decides between equals.
        most: How many weeks.

    Returns:
        The cheapest first; nothing if none can be had without moving somebody.
    """
    number = next(
        n for n, each in enumerate(compiled.week.people) if each.id == participant
    )
    found: list[tuple[int, int, RecommendedWeek]] = []
    for looked, (floor, circles) in enumerate(_combinations(state, number)):
        if looked >= most * _LOOK_AT or (len(found) >= most and floor > found[-1][0]):
            break
        tried = _try(compiled, state, number, circles, dice)
        if tried is not None:
            whole = replace(tried, price=floor + tried.price)
            found.append((whole.price, looked, whole))
            found.sort()
            del found[most:]
    return tuple(each for _, _, each in found)


def _combinations(state: State, person: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """A group for each seat, all with room and apart, the cheapest combination first."""
    week, who = state.week, state.week.people[person]
    lists = [
        sorted(
            (price + _minimum(state, circle), circle, mask)
            for price, circle, mask in week.seats[seat].options
            if state.size[circle] < week.circles[circle].capacity
        )
        for seat in who.seats
    ]
    if any(not each for each in lists):
        return
    left = [sum(each[0][0] for each in lists[depth:]) for depth in range(len(lists) + 1)]
    heap: list[tuple[int, int, int, int, tuple[int, ...]]] = [
        (left[0], 0, 0, state.own[person], ())
    ]
    while heap:
        floor, depth, cost, busy, chosen = heappop(heap)
        if depth == len(lists):
            yield floor, chosen
            continue
        shut = around(busy, week.own_buffer)
        for price, circle, mask in lists[depth]:
            if not mask & shut:
                after = cost + price
                heappush(
                    heap,
                    (
                        after + left[depth + 1],
                        depth + 1,
                        after,
                        busy | mask,
                        (*chosen, circle),
                    ),
                )


def _minimum(state: State, circle: int) -> int:
    """What one more participant changes of a group's missing seats."""
    size, minimum = state.size[circle], state.week.circles[circle].minimum
    if size == 0:
        return state.week.price.under * max(0, minimum - 1)
    return -state.week.price.under if size < minimum else 0


def _try(
    compiled: Compiled, state: State, person: int, circles: tuple[int, ...], dice: Dice
) -> RecommendedWeek | None:
    """One combination with its best appointments, at the price of days and appointments."""
    price = -state.price_of_person(person)
    week, who = compiled.week, compiled.week.people[person]
    placed: dict[int, Start] = {}
    for seat, circle in zip(who.seats, circles, strict=True):
        state.seat(seat, circle)
    price += state.price_of_person(person)
    found = None
    if _fits_its_days(state, person):
        for appointment in sorted(who.appointments, key=lambda each: scarcity(state, each)):
            best = best_start(state, appointment, week.hands(appointment), dice)
            if best is None:
                break
            placed[appointment] = best[1]
            price += best[0]
            state.put(appointment, *best[1])
        else:
            found = RecommendedWeek(
                tuple(
                    (module_of(compiled, seat), week.circles[circle].id)
                    for seat, circle in zip(who.seats, circles, strict=True)
                ),
                tuple(
                    (week.appointments[each].id, week.workers[worker].id, start * week.slot)
                    for each, (worker, start) in sorted(placed.items())
                ),
                price,
            )
    for appointment in placed:
        state.lift(appointment)
    for seat in who.seats:
        state.unseat(seat)
    return found


def _fits_its_days(state: State, person: int) -> bool:
    who = state.week.people[person]
    return all(day is None or day[2] <= who.max_day for day in state.own_days[person])

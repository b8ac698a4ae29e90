"""The best place there is for one thing while everything else stands.

These two functions are where the engine spends its time. They are long because a call for
every start, or every group, costs more than all the arithmetic in it.
"""

from collections.abc import Iterable, Sequence

from vioP.planner.search.dice import Dice
from vioP.planner.search.masks import around, touching
from vioP.planner.search.state import State
from vioP.planner.search.week import Day, Hand, Price, Start

_NOTHING = 1 << 60
# Of two equally good starts the later one is taken this often, to keep moving.
_CHANGE_OF_HEART = 0.3
# A group is overlooked this often, and prices differ by this much at random.
_OVERLOOKED, _NOISE = 0.03, 0.5
_WIDTH, _BRANCHES, _NODES = 24, 10, 250


def best_start(  # noqa: C901, PLR0912, PLR0915
    state: State, appointment: int, hands: Iterable[Hand], dice: Dice
) -> tuple[int, Start] | None:
    """The cheapest permitted start with one of some clinicians.

    Args:
        state: The week as it stands; the appointment is not on it.
        appointment: What to place.
        hands: Who may give it.
        dice: Decides between equals.

    Returns:
        What it adds to the price, with the clinician and start; nothing if it fits nowhere.
    """
    week = state.week
    need = week.appointments[appointment]
    length, person, previous, told = need.length, need.person, need.previous, need.told
    closed = touching(around(state.own[person], week.own_buffer) | state.full, length)
    own_days, max_own = state.own_days[person], week.people[person].max_day - length
    price, step = week.price, week.price.step
    own_idle, work_idle, idle_free = price.own_idle, price.work_idle, price.idle_free
    saved = -(-length // step)
    open_starts, liked = need.starts & ~closed, need.liked
    elsewhere = price.same_time + need.stick
    usual = None if need.usual is None else need.usual.worker
    change, days_of_person = need.change, week.people[person].days
    own_from = own_to = own_busy = work_from = work_to = work_busy = 0
    best, best_price = None, _NOTHING
    for hand in hands:
        number = hand.worker
        worker, hours = week.workers[number], state.hours[number]
        if hours + length > worker.max_week:
            continue
        base = 0 if number == usual else change
        if worker.fair is not None and hours + length > worker.fair:
            before = max(0, hours - worker.fair) // step
            base += ((hours + length - worker.fair) // step - before) * price.over
        if base >= best_price:
            continue
        starts = open_starts & week.starts_of(number, length) & hand.allowed
        if not starts:
            continue
        starts &= ~touching(around(state.work[number], week.work_buffer), length)
        work_days, max_work = state.work_days[number], worker.max_day - length
        for offset, mask, own_day, work_day in week.cells(
            days_of_person, worker.days, length
        ):
            free = starts >> offset & mask
            if not free:
                continue
            fixed = floor = base
            own, work = own_days[own_day], work_days[work_day]
            if own is None:
                if max_own < 0:
                    continue
                fixed += price.own_day
                floor = fixed
            else:
                own_from, own_to, own_busy = own
                if own_busy > max_own:
                    continue
                fixed -= (own_to - own_from - own_busy) // step * own_idle
                own_busy += length
                floor -= saved * own_idle
            if work is None:
                if max_work < 0:
                    continue
                fixed += price.work_day
                floor += price.work_day
            else:
                work_from, work_to, work_busy = work
                if work_busy > max_work:
                    continue
                waits = (work_to - work_from - work_busy) // step - idle_free
                if waits > 0:
                    fixed -= waits * work_idle
                work_busy += length
                floor -= saved * work_idle
            if floor >= best_price:
                continue
            wanted = liked >> offset
            if step > 1:
                # On a fine grid the best start is at an edge of what is free or liked, or
                # where it was: in between nothing changes but the waits, and they steadily.
                edges = free & ~(free << 1) | free & ~(free >> 1)
                edges |= free & (wanted ^ (wanted << 1) | wanted ^ (wanted >> 1))
                if previous is not None and previous >= offset:
                    edges |= free & (1 << (previous - offset))
                free = edges
            while free:
                lowest = free & -free
                free ^= lowest
                start = offset + lowest.bit_length() - 1
                end = start + length
                cost = fixed
                if own is not None:
                    waits = (max(own_to, end)) - (min(own_from, start)) - own_busy
                    cost += waits // step * own_idle
                if work is not None:
                    waits = (
                        (max(work_to, end)) - (min(work_from, start)) - work_busy
                    ) // step - idle_free
                    if waits > 0:
                        cost += waits * work_idle
                if not lowest & wanted:
                    cost += price.outside
                if previous is not None and start != previous:
                    cost += elsewhere + abs(start - previous) // step * price.away
                if told is not None and (told[1] != start or told[0] != number):
                    cost += price.moved
                if cost < best_price or (
                    cost == best_price and dice.random() < _CHANGE_OF_HEART
                ):
                    best, best_price = (number, start), cost
    return None if best is None else (best_price, best)


def best_circles(  # noqa: C901, PLR0912, PLR0915
    state: State, person: int, seats: Sequence[int], dice: Dice, closed: int | None = None
) -> list[tuple[int, int]]:
    """A group for each of a participant's seats, together as cheap as can be found.

    Depth first, the seat with the fewest groups first, with a bound that only grows.

    Args:
        state: The week as it stands; the seats are not on it.
        person: Whose seats.
        seats: The seats to give; what fits nowhere is left out.
        dice: Overlooks a group now and then, and decides between equals.
        closed: A group that may not be used, if any.
    """
    week, size, own = state.week, state.size, state.own[person]
    price = week.price
    lists: list[tuple[int, list[tuple[float, int, int]]]] = []
    for seat in seats:
        found: list[tuple[float, int, int]] = []
        for cost, circle, mask in week.seats[seat].options:
            taken, group, worth = size[circle], week.circles[circle], float(cost)
            if mask & own or taken >= group.capacity or circle == closed:
                continue
            if taken == 0:
                worth += price.under * max(0, group.minimum - 1)
            elif taken < group.minimum:
                worth -= price.under
            chance = dice.random()
            if chance >= _OVERLOOKED:
                found.append((worth + chance * _NOISE, circle, mask))
        found.sort()
        lists.append((seat, found[:_WIDTH]))
    lists.sort(key=lambda each: len(each[1]))
    days, max_day = week.people[person].days, week.people[person].max_day
    margin = week.own_buffer
    best: tuple[tuple[int, int], ...] = ()
    best_price = float(_NOTHING)
    stack: list[tuple[int, float, int, tuple[tuple[int, int], ...]]] = [(0, 0.0, own, ())]
    nodes = 0
    while stack and nodes < _NODES:
        depth, so_far, busy, chosen = stack.pop()
        nodes += 1
        if depth == len(lists):
            total = so_far + _days_price(week.price, busy, days, max_day)
            if total < best_price:
                best_price, best = total, chosen
            continue
        if so_far + 3 * price.own_day >= best_price:
            continue
        seat, found = lists[depth]
        branches = []
        shut = around(busy, margin)
        for more, circle, mask in found:
            if so_far + more >= best_price:
                break
            if mask & shut:
                continue
            after = busy | mask
            guess = _days_price(price, after, days, max_day)
            if guess >= _NOTHING:
                continue
            branches.append(
                (
                    so_far + more + guess,
                    (depth + 1, so_far + more, after, (*chosen, (seat, circle))),
                )
            )
        if branches:
            branches.sort(key=lambda each: -each[0])
            stack += [each[1] for each in branches[-_BRANCHES:]]
        else:
            stack.append((depth + 1, so_far + price.unplaced_seat, busy, chosen))
    return list(best)


def _days_price(price: Price, busy: int, days: tuple[Day, ...], max_day: int) -> int:
    """What a participant's days cost; nothing payable if one is too long."""
    cost = 0
    for first, length in days:
        part = busy >> first & ((1 << length) - 1)
        if part:
            taken = part.bit_count()
            if taken > max_day:
                return _NOTHING
            waits = part.bit_length() - (part & -part).bit_length() + 1 - taken
            cost += price.own_day + waits // price.step * price.own_idle
    return cost

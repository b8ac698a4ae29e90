"""The first whole week: last week's places for those who had one, then everybody else.

Established participants come before newcomers: put in the other order, newcomers take
places that others are used to, and the search spends its time moving people back.
"""

from collections.abc import Mapping, Sequence

from vioP.planner.search.dice import Dice
from vioP.planner.search.insert import best_circles, best_start
from vioP.planner.search.masks import around, touching
from vioP.planner.search.ruin import scarcity
from vioP.planner.search.state import State
from vioP.planner.search.week import AppointmentNeed


def fill(state: State, dice: Dice) -> None:
    """Place everything that waits: what people are used to, then the hardest first."""
    keep_places(state)
    keep_starts(state)
    place_seats(state, dice)
    place_appointments(state, dice)
    state.settle()


def take_places(state: State, chosen: Mapping[int, Sequence[int]]) -> None:
    """Give participants the groups chosen for them, while there is room."""
    for person, circles in chosen.items():
        for seat in state.week.people[person].seats:
            wanted = [
                each for _, each, _ in state.week.seats[seat].options if each in circles
            ]
            if seat in state.waiting_seats and wanted and may_seat(state, seat, wanted[0]):
                state.seat(seat, wanted[0])


def keep_places(state: State) -> None:
    """Give those who were in a group last week the same place, if it costs nothing extra."""
    for seat in sorted(state.waiting_seats):
        usual = state.week.seats[seat].usual
        if usual is not None and may_seat(state, seat, usual):
            state.seat(seat, usual)


def keep_starts(state: State) -> None:
    """Leave appointments with the usual clinician at the usual time; pins come first."""
    needs = state.week.appointments
    for appointment in sorted(
        state.waiting_appointments, key=lambda each: (not needs[each].pinned, each)
    ):
        need = needs[appointment]
        usual = usual_start(need)
        if usual is not None and may_put(state, appointment, *usual):
            state.put(appointment, *usual)


def usual_start(need: AppointmentNeed) -> tuple[int, int] | None:
    """Where an appointment is expected: as told, or as it was."""
    if need.pinned and need.pool:
        return need.pool[0].worker, need.pool[0].allowed.bit_length() - 1
    if need.told is not None:
        return need.told
    if need.usual is not None and need.previous is not None:
        return need.usual.worker, need.previous
    return None


def may_seat(state: State, seat: int, circle: int) -> bool:
    """Whether a seat can be in a group now."""
    week, need = state.week, state.week.seats[seat]
    if state.size[circle] >= week.circles[circle].capacity:
        return False
    masks = [mask for _, other, mask in need.options if other == circle]
    if not masks or masks[0] & around(state.own[need.person], week.own_buffer):
        return False
    person = week.people[need.person]
    busy = state.own[need.person] | masks[0]
    return all(
        (busy >> first & ((1 << length) - 1)).bit_count() <= person.max_day
        for first, length in person.days
    )


def may_put(state: State, appointment: int, worker: int, start: int) -> bool:
    """Whether an appointment can be with a clinician at a start now."""
    week, need = state.week, state.week.appointments[appointment]
    hands = [each for each in need.pool if each.worker == worker]
    # A start off the grid, or of somebody who has left, can be told of but not placed.
    if not hands or start < 0:
        return False
    starts = week.starts_of(worker, need.length) & need.starts & hands[0].allowed
    own = around(state.own[need.person], week.own_buffer)
    work = around(state.work[worker], week.work_buffer)
    if not (starts & ~touching(own | work | state.full, need.length)) >> start & 1:
        return False
    if state.hours[worker] + need.length > week.workers[worker].max_week:
        return False
    return _fits_the_day(state, need, worker, start)


def _fits_the_day(state: State, need: AppointmentNeed, worker: int, start: int) -> bool:
    person, who = state.week.people[need.person], state.week.workers[worker]
    for offset, mask, own_day, work_day in state.week.cells(
        person.days, who.days, need.length
    ):
        if start >= offset and mask >> (start - offset) & 1:
            own = state.own_days[need.person][own_day]
            work = state.work_days[worker][work_day]
            return (0 if own is None else own[2]) + need.length <= person.max_day and (
                0 if work is None else work[2]
            ) + need.length <= who.max_day
    return False


def place_seats(state: State, dice: Dice) -> None:
    """Give places to who waits for one, the person with the fewest groups first."""
    week = state.week
    of_person: dict[int, list[int]] = {}
    for seat in sorted(state.waiting_seats):
        of_person.setdefault(week.seats[seat].person, []).append(seat)
    for person in sorted(
        of_person, key=lambda each: min(len(week.seats[s].options) for s in of_person[each])
    ):
        for seat, circle in best_circles(state, person, of_person[person], dice):
            state.seat(seat, circle)


def place_appointments(state: State, dice: Dice) -> None:
    """Place what waits: with the usual clinician if that is possible, else with anybody."""
    needs = state.week.appointments

    def first(appointment: int) -> tuple[bool, bool, int]:
        scarce, room = scarcity(state, appointment)
        return scarce, needs[appointment].usual is None, room

    for appointment in sorted(state.waiting_appointments, key=first):
        need = needs[appointment]
        found = None
        if need.usual is not None:
            found = best_start(state, appointment, [need.usual], dice)
        if found is None:
            found = best_start(state, appointment, state.week.hands(appointment), dice)
        if found is not None:
            state.put(appointment, *found[1])

"""What to lift next: a few things that stand in each other's way."""

from dataclasses import dataclass, field

from vioP.planner.search.dice import Dice, below, one_of, some_of
from vioP.planner.search.insert import best_circles, best_start
from vioP.planner.search.state import State
from vioP.planner.search.week import Hand, Start, Week

# Beside the usual clinician, others are tried this often; of many, this many at a time.
_OTHERS, _AT_A_TIME = 0.15, 6
_HALF = 0.5
_WITH_A_SECOND_ROSTER, _WITH_OTHERS, _SPARE_A_FULL_ONE, _DISSOLVE = 0.4, 0.7, 0.8, 0.6
# Of a group, so many seats lose their appointments as well.
_WITH_APPOINTMENTS = 8


@dataclass(slots=True)
class Ruin:
    """Seats and appointments to lift, and a group nobody may return to."""

    seats: set[int] = field(default_factory=set)
    appointments: set[int] = field(default_factory=set)
    closed: int | None = None


def hands_for(
    week: Week, appointment: int, dice: Dice, now: int | None = None
) -> list[Hand]:
    """Whom to ask this time: the usual clinician, now and then others, or a few of many."""
    hands, usual = week.hands(appointment), week.appointments[appointment].usual
    if usual is not None:
        if len(hands) > 1 and dice.random() < _OTHERS:
            return [usual, *some_of(dice, hands, 2)]
        return [usual]
    if len(hands) <= _AT_A_TIME:
        return list(hands)
    chosen = some_of(dice, hands, _AT_A_TIME)
    if now is not None:
        chosen += [each for each in hands if each.worker == now]
    return chosen


def _around_waiting_appointment(state: State, dice: Dice) -> Ruin:
    week, ruin = state.week, Ruin()
    appointment = one_of(dice, sorted(state.waiting_appointments))
    need = week.appointments[appointment]
    ruin.appointments.add(appointment)
    ruin.appointments.update(week.people[need.person].appointments)
    for hand in hands_for(week, appointment, dice)[:2]:
        ruin.appointments.update(some_of(dice, sorted(state.roster[hand.worker]), 4))
    return ruin


def _around_waiting_seat(state: State, dice: Dice) -> Ruin:
    """Somebody without a place, and some who have one where any of their places could be."""
    week, ruin = state.week, Ruin()
    seat = one_of(dice, sorted(state.waiting_seats))
    person = week.people[week.seats[seat].person]
    ruin.seats.update(person.seats)
    ruin.appointments.update(person.appointments)
    options = week.seats[one_of(dice, person.seats)].options
    if options:
        circle = one_of(dice, options)[1]
        for other in some_of(dice, sorted(state.members[circle]), 2):
            whose = week.people[week.seats[other].person]
            ruin.seats.update(whose.seats)
            ruin.appointments.update(whose.appointments)
    return ruin


def _roster(state: State, dice: Dice) -> Ruin:
    """Part of a clinician's week, and of somebody's who could take it over."""
    ruin, week = Ruin(), state.week
    if not week.appointments:
        return ruin
    placed = state.appointment_at[below(dice, len(week.appointments))]
    other = state.appointment_at[below(dice, len(week.appointments))]
    if placed is None or other is None:
        return ruin
    if state.work_price[other[0]] > state.work_price[placed[0]]:
        placed = other
    roster = list(state.roster[placed[0]])
    ruin.appointments.update(some_of(dice, roster, 2 + below(dice, 7)))
    if ruin.appointments and dice.random() < _WITH_A_SECOND_ROSTER:
        hands = week.hands(one_of(dice, list(ruin.appointments)))
        if hands:
            roster = list(state.roster[one_of(dice, hands).worker])
            ruin.appointments.update(some_of(dice, roster, 4))
    return ruin


def _people(state: State, dice: Dice) -> Ruin:
    """One participant with everything, and some who share a group they could be in."""
    week, ruin = state.week, Ruin()
    person = below(dice, len(week.people))
    people = [person]
    seats = week.people[person].seats
    if seats and dice.random() < _WITH_OTHERS:
        options = week.seats[one_of(dice, seats)].options
        if options:
            members = list(state.members[one_of(dice, options)[1]])
            people += [
                week.seats[each].person
                for each in some_of(dice, members, 1 + below(dice, 3))
            ]
    for each in people:
        ruin.seats.update(week.people[each].seats)
        ruin.appointments.update(week.people[each].appointments)
    return ruin


def _circle(state: State, dice: Dice) -> Ruin:
    """A small group, to be dissolved or filled."""
    week, ruin = state.week, Ruin()
    circle = below(dice, len(week.circles))
    size, minimum = state.size[circle], week.circles[circle].minimum
    if size == 0 or (size > minimum + 2 and dice.random() < _SPARE_A_FULL_ONE):
        return ruin
    for seat in list(state.members[circle]):
        ruin.seats.add(seat)
        if len(ruin.seats) < _WITH_APPOINTMENTS:
            ruin.appointments.update(week.people[week.seats[seat].person].appointments)
    if dice.random() < _DISSOLVE:
        ruin.closed = circle
    return ruin


def _own_appointments(state: State, dice: Dice) -> Ruin:
    """A participant's appointments, and part of the week of somebody who gives one."""
    week, ruin = state.week, Ruin()
    ruin.appointments.update(week.people[below(dice, len(week.people))].appointments)
    if ruin.appointments:
        placed = state.appointment_at[one_of(dice, list(ruin.appointments))]
        if placed is not None:
            roster = list(state.roster[placed[0]])
            ruin.appointments.update(some_of(dice, roster, 3))
    return ruin


# How often each kind of ruin is tried while everything is placed; measured on weeks of 200
# and 1,000 participants as what was gained for each second.
_MIX = ((0.52, _roster), (0.73, _people), (0.76, _circle), (1.0, _own_appointments))
_WAITING_APPOINTMENT, _WAITING_SEAT = 0.15, 0.30


def choose(state: State, dice: Dice) -> Ruin:
    """A random part of the week, of a random kind."""
    chance = dice.random()
    if state.waiting_appointments and chance < _WAITING_APPOINTMENT:
        return _around_waiting_appointment(state, dice)
    if state.waiting_seats and chance < _WAITING_SEAT:
        return _around_waiting_seat(state, dice)
    if not state.week.seats:
        return _roster(state, dice) if chance < _HALF else _own_appointments(state, dice)
    return next(kind for upto, kind in _MIX if chance < upto)(state, dice)


def recreate(state: State, ruin: Ruin, before: dict[int, Start | None], dice: Dice) -> None:
    """Put what was lifted back, each thing at its best place.

    Args:
        state: The week without what was lifted.
        ruin: What was lifted.
        before: Where each appointment was.
        dice: The order, and whom to ask.
    """
    week = state.week
    of_person: dict[int, list[int]] = {}
    for seat in ruin.seats:
        of_person.setdefault(week.seats[seat].person, []).append(seat)
    people = some_of(dice, list(of_person), len(of_person))
    if len(people) > 1 and dice.random() < _HALF:
        people.sort(
            key=lambda each: sum(len(week.seats[s].options) for s in of_person[each])
        )
    for person in people:
        for seat, circle in best_circles(
            state, person, of_person[person], dice, ruin.closed
        ):
            state.seat(seat, circle)
    order = some_of(dice, list(ruin.appointments), len(ruin.appointments))
    if dice.random() < _HALF:
        order.sort(key=lambda each: scarcity(state, each))
    for each in order:
        was = before[each]
        place(state, each, dice, None if was is None else was[0])


def place(state: State, appointment: int, dice: Dice, now: int | None = None) -> bool:
    """Put an appointment at its best place with whom it is tried this time."""
    need = state.week.appointments[appointment]
    hands = hands_for(state.week, appointment, dice, now)
    found = best_start(state, appointment, hands, dice)
    if found is None and need.usual is not None:
        hands = some_of(dice, state.week.hands(appointment), _AT_A_TIME)
        found = best_start(state, appointment, hands, dice)
    if found is None:
        return False
    state.put(appointment, *found[1])
    return True


def scarcity(state: State, appointment: int) -> tuple[bool, int]:
    """What goes first: appointments few can give, then people with little time."""
    need = state.week.appointments[appointment]
    free = state.week.people[need.person].free & ~state.own[need.person]
    return not need.scarce, free.bit_count()


def choose_waiting(state: State, dice: Dice) -> Ruin:
    """Something that waits, and a little of what stands in its way."""
    if state.waiting_seats and (not state.waiting_appointments or dice.random() < _HALF):
        return _around_waiting_seat(state, dice)
    if state.waiting_appointments:
        return _around_waiting_appointment(state, dice)
    return Ruin()

"""A week as text for the Timefold peer: every option of every item with its price."""

from collections.abc import Iterator
from pathlib import Path

from vioP.planner.search.masks import bits
from vioP.planner.search.state import State
from vioP.planner.search.week import Week


def export(week: Week, start: State | None, file: Path) -> None:
    """Write a week, and where everything stands to begin with, if anywhere."""
    with file.open("w") as opened:
        for line in _lines(week, start):
            opened.write(" ".join(map(str, line)) + "\n")


def _lines(week: Week, start: State | None) -> Iterator[list[int]]:
    price, unplaced = week.price, 1_000_000
    items = len(week.seats) + len(week.appointments)
    yield [
        len(week.people), len(week.workers), len(week.circles), items, week.slots, week.rooms,
        price.step, week.people[0].days[0][1], price.own_day, price.own_idle, price.work_day,
        price.work_idle, price.idle_free, price.under, price.over,
        price.unplaced_seat // unplaced, price.unplaced_appointment // unplaced, 0, 0,
    ]  # fmt: skip
    yield list(week.room_use)
    yield [each.max_day for each in week.people]
    for worker in week.workers:
        fixed = list(bits(worker.fixed))
        fair = -1 if worker.fair is None else worker.fair
        yield [worker.max_day, worker.max_week, fair, len(fixed), *fixed]
    for circle in week.circles:
        slots = list(bits(circle.mask))
        yield [circle.capacity, circle.minimum, len(slots), *slots]
    for number, seat in enumerate(week.seats):
        options = [(circle, 0, cost) for cost, circle, _ in seat.options]
        at = None if start is None else start.seat_at[number]
        begin = next((n for n, each in enumerate(options) if each[0] == at), -1)
        yield [seat.person, 0, begin, len(options), *(x for each in options for x in each)]
    for number, need in enumerate(week.appointments):
        options = list(starts(week, number))
        at_start = None if start is None else start.appointment_at[number]
        begin = next((n for n, each in enumerate(options) if each[:2] == at_start), -1)
        yield [
            need.person, need.length, begin, len(options), *(x for each in options for x in each)
        ]  # fmt: skip


def starts(week: Week, appointment: int) -> Iterator[tuple[int, int, int]]:
    """Every start an appointment may have, with whom and at what price."""
    need, price = week.appointments[appointment], week.price
    usual = None if need.usual is None else need.usual.worker
    for hand in week.hands(appointment):
        allowed = need.starts & week.starts_of(hand.worker, need.length) & hand.allowed
        for start in bits(allowed):
            cost = 0 if hand.worker == usual else need.change
            cost += 0 if need.liked >> start & 1 else price.outside
            if need.previous is not None and start != need.previous:
                cost += price.same_time
            yield hand.worker, start, cost

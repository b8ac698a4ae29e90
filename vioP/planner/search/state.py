"""The week while it fills: who is busy when, what stands where, and what it all costs."""

from vioP.planner.search.masks import span
from vioP.planner.search.week import Day, Start, Week

Busy = tuple[int, int, int]


class State:
    """A week with some of its needs placed; no hard rule is broken in it.

    Attributes:
        seat_at: The group of each seat, or nothing.
        appointment_at: The clinician and start of each appointment, or nothing.
        own: The slots each participant is busy.
        work: The slots each clinician is busy.
        hours: How many those are.
        own_days: First slot, end and busy slots of each of a participant's days.
        work_days: The same of a clinician's.
        size: The places taken in each group.
        full: The slots in which every room is taken.
    """

    __slots__ = (
        "appointment_at",
        "circle_price",
        "full",
        "hours",
        "members",
        "own",
        "own_days",
        "own_price",
        "roster",
        "seat_at",
        "size",
        "used",
        "waiting_appointments",
        "waiting_seats",
        "week",
        "work",
        "work_days",
        "work_price",
    )

    def __init__(self, week: Week) -> None:
        self.week = week
        self.seat_at: list[int | None] = [None] * len(week.seats)
        self.appointment_at: list[Start | None] = [None] * len(week.appointments)
        self.own = [each.fixed for each in week.people]
        self.work = [each.fixed for each in week.workers]
        self.hours = [each.bit_count() for each in self.work]
        self.own_days = [
            [_busy(mask, day) for day in who.days]
            for mask, who in zip(self.own, week.people, strict=True)
        ]
        self.work_days = [
            [_busy(mask, day) for day in who.days]
            for mask, who in zip(self.work, week.workers, strict=True)
        ]
        self.size = [0] * len(week.circles)
        self.members: list[set[int]] = [set() for _ in week.circles]
        self.roster: list[set[int]] = [set() for _ in week.workers]
        self.used = week.room_use or [0] * week.slots
        self.used = list(self.used)
        self.full = sum(1 << at for at, use in enumerate(self.used) if use >= week.rooms)
        self.waiting_seats = set(range(len(week.seats)))
        self.waiting_appointments = set(range(len(week.appointments)))
        self.own_price = [self.price_of_person(each) for each in range(len(week.people))]
        self.work_price = [self.price_of_worker(each) for each in range(len(week.workers))]
        self.circle_price = [0] * len(week.circles)

    def seat(self, seat: int, circle: int) -> None:
        """Give a place in a group."""
        need, mask = self.week.seats[seat], self.week.circles[circle].mask
        self.seat_at[seat] = circle
        self.size[circle] += 1
        self.members[circle].add(seat)
        self.waiting_seats.discard(seat)
        self.own[need.person] |= mask
        self._look_at_days(need.person, mask)

    def unseat(self, seat: int) -> int:
        """Take a place back; gives the group."""
        need, circle = self.week.seats[seat], self.seat_at[seat]
        assert circle is not None  # noqa: S101 - who asks has looked
        mask = self.week.circles[circle].mask
        self.seat_at[seat] = None
        self.size[circle] -= 1
        self.members[circle].discard(seat)
        self.waiting_seats.add(seat)
        self.own[need.person] &= ~mask
        self._look_at_days(need.person, mask)
        return circle

    def put(self, appointment: int, worker: int, start: int) -> None:
        """Place an appointment."""
        need = self.week.appointments[appointment]
        length, person = need.length, need.person
        mask, end = span(start, length), start + length
        self.appointment_at[appointment] = (worker, start)
        self.roster[worker].add(appointment)
        self.waiting_appointments.discard(appointment)
        self.own[person] |= mask
        self.work[worker] |= mask
        self.hours[worker] += length
        _add(self.own_days[person], self.week.people[person].days, start, end)
        _add(self.work_days[worker], self.week.workers[worker].days, start, end)
        used, rooms = self.used, self.week.rooms
        for at in range(start, end):
            used[at] += 1
            if used[at] >= rooms:
                self.full |= 1 << at

    def lift(self, appointment: int) -> Start:
        """Take an appointment off the week; gives where it was."""
        need, placed = self.week.appointments[appointment], self.appointment_at[appointment]
        assert placed is not None  # noqa: S101 - who asks has looked
        worker, start = placed
        length, person = need.length, need.person
        mask = span(start, length)
        self.appointment_at[appointment] = None
        self.roster[worker].discard(appointment)
        self.waiting_appointments.add(appointment)
        self.own[person] &= ~mask
        self.work[worker] &= ~mask
        self.hours[worker] -= length
        _recount(
            self.own_days[person], self.own[person], self.week.people[person].days, start
        )
        _recount(
            self.work_days[worker], self.work[worker], self.week.workers[worker].days, start
        )
        used, rooms = self.used, self.week.rooms
        for at in range(start, start + length):
            used[at] -= 1
            if used[at] < rooms:
                self.full &= ~(1 << at)
        return placed

    def price_of_person(self, person: int) -> int:
        """What a participant's days and waits cost."""
        price = self.week.price
        days = idle = 0
        step = price.step
        for day in self.own_days[person]:
            if day is not None:
                days += 1
                idle += (day[1] - day[0] - day[2]) // step
        return days * price.own_day + idle * price.own_idle

    def price_of_worker(self, worker: int) -> int:
        """What a clinician's days, waits and overload cost."""
        price = self.week.price
        days = idle = 0
        step, free = price.step, price.idle_free
        for day in self.work_days[worker]:
            if day is not None:
                days += 1
                waits = (day[1] - day[0] - day[2]) // step - free
                if waits > 0:
                    idle += waits
        cost = days * price.work_day + idle * price.work_idle
        fair = self.week.workers[worker].fair
        if fair is not None and self.hours[worker] > fair:
            cost += (self.hours[worker] - fair) // step * price.over
        return cost

    def price_of_circle(self, circle: int) -> int:
        """What the seats missing to a group's minimum cost."""
        size, minimum = self.size[circle], self.week.circles[circle].minimum
        return self.week.price.under * (minimum - size) if 0 < size < minimum else 0

    def price_of_seat(self, seat: int) -> int:
        """What a seat's group costs, or that it has none."""
        circle = self.seat_at[seat]
        if circle is None:
            return self.week.price.unplaced_seat
        for price, other, _ in self.week.seats[seat].options:
            if other == circle:
                return price
        return 0

    def price_of_appointment(self, appointment: int) -> int:
        """What an appointment's clinician and time cost, or that it has none."""
        placed, price = self.appointment_at[appointment], self.week.price
        need = self.week.appointments[appointment]
        if placed is None:
            return price.unplaced_appointment * need.weight
        worker, start = placed
        cost = 0
        if need.usual is None or worker != need.usual.worker:
            cost += need.change
        if not need.liked >> start & 1:
            cost += price.outside
        if need.previous is not None and start != need.previous:
            cost += price.same_time + need.stick
            cost += abs(start - need.previous) // price.step * price.away
        if need.told is not None and placed != need.told:
            cost += price.moved
        return cost

    def price(self) -> int:
        """What the whole week costs, counted anew."""
        week = self.week
        return (
            sum(map(self.price_of_person, range(len(week.people))))
            + sum(map(self.price_of_worker, range(len(week.workers))))
            + sum(map(self.price_of_circle, range(len(week.circles))))
            + sum(map(self.price_of_seat, range(len(week.seats))))
            + sum(map(self.price_of_appointment, range(len(week.appointments))))
        )

    @property
    def waiting(self) -> int:
        """How much is not placed."""
        return len(self.waiting_seats) + len(self.waiting_appointments)

    def settle(self) -> None:
        """Count every person's price anew, after changes made without an account."""
        self.own_price = [self.price_of_person(each) for each in range(len(self.own))]
        self.work_price = [self.price_of_worker(each) for each in range(len(self.work))]
        self.circle_price = [self.price_of_circle(each) for each in range(len(self.size))]

    def _look_at_days(self, person: int, changed: int) -> None:
        own, days = self.own[person], self.own_days[person]
        for number, day in enumerate(self.week.people[person].days):
            if changed >> day[0] & ((1 << day[1]) - 1):
                days[number] = _busy(own, day)


def _busy(mask: int, day: Day) -> Busy | None:
    start, length = day
    part = mask >> start & ((1 << length) - 1)
    if not part:
        return None
    first = (part & -part).bit_length() - 1
    return start + first, start + part.bit_length(), part.bit_count()


def _add(busy: list[Busy | None], days: tuple[Day, ...], start: int, end: int) -> None:
    number = day_at(days, start)
    if number is None:
        return
    day = busy[number]
    if day is None:
        busy[number] = (start, end, end - start)
    else:
        first, last, taken = day
        busy[number] = (
            min(first, start),
            max(last, end),
            taken + end - start,
        )


def _recount(busy: list[Busy | None], mask: int, days: tuple[Day, ...], start: int) -> None:
    number = day_at(days, start)
    if number is not None:
        busy[number] = _busy(mask, days[number])


def day_at(days: tuple[Day, ...], start: int) -> int | None:
    """Which day a slot lies in, or none."""
    first, length = days[0]
    guess = (start - first) // length
    if 0 <= guess < len(days) and 0 <= start - days[guess][0] < days[guess][1]:
        return guess
    for number, (first, length) in enumerate(days):
        if first <= start < first + length:
            return number
    return None

"""The cheapest weeks a participant could have if nobody else wanted anything.

Clinicians' own cost is counted at the least it can be: their groups leave waits between them
that appointments can fill, and whatever an appointment could fill is credited to it, so the
rest of the waits is certain to remain. The sum over everybody is what no plan can cost less
than (a Lagrangian relaxation; Geoffrion 1974, Math. Prog. Study 2).
"""

from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from vioP.planner.search.masks import bits, span, touching
from vioP.planner.search.relief import Level, Relief
from vioP.planner.search.state import State
from vioP.planner.search.telling import rings, telling
from vioP.planner.search.week import AppointmentNeed, Day, Person, Week

_NOTHING = float(1 << 60)
# Of a participant with more appointments, the others count at their cheapest.
_TOGETHER = 2
# Rounding errors of sums of fractions must never lift a bound.
_SLACK = 1e-6


@dataclass(slots=True)
class Column:
    """One whole week of a participant: its groups, and the least it can cost."""

    circles: tuple[int, ...]
    price: float


class Pricing:
    """Finds each participant's cheapest weeks, at whatever price places in groups have."""

    def __init__(self, week: Week) -> None:
        self.week = week
        empty = State(week)
        self.base = float(sum(map(empty.price_of_worker, range(len(week.workers)))))
        self._relief = Relief(week, empty)
        self._known: dict[int, _Cheapest] = {}

    def cheapest(
        self, person: int, most: int = 1, charges: Mapping[int, float] | None = None
    ) -> list[Column]:
        """The cheapest weeks of a participant, the cheapest first.

        Args:
            person: Whose.
            most: How many.
            charges: What a place in a group costs beside.

        Returns:
            Weeks with their own price, without the charges; nothing if there is none.
        """
        if person not in self._known:
            who = self.week.people[person]
            self._known[person] = _Cheapest(self.week, who, self._relief)
        return self._known[person].columns(most, charges or {})


def whole(bound: float) -> int:
    """The least whole number a price can be that is not below a bound."""
    return ceil(bound - _SLACK)


@dataclass(slots=True)
class _Choice:
    """An appointment's starts by price, the cheapest level first."""

    length: int
    levels: list[Level]
    least: float


class _Cheapest:
    """The cheapest weeks one participant could have."""

    def __init__(self, week: Week, person: Person, relief: Relief) -> None:
        self.week, self.person, self.relief = week, person, relief
        self.price_of = week.price
        # A day that groups alone make too long is not for an appointment to mend.
        fixed = [(person.fixed & span(*day)).bit_count() for day in person.days]
        self.max_day = max([person.max_day, *fixed])
        self.choices = [
            self._choice(week.appointments[each]) for each in person.appointments
        ]
        self.choices.sort(key=lambda each: sum(mask.bit_count() for _, mask in each.levels))
        # Waits that appointments beyond the first two might fill, and their least price.
        rest = self.choices[_TOGETHER:]
        self.fill = sum(each.length for each in rest)
        self.rest = sum(each.least for each in rest)
        self.least = sum(each.least for each in self.choices)
        self.length = sum(each.length for each in self.choices)
        self.known: dict[int, float] = {}
        self.best = _NOTHING
        self.lists: list[list[tuple[float, int, int]]] = []
        self.left: list[float] = []
        self.found: list[tuple[float, tuple[int, ...]]] = []
        self.most = 1

    def columns(self, most: int, charges: Mapping[int, float]) -> list[Column]:
        if any(not each.levels for each in self.choices):
            return []
        seats = [self.week.seats[each].options for each in self.person.seats]
        lists = [
            sorted(
                (cost + charges.get(circle, 0.0), circle, mask)
                for cost, circle, mask in each
            )
            for each in seats
        ]
        if any(not each for each in lists):
            return []
        lists.sort(key=len)
        minima = [options[0][0] for options in lists]
        self.lists, self.most, self.found = lists, most, []
        self.left = [sum(minima[depth:]) + self.least for depth in range(len(lists) + 1)]
        self._descend(0, 0.0, self.person.fixed, ())
        return [
            Column(circles, total - sum(charges.get(each, 0.0) for each in circles))
            for total, circles in self.found
        ]

    def _limit(self) -> float:
        """What a week must cost less than to be among the cheapest."""
        return self.found[-1][0] if len(self.found) >= self.most else _NOTHING

    def _descend(self, depth: int, cost: float, busy: int, chosen: tuple[int, ...]) -> None:
        price = self.price_of
        days, idle, fits = _days(busy, self.person.days, self.max_day, price.step)
        floor = cost + self.left[depth] + days * price.own_day
        if not fits or floor >= self._limit():
            return
        if depth == len(self.lists):
            if floor + max(0, idle - self.length) * price.own_idle < self._limit():
                self._finish(cost, busy, chosen)
            return
        for more, circle, mask in self.lists[depth]:
            if cost + more + self.left[depth + 1] >= self._limit():
                break
            if not mask & busy:
                self._descend(depth + 1, cost + more, busy | mask, (*chosen, circle))

    def _finish(self, cost: float, busy: int, chosen: tuple[int, ...]) -> None:
        total = cost + self._with_appointments(busy, self._limit() - cost)
        if total < self._limit():
            insort(self.found, (total, chosen))
            del self.found[self.most :]

    def _with_appointments(self, busy: int, limit: float) -> float:
        """The least days, waits and appointments cost beside some groups.

        What lies above the limit need not be exact, so it is not remembered.
        """
        known = self.known.get(busy)
        if known is None:
            self.best = limit
            self._appointments(0.0, busy)
            known = self.best
            if known < limit:
                self.known[busy] = known
        return known

    def _appointments(self, cost: float, busy: int) -> None:
        """Try the first two appointments at every start that could be the best."""
        together = self.choices[:_TOGETHER]
        if not together:
            self._weigh(cost, busy)
            return
        days, idle, _ = _days(busy, self.person.days, self.max_day, self.price_of.step)
        floor = days * self.price_of.own_day
        floor += max(0, idle - self.length) * self.price_of.own_idle
        first, *others = together
        closed = touching(busy, first.length)
        left = others[0].least if others else 0.0
        for level, mask in first.levels:
            if cost + level + left + self.rest + floor >= self.best:
                break
            if not others:
                self._last(first, cost + level, busy, mask & ~closed)
                continue
            for start in bits(mask & ~closed):
                after = busy | span(start, first.length)
                self._second(others[0], cost + level, after, floor)

    def _second(self, choice: _Choice, cost: float, busy: int, floor: float) -> None:
        closed = touching(busy, choice.length)
        for level, mask in choice.levels:
            if cost + level + self.rest + floor >= self.best:
                break
            self._last(choice, cost + level, busy, mask & ~closed)

    def _last(self, choice: _Choice, cost: float, busy: int, starts: int) -> None:
        """Weigh the starts of one price that can be the best, with nothing put after them."""
        for start in telling(starts, choice.length, busy, self.person.days):
            self._weigh(cost, busy | span(start, choice.length))

    def _weigh(self, cost: float, busy: int) -> None:
        price = self.price_of
        days, idle, fits = _days(busy, self.person.days, self.max_day, price.step)
        if fits:
            waits = max(0, idle - self.fill) * price.own_idle
            self.best = min(self.best, cost + self.rest + waits + days * price.own_day)

    def _choice(self, need: AppointmentNeed) -> _Choice:
        """Each start at the least it can cost with anybody."""
        price, found = self.price_of, dict[float, int]()
        moved = 0 if need.told is None else price.moved
        usual = None if need.usual is None else need.usual.worker
        for relief, mask in self.relief.of_anybody(need).items():
            self._sort(need, relief + need.change + moved, mask, found)
        if need.usual is not None:
            theirs = self.relief.of_worker(need.usual.worker, need.length)
            for relief, mask in theirs.items():
                self._sort(need, relief + moved, mask & need.usual.allowed, found)
        if need.told is not None and need.told[1] >= 0:
            worker, start = need.told
            base = 0 if worker == usual else need.change
            for relief, mask in self.relief.of_worker(worker, need.length).items():
                self._sort(need, relief + base, mask & span(start, 1), found)
        levels, seen = [], 0
        for worth in sorted(found):
            fresh = found[worth] & ~seen
            seen |= fresh
            if fresh:
                levels.append((worth, fresh))
        return _Choice(need.length, levels, levels[0][0] if levels else _NOTHING)

    def _sort(
        self, need: AppointmentNeed, worth: float, free: int, found: dict[float, int]
    ) -> None:
        """Split starts by what the hour itself costs."""
        price = self.price_of
        for extra, part in self._by_time(need, free & need.starts):
            for split, outside in (
                (part & need.liked, 0),
                (part & ~need.liked, price.outside),
            ):
                if split:
                    key = worth + extra + outside
                    found[key] = found.get(key, 0) | split

    def _by_time(self, need: AppointmentNeed, starts: int) -> Iterator[tuple[int, int]]:
        """Starts by what they cost beside the start before."""
        price, before = self.price_of, need.previous
        if before is None:
            yield 0, starts
            return
        same = starts & span(before, 1) if before >= 0 else 0
        yield 0, same
        left, other = starts & ~same, price.same_time + need.stick
        if not price.away:
            yield other, left
            return
        for distance, ring in rings(left, before, price.step):
            yield other + distance * price.away, ring


def _days(
    busy: int, days: tuple[Day, ...], max_day: int, step: int
) -> tuple[int, int, bool]:
    """Days with something in them, steps of waiting, and whether no day is too long."""
    used = idle = 0
    for first, length in days:
        part = busy >> first & ((1 << length) - 1)
        if part:
            taken = part.bit_count()
            if taken > max_day:
                return 0, 0, False
            used += 1
            idle += (part.bit_length() - (part & -part).bit_length() + 1 - taken) // step
    return used, idle, True

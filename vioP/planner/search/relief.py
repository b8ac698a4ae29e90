"""What an appointment spares a clinician, at the best.

A clinician's groups leave waits between them; an appointment in one shortens it by its own
length and no more, whatever else is there. On a day without groups it shares the day's price
with as many others as there could be. What is promised here is never less than what happens.
"""

from collections.abc import Hashable, Iterator

from vioP.planner.search.masks import span
from vioP.planner.search.state import State
from vioP.planner.search.week import AppointmentNeed, Week

Level = tuple[float, int]


class Relief:
    """What an appointment changes of a clinician's cost, at the best: starts by price."""

    def __init__(self, week: Week, empty: State) -> None:
        self.week, self.empty = week, empty
        self.shortest = min((each.length for each in week.appointments), default=1)
        self.known: dict[tuple[int, int], dict[float, int]] = {}
        self.pools: dict[tuple[Hashable, int], dict[float, int]] = {}

    def of_worker(self, worker: int, length: int) -> dict[float, int]:
        """Starts by what they change of one clinician's cost."""
        key = (worker, length)
        if key not in self.known:
            found: dict[float, int] = {}
            for price, mask in self._levels(worker, length):
                found[price] = found.get(price, 0) | mask
            self.known[key] = found
        return self.known[key]

    def of_anybody(self, need: AppointmentNeed) -> dict[float, int]:
        """The same of whoever may give an appointment, together."""
        if need.common is None:
            return self._together(need)
        key = (need.common, need.length)
        if key not in self.pools:
            self.pools[key] = self._together(need)
        return self.pools[key]

    def _together(self, need: AppointmentNeed) -> dict[float, int]:
        found: dict[float, int] = {}
        for hand in need.pool:
            for price, mask in self.of_worker(hand.worker, need.length).items():
                found[price] = found.get(price, 0) | mask & hand.allowed
        return found

    def _levels(self, worker: int, length: int) -> Iterator[Level]:
        week, price = self.week, self.week.price
        who, starts = week.workers[worker], week.starts_of(worker, length)
        for (first, slots), busy in zip(
            who.days, self.empty.work_days[worker], strict=True
        ):
            here = starts & span(first, slots)
            if not here:
                continue
            if busy is None:
                # Whatever shares a day shares its price.
                most = max(1, who.max_day // self.shortest)
                yield price.work_day / most, here
                continue
            begin, end, taken = busy
            waits = max(0, (end - begin - taken) // price.step - price.idle_free)
            inside = here & span(begin, end - begin)
            steps = -(-length // price.step)
            yield -float(min(steps, waits) * price.work_idle), inside
            yield 0.0, here & ~inside

"""Improve a week: lift a part, put it back, keep it if it is better or chance says so.

Ruin and recreate (Schrimpf et al. 2000, J. Comput. Phys. 159) under simulated annealing.
The best state is always at hand, so the search may be stopped at any moment.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import exp

from vioP.planner.search.dice import Dice
from vioP.planner.search.ruin import Ruin, choose, recreate
from vioP.planner.search.state import State
from vioP.planner.search.week import Start

_LOOK_AT_THE_CLOCK = 32
_TELL_EVERY = 0.1


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to search.

    Attributes:
        seconds: Budget, in what ``spent`` counts.
        spent: Seconds since some moment; called seldom.
        iterations: A budget that gives the same week on every machine; where there are
            seconds as well, whichever ends first.
        hot: The first temperature, in units of the price.
        cold: The last one.
        until_complete: Stop as soon as nothing is left waiting.
    """

    seconds: float = 0.0
    spent: Callable[[], float] = lambda: 0.0
    iterations: int | None = None
    hot: float = 2.0
    cold: float = 0.15
    until_complete: bool = False


@dataclass(slots=True)
class Search:
    """A running search on a state, which it changes.

    Attributes:
        price: What the state costs now.
        best: What the best state costs.
        complete_at: When nothing was left waiting for the first time, if ever.
        trace: The best price over time, for the curve on the page.
    """

    state: State
    dice: Dice
    on_progress: Callable[[float, int], bool] = lambda _seconds, _price: True
    on_accepted: Callable[[], None] | None = None
    choose: Callable[[State, Dice], Ruin] = choose
    price: int = 0
    best: int = 0
    iterations: int = 0
    complete_at: float | None = None
    trace: list[tuple[float, int]] = field(default_factory=list)
    _seats: dict[int, int | None] = field(default_factory=dict)
    _appointments: dict[int, Start | None] = field(default_factory=dict)

    def run(self, effort: Effort) -> None:
        """Search within a budget, and leave the best state found.

        ``on_progress`` is asked about ten times a second and stops the search by saying no.
        """
        state = self.state
        state.settle()
        self.price = self.best = state.price()
        begun = effort.spent()
        self.trace.append((0.0, self.best))
        temperature, count = effort.hot, 0
        while count != effort.iterations:
            if count % _LOOK_AT_THE_CLOCK == 0:
                elapsed = effort.spent() - begun
                if self.complete_at is None and not state.waiting:
                    self.complete_at = effort.spent()
                share = self._share(effort, count, elapsed)
                if share >= 1 or not self._goes_on(effort, elapsed):
                    break
                temperature = effort.hot * (effort.cold / effort.hot) ** share
            count += 1
            self._step(self.choose(state, self.dice), temperature)
        if self.complete_at is None and not state.waiting:
            self.complete_at = effort.spent()
        self.iterations += count
        self._return_to_best()
        self.trace.append((effort.spent() - begun, self.best))

    def _share(self, effort: Effort, count: int, elapsed: float) -> float:
        of_time = elapsed / effort.seconds if effort.seconds > 0 else 0.0
        if effort.iterations is None:
            return of_time if effort.seconds > 0 else 1.0
        return max(of_time, count / effort.iterations if effort.iterations else 1.0)

    def _goes_on(self, effort: Effort, elapsed: float) -> bool:
        if effort.until_complete and self.complete_at is not None:
            return False
        if elapsed - self.trace[-1][0] < _TELL_EVERY:
            return True
        self.trace.append((elapsed, self.best))
        return self.on_progress(elapsed, self.best)

    def _step(self, ruin: Ruin, temperature: float) -> None:
        if not ruin.appointments and not ruin.seats:
            return
        state = self.state
        was = _Lifted(state, ruin)
        recreate(state, ruin, was.starts, self.dice)
        touched = was.touched()
        change = touched.price() - was.price
        if change <= 0 or self.dice.random() < exp(-change / temperature):
            touched.settle()
            self._keep(change, was)
        else:
            was.restore()

    def _keep(self, change: int, was: "_Lifted") -> None:
        """Note how to get back to the best state, which this one may be."""
        self.price += change
        if self.price < self.best:
            self.best = self.price
            self._seats.clear()
            self._appointments.clear()
        elif self.price > self.best or self._seats or self._appointments:
            for seat, circle in was.circles.items():
                self._seats.setdefault(seat, circle)
            for appointment, start in was.starts.items():
                self._appointments.setdefault(appointment, start)
        if self.on_accepted is not None:
            self.on_accepted()

    def _return_to_best(self) -> None:
        restore(self.state, self._seats, self._appointments)
        self._seats.clear()
        self._appointments.clear()
        self.price = self.best
        self.state.settle()


def clear(state: State, seats: Iterable[int], appointments: Iterable[int]) -> None:
    """Take seats and appointments off the week, those that are on it."""
    for appointment in appointments:
        if state.appointment_at[appointment] is not None:
            state.lift(appointment)
    for seat in seats:
        if state.seat_at[seat] is not None:
            state.unseat(seat)


def restore(
    state: State, seats: dict[int, int | None], appointments: dict[int, Start | None]
) -> None:
    """Put seats and appointments back where they were, whatever stands there now."""
    clear(state, seats, appointments)
    for seat, circle in seats.items():
        if circle is not None:
            state.seat(seat, circle)
    for appointment, start in appointments.items():
        if start is not None:
            state.put(appointment, *start)


class _Lifted:
    """What was lifted, where it was, and what it cost there."""

    __slots__ = ("circles", "price", "ruin", "starts", "state")

    def __init__(self, state: State, ruin: Ruin) -> None:
        self.state, self.ruin = state, ruin
        self.starts = {each: state.appointment_at[each] for each in ruin.appointments}
        self.circles = {each: state.seat_at[each] for each in ruin.seats}
        self.price = sum(map(state.price_of_appointment, ruin.appointments))
        self.price += sum(map(state.price_of_seat, ruin.seats))
        clear(state, self.circles, self.starts)

    def touched(self) -> "_Touched":
        """Everybody concerned, before and after."""
        state, week = self.state, self.state.week
        people = {week.appointments[each].person for each in self.starts}
        people.update(week.seats[each].person for each in self.circles)
        workers = {start[0] for start in self.starts.values() if start is not None}
        circles = {each for each in self.circles.values() if each is not None}
        for appointment in self.starts:
            placed = state.appointment_at[appointment]
            if placed is not None:
                workers.add(placed[0])
        for seat in self.circles:
            circle = state.seat_at[seat]
            if circle is not None:
                circles.add(circle)
        return _Touched(state, self.ruin, people, workers, circles)

    def restore(self) -> None:
        """Put everything back where it was."""
        restore(self.state, self.circles, self.starts)


class _Touched:
    """The price of everything a change touched, as it is now, above what was on account."""

    __slots__ = ("circles", "people", "ruin", "state", "workers")

    def __init__(
        self,
        state: State,
        ruin: Ruin,
        people: set[int],
        workers: set[int],
        circles: set[int],
    ) -> None:
        self.state, self.ruin = state, ruin
        self.people = {each: state.price_of_person(each) for each in people}
        self.workers = {each: state.price_of_worker(each) for each in workers}
        self.circles = {each: state.price_of_circle(each) for each in circles}

    def price(self) -> int:
        """The price of the things, and what the people's prices changed by."""
        state = self.state
        price = sum(map(state.price_of_appointment, self.ruin.appointments))
        price += sum(map(state.price_of_seat, self.ruin.seats))
        for each, now in self.people.items():
            price += now - state.own_price[each]
        for each, now in self.workers.items():
            price += now - state.work_price[each]
        for each, now in self.circles.items():
            price += now - state.circle_price[each]
        return price

    def settle(self) -> None:
        """Write the new prices on account."""
        state = self.state
        for each, now in self.people.items():
            state.own_price[each] = now
        for each, now in self.workers.items():
            state.work_price[each] = now
        for each, now in self.circles.items():
            state.circle_price[each] = now

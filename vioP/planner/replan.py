"""Mend a published week after one change: what must move moves, and nothing else.

The week stays in memory. What a change makes impossible is taken off and put back at its best
place while everything else stands; only if something finds none may others move for it, at
the price of telling them. A repair says who is to be told and whether that was forced, and
can be taken back, which is how "what if" is answered.
"""

from collections.abc import Callable, Iterable

from vioP.planner.explain_exchange import module_of
from vioP.planner.minutes import merged
from vioP.planner.problem import Span
from vioP.planner.repair import Move, Repair
from vioP.planner.search.anneal import clear, restore
from vioP.planner.search.compiled import Compiled
from vioP.planner.search.dice import Dice
from vioP.planner.search.masks import inside, starts_in, touched
from vioP.planner.search.mend import mend
from vioP.planner.search.state import State
from vioP.planner.search.week import Start


class Replanner:
    """A published week in memory, ready for changes."""

    def __init__(self, compiled: Compiled, state: State, dice: Dice) -> None:
        self.compiled, self.state, self.dice = compiled, state, dice
        self.week = compiled.week
        self.people = {each.id: number for number, each in enumerate(self.week.people)}
        state.settle()
        for number, at in enumerate(state.appointment_at):
            self._tell(number, at)

    def clinician_away(self, clinician: str, away: Iterable[Span]) -> Repair:
        """A clinician cannot give appointments for a while; their groups stay.

        Whoever could hold their groups instead is named by ``substitutes``.
        """
        number = self.compiled.number_of_worker(clinician)
        worker = self.week.workers[number]
        before = worker.free
        worker.free &= ~self._touched(away)
        self.week.forget_hours_of(number)

        def back() -> None:
            worker.free = before
            self.week.forget_hours_of(number)

        return self._repair((), list(self.state.roster[number]), back)

    def participant_hours(self, participant: str, available: Iterable[Span]) -> Repair:
        """A participant has other hours; a group they can no longer attend is changed."""
        number = self.people[participant]
        person = self.week.people[number]
        seats = [(each, self.week.seats[each].options) for each in person.seats]
        needs = [self.week.appointments[each] for each in person.appointments]
        before, starts = person.free, [each.starts for each in needs]
        person.free = self._inside(available)
        for seat, options in seats:
            kept = tuple(each for each in options if not each[2] & ~person.free)
            self.week.seats[seat].options = kept
        for need in needs:
            need.starts = starts_in(person.free, need.length) & self.week.grid
        self.week.forget_hands(person.appointments)

        def back() -> None:
            person.free = before
            for seat, options in seats:
                self.week.seats[seat].options = options
            for need, was in zip(needs, starts, strict=True):
                need.starts = was
            self.week.forget_hands(person.appointments)

        return self._repair(person.seats, person.appointments, back)

    def admit(self, participant: str) -> Repair:
        """Somebody of the problem who has nothing yet gets a week."""
        person = self.week.people[self.people[participant]]
        return self._repair(person.seats, person.appointments, lambda: None)

    def discharge(self, participant: str) -> Repair:
        """Somebody leaves; nobody else moves."""
        person = self.week.people[self.people[participant]]
        return self._repair((), (), lambda: None, (person.seats, person.appointments))

    def closure(self, closed: Iterable[Span]) -> Repair:
        """The program is closed for a while; appointments then are moved."""
        barred = self._touched(closed)
        workers = self.week.workers
        before = [each.free for each in workers]
        for each in workers:
            each.free &= ~barred
        self.week.forget_hours()

        def back() -> None:
            for each, was in zip(workers, before, strict=True):
                each.free = was
            self.week.forget_hours()

        everything = range(len(self.week.appointments))
        return self._repair((), list(everything), back)

    def substitutes(self, group: str, meeting: Span) -> tuple[str, ...]:
        """Who could hold one meeting of a group instead, the least busy first.

        They have the role of a facilitator, hold a licence for everybody in the group, speak
        its language, work then, and have nothing else.
        """
        problem = self.compiled.problem
        number = self.compiled.number_of_circle(group)
        states = {
            problem.participants[self.week.seats[each].person].state
            for each in self.state.members[number]
        }
        stated = problem.groups[number]
        roles = {each.role for each in problem.clinicians if each.id in stated.facilitators}
        taken, found = self._touched([meeting]), []
        for each in problem.clinicians:
            worker = self.compiled.number_of_worker(each.id)
            who = self.week.workers[worker]
            if (
                each.id not in stated.facilitators
                and each.role in roles
                and stated.language in each.languages
                and states <= each.states
                and not taken & ~who.free
                and not taken & self.state.work[worker]
                and self.state.hours[worker] + taken.bit_count() <= who.max_week
            ):
                found.append((self.state.hours[worker], each.id))
        return tuple(each for _, each in sorted(found))

    def _repair(
        self,
        seats: Iterable[int],
        appointments: Iterable[int],
        back: Callable[[], None],
        gone: tuple[Iterable[int], Iterable[int]] = ((), ()),
    ) -> Repair:
        state = self.state
        price = self._price(*gone)
        was_seats = {each: state.seat_at[each] for each in range(len(state.seat_at))}
        was_at = {
            each: state.appointment_at[each] for each in range(len(state.appointment_at))
        }
        forced_seats = [*(each for each in seats if not self._may_sit(each)), *gone[0]]
        forced = [*(each for each in appointments if not self._may_stay(each)), *gone[1]]
        clear(state, forced_seats, forced)
        waiting = [each for each in forced_seats if each not in gone[0]]
        mend(state, waiting, [each for each in forced if each not in gone[1]], self.dice)
        moves = self._moves(was_seats, was_at, set(forced_seats), set(forced))
        changed_seats = {
            each for each in was_seats if was_seats[each] != state.seat_at[each]
        }
        changed = {each for each in was_at if was_at[each] != state.appointment_at[each]}
        told = {each: self.week.appointments[each].told for each in changed}
        state.settle()
        more = self._price(*gone) - price
        for each in changed:
            self._tell(each, state.appointment_at[each])

        def undo() -> None:
            back()
            restore(
                state,
                {each: was_seats[each] for each in changed_seats},
                {each: was_at[each] for each in changed},
            )
            for each, was in told.items():
                self.week.appointments[each].told = was
            state.settle()

        return Repair(moves, more, undo)

    def _may_sit(self, seat: int) -> bool:
        circle = self.state.seat_at[seat]
        return any(other == circle for _, other, _ in self.week.seats[seat].options)

    def _may_stay(self, appointment: int) -> bool:
        at = self.state.appointment_at[appointment]
        if at is None:
            return False
        need = self.week.appointments[appointment]
        starts = self.week.starts_of(at[0], need.length) & need.starts
        return bool(starts >> at[1] & 1)

    def _moves(
        self,
        seats: dict[int, int | None],
        appointments: dict[int, Start | None],
        forced_seats: set[int],
        forced: set[int],
    ) -> tuple[Move, ...]:
        state, week, found = self.state, self.week, []
        for seat, before in seats.items():
            after = state.seat_at[seat]
            if after != before or (after is None and seat in forced_seats):
                who = week.people[week.seats[seat].person].id
                groups = [
                    None if each is None else week.circles[each].id
                    for each in (before, after)
                ]
                name = f"{who}/{module_of(self.compiled, seat)}"
                found.append(Move(name, who, groups[0], groups[1], seat in forced_seats))
        for appointment, was in appointments.items():
            now = state.appointment_at[appointment]
            if now != was or (now is None and appointment in forced):
                need = week.appointments[appointment]
                who = week.people[need.person].id
                found.append(
                    Move(
                        need.id,
                        who,
                        self._named(was),
                        self._named(now),
                        appointment in forced,
                    )
                )
        return tuple(found)

    def _named(self, at: Start | None) -> tuple[str, int] | None:
        if at is None:
            return None
        return self.week.workers[at[0]].id, at[1] * self.week.slot

    def _tell(self, appointment: int, at: Start | None) -> None:
        self.week.appointments[appointment].told = at

    def _price(self, seats: Iterable[int], appointments: Iterable[int]) -> int:
        """What the week costs; what somebody leaves behind who goes is not missing."""
        state, gone = self.state, (set(seats), set(appointments))
        return (
            sum(state.own_price)
            + sum(state.work_price)
            + sum(state.circle_price)
            + sum(
                state.price_of_seat(each)
                for each, at in enumerate(state.seat_at)
                if at is not None or each not in gone[0]
            )
            + sum(
                state.price_of_appointment(each)
                for each, at in enumerate(state.appointment_at)
                if at is not None or each not in gone[1]
            )
        )

    def _inside(self, spans: Iterable[Span]) -> int:
        return inside(merged(spans), self.week.slot, self.week.slots)

    def _touched(self, spans: Iterable[Span]) -> int:
        return touched(spans, self.week.slot, self.week.slots)

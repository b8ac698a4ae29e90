"""From a program's own week to the engine's, with a solution standing on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from vioP.planner.minutes import merged
from vioP.planner.problem import (
    Need,
    Placement,
    ProblemClinician,
    ProblemParticipant,
    Role,
    Solution,
    Span,
    WeekProblem,
)
from vioP.planner.search.masks import inside, starts_in, touched
from vioP.planner.search.state import State
from vioP.planner.search.warm import may_put
from vioP.planner.search.week import (
    EVERY_SLOT,
    AppointmentNeed,
    Day,
    Hand,
    Person,
    Price,
    Week,
    Worker,
)

# Far above everything wishes can add up to.
UNPLACED = 1_000_000
IDLE_MINUTES = 30
FAIR_PERCENT = 85
# Being told another time is worse than a few idle half hours, and worse the further it is.
PRICE = {
    "own_day": 3,
    "own_idle": 1,
    "work_day": 1,
    "work_idle": 1,
    "idle_free": 2,
    "over": 1,
    "outside": 4,
    "same_time": 8,
    "away": 1,
}
# What people were told of this week moves for somebody without a place, and for nothing else:
# more than all the waiting of a day could spare.
TOLD = 500
# Each time somebody was moved in the last weeks makes moving them again this much dearer.
STICK_A_MOVE = 4
OTHER_CLINICIAN = {Role.THERAPIST: 20, Role.PRESCRIBER: 10}


@dataclass(frozen=True, slots=True)
class Standing:
    """A solution on the engine's week.

    Attributes:
        needs: The needs the engine may move, in its numbers.
        frozen: What it cannot hold and leaves where it is.
    """

    week: Week
    state: State
    needs: tuple[Need, ...]
    frozen: tuple[Placement, ...]

    def placements(self) -> tuple[Placement, ...]:
        """What stands now, in minutes."""
        found = list(self.frozen)
        for need, at in zip(self.needs, self.state.appointment_at, strict=True):
            if at is not None:
                start = self.week.origin + at[1] * self.week.slot
                clinician = self.week.workers[at[0]].id
                found.append(Placement(need.id, clinician, start, start + need.minutes))
        return tuple(sorted(found, key=lambda each: each.need))


def stand(problem: WeekProblem, solution: Solution) -> Standing:
    """Put a solution on the engine's week.

    An appointment that lies off the engine's grid, or over somebody's midnight, is left out
    of the search and stays as it is.
    """
    placed = {each.need: each for each in solution.placements}
    frozen: list[Placement] = []
    while True:
        compiler = _Compiler(problem, solution, frozen)
        needs = compiler.needs()
        week = compiler.week(needs)
        state = State(week)
        stuck = []
        for number, need in enumerate(needs):
            placement = placed.get(need.id)
            if placement is None:
                continue
            worker, start = compiler.at(placement)
            if start is not None and may_put(state, number, worker, start):
                state.put(number, worker, start)
            else:
                stuck.append(placement)
        if not stuck:
            state.settle()
            return Standing(week, state, needs, tuple(frozen))
        frozen += stuck


class _Compiler:
    def __init__(
        self, problem: WeekProblem, solution: Solution, frozen: Iterable[Placement]
    ) -> None:
        self.problem, self.solution, self.frozen = problem, solution, tuple(frozen)
        self.slot = problem.grid
        days = [day for each in problem.clinicians for day in each.days]
        days += [day for each in problem.participants for day in each.days]
        first = min((start for start, _ in days), default=0)
        last = max((end for _, end in days), default=0)
        self.origin = first // self.slot * self.slot
        self.slots = -(-(last - self.origin) // self.slot)
        self.workers = {each.id: n for n, each in enumerate(problem.clinicians)}
        self.people = {each.id: n for n, each in enumerate(problem.participants)}
        self.participants = {each.id: each for each in problem.participants}

    def needs(self) -> tuple[Need, ...]:
        fixed = {each.need for each in self.frozen}
        return tuple(
            each
            for each in sorted(self.problem.needs, key=lambda each: each.id)
            if each.id not in fixed and each.participant in self.people
        )

    def week(self, needs: tuple[Need, ...]) -> Week:
        problem = self.problem
        margin = -(-problem.clinician_buffer // self.slot)
        week = Week(
            slot=self.slot,
            origin=self.origin,
            slots=self.slots,
            rooms=problem.rooms,
            price=Price(
                step=max(1, IDLE_MINUTES // self.slot),
                unplaced_seat=UNPLACED,
                unplaced_appointment=UNPLACED,
                under=0,
                moved=TOLD,
                **PRICE,
            ),
            people=[self._person(each) for each in problem.participants],
            workers=[self._worker(each) for each in problem.clinicians],
            circles=[],
            seats=[],
            appointments=[self._appointment(each) for each in needs],
            own_buffer=-(-problem.participant_buffer // self.slot),
            work_buffer=margin,
            room_use=self._room_use(),
        )
        for number, need in enumerate(week.appointments):
            week.people[need.person].appointments.append(number)
        return week

    def at(self, placement: Placement) -> tuple[int, int | None]:
        """The worker and slot of a placement; no slot if it lies between two."""
        offset = placement.start - self.origin
        slot = None if offset % self.slot or offset < 0 else offset // self.slot
        return self.workers.get(placement.clinician, -1), slot

    def _person(self, who: ProblemParticipant) -> Person:
        meetings = {each.id: (each.start, each.end) for each in self.problem.meetings}
        own = [
            meetings[place.meeting]
            for place in self.solution.places
            if place.participant == who.id
        ]
        mine = {each.id for each in self.problem.needs if each.participant == who.id}
        own += [(each.start, each.end) for each in self.frozen if each.need in mine]
        return Person(
            who.id,
            self._inside(who.available),
            self._touched(own),
            self._days(who.days),
            who.max_day // self.slot,
        )

    def _worker(self, who: ProblemClinician) -> Worker:
        held = [
            (each.start, each.end) for each in self.problem.meetings if who.id in each.hosts
        ]
        held += [(each.start, each.end) for each in self.frozen if each.clinician == who.id]
        fixed = self._touched(held)
        # Who is booked twice at once works both hours, though the mask holds one.
        twice = sum(last - first for first, last in (self._slots(*each) for each in held))
        twice -= fixed.bit_count()
        return Worker(
            who.id,
            self._inside(who.available),
            fixed,
            self._days(who.days),
            who.max_day // self.slot - twice,
            who.max_week // self.slot - twice,
            who.max_week * FAIR_PERCENT // 100 // self.slot
            if who.role is Role.THERAPIST
            else None,
        )

    def _appointment(self, need: Need) -> AppointmentNeed:
        who = self.participants[need.participant]
        length = -(-need.minutes // self.slot)
        free = self._inside(who.available) & self._inside(need.within)
        starts = starts_in(free, length)
        if need.pinned is not None:
            at = need.pinned - self.origin
            starts &= 0 if at < 0 or at % self.slot else 1 << at // self.slot
        hands = self._hands(need, who, length)
        usual = need.previous_clinician or next(iter(need.clinicians), None)
        previous = None
        if need.previous is not None:
            previous = (need.previous - self.origin) // self.slot
        return AppointmentNeed(
            id=need.id,
            person=self.people[need.participant],
            length=length,
            starts=starts,
            liked=starts_in(self._inside(who.wished), length) if who.wished else EVERY_SLOT,
            pool=hands,
            usual=next(
                (each for each in hands if each.worker == self.workers.get(usual or "")),
                None,
            ),
            change=OTHER_CLINICIAN[need.role],
            previous=previous,
            told=self._told(need, previous),
            scarce=need.role is Role.PRESCRIBER,
            pinned=need.pinned is not None,
            stick=STICK_A_MOVE * need.moves,
        )

    def _told(self, need: Need, previous: int | None) -> tuple[int, int] | None:
        """Where people were told it is, this very week."""
        clinician = self.workers.get(need.previous_clinician or "")
        if not need.is_told or previous is None or clinician is None:
            return None
        return clinician, previous

    def _hands(self, need: Need, who: ProblemParticipant, length: int) -> tuple[Hand, ...]:
        """Everybody named for a need who has the role and the language, while licensed."""
        staff = {each.id: each for each in self.problem.clinicians}
        hands = []
        for each in need.clinicians:
            clinician = staff.get(each)
            if clinician is None or clinician.role is not need.role:
                continue
            if not who.interpreter and who.language not in clinician.languages:
                continue
            allowed = 0
            for stay in who.stays:
                valid = [x.valid for x in clinician.licences if x.state == stay.state]
                held = self._inside(valid, join=False)
                allowed |= starts_in(held & self._inside([stay.span]), length)
            if allowed:
                hands.append(Hand(self.workers[each], allowed))
        return tuple(hands)

    def _room_use(self) -> list[int]:
        use = [0] * self.slots
        for start, end in [
            *((each.start, each.end) for each in self.problem.meetings),
            *((each.start, each.end) for each in self.frozen),
        ]:
            for at in range(*self._slots(start, end)):
                use[at] += 1
        return use

    def _days(self, days: Iterable[Span]) -> tuple[Day, ...]:
        found = []
        for start, end in days:
            first, last = self._slots(start, end)
            found.append((first, last - first))
        return tuple(found)

    def _inside(self, spans: Iterable[Span], *, join: bool = True) -> int:
        """Slots wholly inside spans; touching spans are one unless each must hold alone."""
        stretches = merged(spans) if join else sorted(spans)
        return inside(stretches, self.slot, self.slots, self.origin)

    def _touched(self, spans: Iterable[Span]) -> int:
        return touched(spans, self.slot, self.slots, self.origin)

    def _slots(self, start: int, end: int) -> tuple[int, int]:
        first = max(0, (start - self.origin) // self.slot)
        return first, min(self.slots, -(-(end - self.origin) // self.slot))

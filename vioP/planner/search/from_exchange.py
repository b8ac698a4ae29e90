"""From the exchange format to the engine's week, and back."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from math import gcd

from vioP.planner.exchange import (
    ExchangeAppointment,
    ExchangeClinician,
    ExchangeGroup,
    ExchangeParticipant,
    ExchangeProblem,
)
from vioP.planner.minutes import merged
from vioP.planner.problem import Role, Span
from vioP.planner.search.compiled import Compiled
from vioP.planner.search.masks import inside, starts_in
from vioP.planner.search.week import (
    AppointmentNeed,
    Circle,
    Day,
    Hand,
    Person,
    Price,
    SeatNeed,
    Week,
    Worker,
)

MINUTES_A_DAY = 1440
# Above this share of the weekly maximum, hours count as unfair.
FAIR_PERCENT = 85
# Far above everything wishes can add up to, so that nothing is left out for their sake.
UNPLACED = 1_000_000


def compile_exchange(problem: ExchangeProblem) -> Compiled:
    """State an exchanged problem for the engine."""
    compiler = _Compiler(problem)
    week = compiler.week()
    return Compiled(problem, week, compiler.worker_number, compiler.circle_number)


class _Compiler:
    def __init__(self, problem: ExchangeProblem) -> None:
        self.problem = problem
        self.slot = _slot(problem)
        self.slots = problem.minutes // self.slot
        self.step = problem.grid // self.slot
        self.on_grid = sum(1 << at for at in range(0, self.slots, self.step))
        a_day = MINUTES_A_DAY // self.slot
        self.days: tuple[Day, ...] = tuple(
            (at, min(a_day, self.slots - at)) for at in range(0, self.slots, a_day)
        )
        self.staff = {each.id: each for each in problem.clinicians}
        self.worker_number = {each.id: n for n, each in enumerate(problem.clinicians)}
        self.circle_number = {each.id: n for n, each in enumerate(problem.groups)}
        self.person_number = {each.id: n for n, each in enumerate(problem.participants)}
        self.group_masks = [self._mask(each.meetings) for each in problem.groups]
        self.fixed = self._group_work()
        self.covered = [
            frozenset(
                state for each in group.facilitators for state in self.staff[each].states
            )
            for group in problem.groups
        ]
        self.by_role: dict[Role, list[ExchangeClinician]] = defaultdict(list)
        for each in problem.clinicians:
            self.by_role[each.role].append(each)
        self.by_module: dict[str, list[ExchangeGroup]] = defaultdict(list)
        for group in problem.groups:
            self.by_module[group.module].append(group)
        # The same price of the same group is one tuple for everybody: a third of the memory.
        self.known: dict[tuple[int, int, int], tuple[int, int, int]] = {}
        self.open: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
        self.eligible: dict[tuple[Role, str, str], list[Hand]] = {}
        self.hands = [Hand(each) for each in range(len(problem.clinicians))]
        self.hours = [
            (self._mask(each.available), self._mask(each.preferred))
            for each in problem.participants
        ]
        self.meeting_masks = [
            [self._mask([each]) for each in group.meetings] for group in problem.groups
        ]

    def week(self) -> Week:
        problem = self.problem
        self.result = week = Week(
            slot=self.slot,
            origin=0,
            slots=self.slots,
            rooms=problem.rooms,
            price=self._price(),
            people=[self._person(*each) for each in enumerate(problem.participants)],
            workers=[self._worker(*each) for each in enumerate(problem.clinicians)],
            circles=[
                Circle(each.id, mask, each.capacity, each.minimum)
                for each, mask in zip(problem.groups, self.group_masks, strict=True)
            ],
            seats=[
                self._seat(number, each, module)
                for number, each in enumerate(problem.participants)
                for module in each.modules
            ],
            appointments=[],
            room_use=self._room_use(),
            grid=self.on_grid,
        )
        week.appointments = [self._appointment(each) for each in problem.appointments]
        for number, seat in enumerate(week.seats):
            week.people[seat.person].seats.append(number)
        for number, need in enumerate(week.appointments):
            week.people[need.person].appointments.append(number)
        return week

    def _room_use(self) -> list[int]:
        use = [0] * self.slots
        for group in self.problem.groups:
            for start, end in group.meetings:
                for at in range(start // self.slot, -(-end // self.slot)):
                    use[at] += 1
        return use

    def _price(self) -> Price:
        weights = self.problem.weights
        return Price(
            step=self.step,
            unplaced_seat=weights.missing_group * UNPLACED,
            unplaced_appointment=weights.missing_appointment * UNPLACED,
            own_day=weights.participant_day,
            own_idle=weights.participant_idle,
            work_day=weights.clinician_day,
            work_idle=weights.clinician_idle,
            idle_free=weights.clinician_idle_free,
            under=weights.under_minimum,
            over=weights.fairness,
            outside=weights.preferred_appointment,
            same_time=weights.same_time,
            moved=weights.moved,
        )

    def _mask(self, spans: Iterable[Span]) -> int:
        """Whole slots inside spans; spans are rounded inwards, and what touches is one."""
        return inside(merged(spans), self.slot, self.slots)

    def _group_work(self) -> list[int]:
        fixed = [0] * len(self.problem.clinicians)
        for group, mask in zip(self.problem.groups, self.group_masks, strict=True):
            for each in group.facilitators:
                fixed[self.worker_number[each]] |= mask
        return fixed

    def _person(self, number: int, who: ExchangeParticipant) -> Person:
        free = self.hours[number][0]
        return Person(who.id, free, 0, self.days, who.max_day // self.slot)

    def _worker(self, number: int, who: ExchangeClinician) -> Worker:
        fair = None
        if who.role is Role.THERAPIST:
            fair = who.max_week // self.problem.grid * FAIR_PERCENT // 100 * self.step
        return Worker(
            who.id,
            self._mask(who.available),
            self.fixed[number],
            self.days,
            who.max_day // self.slot,
            who.max_week // self.slot,
            fair,
        )

    def _seat(self, number: int, who: ExchangeParticipant, module: str) -> SeatNeed:
        weights, told = self.problem.weights, self.problem.published
        free, likes = self.hours[number]
        before = who.previous_groups.get(module)
        promised = None if told is None else told.groups.get((who.id, module))
        options = []
        for circle, mask in self._open_to(module, who.language, who.state):
            if mask & ~free:
                continue
            group = self.problem.groups[circle]
            price = 0
            if mask & ~likes:
                price = weights.preferred_group * sum(
                    1 for each in self.meeting_masks[circle] if each & ~likes
                )
            if before is not None and before != group.id:
                price += weights.group_continuity
            if promised is not None and promised != group.id:
                price += weights.moved
            option = (price, circle, mask)
            options.append(self.known.setdefault(option, option))
        usual = self.circle_number.get(promised or before or "")
        return SeatNeed(
            f"{who.id}\0{module}",
            number,
            tuple(sorted(options)),
            usual if any(usual == circle for _, circle, _ in options) else None,
        )

    def _open_to(self, module: str, language: str, state: str) -> list[tuple[int, int]]:
        """The groups of a module in a language with a facilitator licensed in a state."""
        key = (module, language, state)
        if key not in self.open:
            numbers = [self.circle_number[each.id] for each in self.by_module[module]]
            self.open[key] = [
                (each, self.group_masks[each])
                for each in numbers
                if self.problem.groups[each].language == language
                and state in self.covered[each]
            ]
        return self.open[key]

    def _appointment(self, need: ExchangeAppointment) -> AppointmentNeed:
        number = self.person_number[need.participant]
        who, length = self.problem.participants[number], -(-need.minutes // self.slot)
        free, likes = self.hours[number]
        starts = starts_in(free, length)
        primary = None if need.primary is None else self.worker_number.get(need.primary)
        pool = self._eligible(need.role, who)
        if need.pinned is not None:
            at = self._at(need.pinned[1])
            pool = [
                Hand(each.worker, 1 << at)
                for each in pool
                if at >= 0 and each.worker == self.worker_number.get(need.pinned[0])
            ]
        usual = self._usual(pool, primary)
        if usual is not None and not (
            self.result.starts_of(usual.worker, length) & starts & usual.allowed
        ):
            usual = None
        return AppointmentNeed(
            id=need.id,
            person=number,
            length=length,
            starts=starts & self.on_grid,
            liked=starts_in(likes, length),
            pool=pool,
            usual=usual,
            change=0 if primary is None else self.problem.weights.continuity(need.role),
            previous=None if need.previous_start is None else self._at(need.previous_start),
            told=self._told(need.id),
            scarce=need.role is Role.PRESCRIBER,
            pinned=need.pinned is not None,
            common=None if need.pinned else (need.role, who.state, who.language),
        )

    def _usual(self, pool: list[Hand], primary: int | None) -> Hand | None:
        """The hand of the primary clinician, if they are among those who may."""
        at = bisect_left(
            pool, -1 if primary is None else primary, key=lambda each: each.worker
        )
        return pool[at] if at < len(pool) and pool[at].worker == primary else None

    def _eligible(self, role: Role, who: ExchangeParticipant) -> list[Hand]:
        """Who has the role, the licence and the language."""
        key = (role, who.state, who.language)
        if key not in self.eligible:
            self.eligible[key] = [
                self.hands[self.worker_number[each.id]]
                for each in self.by_role[role]
                if who.state in each.states and who.language in each.languages
            ]
        return self.eligible[key]

    def _at(self, minute: int) -> int:
        """The slot of a minute; one off the grid is no slot, and never matches."""
        return minute // self.slot if minute % self.slot == 0 else -1

    def _told(self, need: str) -> tuple[int, int] | None:
        published = self.problem.published
        if published is None or need not in published.appointments:
            return None
        clinician, start = published.appointments[need]
        return self.worker_number.get(clinician, -1), self._at(start)


def _slot(problem: ExchangeProblem) -> int:
    """The longest slot that meets the grid, midnight and everybody's groups and lengths."""
    edges = [
        each for group in problem.groups for meeting in group.meetings for each in meeting
    ]
    lengths = [each.minutes for each in problem.appointments]
    return reduce(
        gcd, [*edges, *lengths], gcd(problem.grid, MINUTES_A_DAY, problem.minutes)
    )

"""Why something found no place in an exchanged week: where its options went, rule by rule.

A funnel counts what is left after each rule, in the order a coordinator would ask; the
remedies change one thing each, the easiest to change first.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from vioP.planner.exchange import (
    ExchangeAppointment,
    ExchangeParticipant,
    ExchangeUnplaced,
)
from vioP.planner.problem import Role
from vioP.planner.search.compiled import Compiled
from vioP.planner.search.from_exchange import MINUTES_A_DAY
from vioP.planner.search.masks import around, bits, span, touching
from vioP.planner.search.state import State
from vioP.planner.search.week import AppointmentNeed

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_KIND = {Role.THERAPIST: "individual session", Role.PRESCRIBER: "psychiatry check-in"}
_WHO = {Role.THERAPIST: "therapists", Role.PRESCRIBER: "prescribers"}
# A remedy is looked for among this many of the nearest misses.
_MISSES = 400


def explain_unplaced(compiled: Compiled, state: State) -> tuple[ExchangeUnplaced, ...]:
    """What is not on the week, and why, with what would help."""
    seats = [explain_seat(compiled, state, each) for each in sorted(state.waiting_seats)]
    appointments = [
        explain_appointment(compiled, state, each)
        for each in sorted(state.waiting_appointments)
    ]
    return (*seats, *appointments)


def explain_appointment(compiled: Compiled, state: State, number: int) -> ExchangeUnplaced:
    """Why an appointment has no start.

    Args:
        compiled: The week.
        state: What stands on it; the appointment does not.
        number: Which appointment.
    """
    asked = _Asked(compiled, state, number)
    return ExchangeUnplaced(
        asked.appointment.id,
        (f"{asked.who.id} has no {_KIND[asked.appointment.role]}.", *asked.funnel()),
        tuple(asked.remedies()),
    )


def explain_seat(compiled: Compiled, state: State, number: int) -> ExchangeUnplaced:
    """Why a participant has no group of a module."""
    problem, week, need = compiled.problem, compiled.week, compiled.week.seats[number]
    who = problem.participants[need.person]
    module = module_of(compiled, number)
    staff = {each.id: each for each in problem.clinicians}
    groups = [each for each in problem.groups if each.module == module]
    speaking = [each for each in groups if each.language == who.language]
    licensed = [
        each
        for each in speaking
        if any(who.state in staff[other].states for other in each.facilitators)
    ]
    options = {circle: mask for _, circle, mask in need.options}
    roomy = [each for each in options if state.size[each] < week.circles[each].capacity]
    own = around(state.own[need.person], week.own_buffer)
    apart = [each for each in roomy if not options[each] & own]
    reasons = (
        f"{who.id} has no group of {module}.",
        (
            f"{len(groups)} groups of {module}; {len(speaking)} in {who.language}; "
            f"{len(licensed)} with a facilitator licensed in {who.state}; "
            f"{len(options)} within {who.id}'s hours; {len(roomy)} with a place left; "
            f"{len(apart)} apart from {who.id}'s other sessions."
        ),
    )
    remedies = []
    full = [week.circles[each].id for each in options if each not in roomy]
    if full:
        remedies.append(
            f"Raise the capacity of {', '.join(full[:3])}, or open another group."
        )
    clash = [week.circles[each].id for each in roomy if each not in apart]
    if clash:
        remedies.append(f"Move what {who.id} has during {', '.join(clash[:3])}.")
    late = [
        each.id for each in licensed if compiled.number_of_circle(each.id) not in options
    ]
    if late:
        remedies.append(f"Ask whether {who.id} could make {', '.join(late[:3])}.")
    if len(licensed) < len(speaking):
        remedies.append(
            f"Add a facilitator licensed in {who.state} to one of "
            f"{len(speaking) - len(licensed)} groups."
        )
    if not speaking:
        remedies.append(f"Open a group of {module} in {who.language}.")
    return ExchangeUnplaced(f"{who.id}/{module}", reasons, tuple(remedies))


def module_of(compiled: Compiled, number: int) -> str:
    """The module a seat is for."""
    return compiled.week.seats[number].id.split("\0")[1]


class _Asked:
    """One appointment, and the rules it met in order."""

    def __init__(self, compiled: Compiled, state: State, number: int) -> None:
        self.compiled, self.state, self.week = compiled, state, compiled.week
        self.need: AppointmentNeed = self.week.appointments[number]
        self.appointment: ExchangeAppointment = compiled.problem.appointments[number]
        self.who: ExchangeParticipant = compiled.problem.participants[self.need.person]
        self.apart: dict[int, int] = {}

    def funnel(self) -> Iterator[str]:
        """How many clinicians, and starts, each rule leaves."""
        problem, week, state, need, who = (
            self.compiled.problem,
            self.week,
            self.state,
            self.need,
            self.who,
        )
        role = [each for each in problem.clinicians if each.role is self.appointment.role]
        speaking = [each for each in role if who.language in each.languages]
        licensed = [each for each in speaking if who.state in each.states]
        numbers = [self.compiled.number_of_worker(each.id) for each in licensed]
        rested = [
            each
            for each in numbers
            if state.hours[each] + need.length <= week.workers[each].max_week
        ]
        meet = {each: need.starts & week.starts_of(each, need.length) for each in rested}
        own = touching(around(state.own[need.person], week.own_buffer), need.length)
        self.apart = _less(meet, own)
        free = {each: mask & ~self._booked(each) for each, mask in self.apart.items()}
        within = {each: mask & self._within_days(each) for each, mask in free.items()}
        roomy = _less(within, touching(state.full, need.length))
        yield (
            f"{len(role)} {_WHO[self.appointment.role]}; {len(speaking)} speak "
            f"{who.language}; {len(licensed)} licensed in {who.state}; {len(rested)} with "
            "weekly hours left."
        )
        yield (
            f"{_counted(meet)} within both people's hours; {_counted(self.apart)} outside "
            f"{who.id}'s own sessions; {_counted(free)} not already booked; "
            f"{_counted(within)} within daily limits; {_counted(roomy)} with a free room."
        )

    def remedies(self) -> Iterator[str]:  # noqa: C901 - one sentence for each remedy
        """What would help: move one session, ask for one hour, borrow one clinician."""
        moved = self._move_one()
        if moved:
            yield moved
        state, week, need = self.state, self.week, self.need
        open_at: Counter[int] = Counter()
        elsewhere: Counter[str] = Counter()
        own = touching(around(state.own[need.person], week.own_buffer), need.length)
        for number, each in enumerate(self.compiled.problem.clinicians):
            if each.role is not self.appointment.role:
                continue
            if state.hours[number] + need.length > week.workers[number].max_week:
                continue
            free = week.starts_of(number, need.length) & ~self._booked(number) & ~own
            if self.who.language not in each.languages:
                continue
            if self.who.state in each.states:
                open_at.update(bits(free & ~need.starts))
            elif free & need.starts:
                elsewhere[each.id] = (free & need.starts).bit_count()
        for start, count in open_at.most_common(1):
            yield (
                f"Ask whether {self.who.id} could make {self._clock(start)}: {count} licensed "
                f"{_WHO[self.appointment.role]} are free then."
            )
        for clinician, count in elsewhere.most_common(1):
            yield f"{clinician} has {count} open times but no {self.who.state} licence."

    def _move_one(self) -> str | None:
        week, state, need = self.week, self.state, self.need
        near = [(each, at) for each, mask in self.apart.items() for at in bits(mask)]
        for worker, start in near[:_MISSES]:
            wanted = span(start, need.length)
            if week.workers[worker].fixed & wanted:
                continue
            blockers = [
                each
                for each in state.roster[worker]
                if span(self._start(each), week.appointments[each].length) & wanted
            ]
            if len(blockers) != 1:
                continue
            other = week.appointments[blockers[0]]
            taken = state.work[worker] | state.own[other.person] | wanted | state.full
            free = other.starts & week.starts_of(worker, other.length)
            free &= ~touching(around(taken, week.work_buffer), other.length)
            if free:
                at = next(bits(free))
                return (
                    f"Move {other.id} of {week.people[other.person].id} with "
                    f"{week.workers[worker].id} from {self._clock(self._start(blockers[0]))} to "
                    f"{self._clock(at)}; then {self._clock(start)} is free."
                )
        return None

    def _start(self, appointment: int) -> int:
        placed = self.state.appointment_at[appointment]
        return placed[1] if placed is not None else 0

    def _booked(self, worker: int) -> int:
        """The starts at which a clinician has something already."""
        work = around(self.state.work[worker], self.week.work_buffer)
        return touching(work, self.need.length)

    def _within_days(self, worker: int) -> int:
        """The starts on days on which both people have enough left."""
        week, state, need = self.week, self.state, self.need
        person, who, found = week.people[need.person], week.workers[worker], 0
        for offset, mask, mine, theirs in week.cells(person.days, who.days, need.length):
            own, work = state.own_days[need.person][mine], state.work_days[worker][theirs]
            mine_busy, their_busy = own[2] if own else 0, work[2] if work else 0
            if (
                mine_busy + need.length <= person.max_day
                and their_busy + need.length <= who.max_day
            ):
                found |= mask << offset
        return found

    def _clock(self, slot: int) -> str:
        minute = slot * self.week.slot
        day, rest = divmod(minute, MINUTES_A_DAY)
        return f"{_DAYS[day % 7]} {rest // 60:02d}:{rest % 60:02d} UTC"


def _less(starts: Mapping[int, int], closed: int) -> dict[int, int]:
    return {each: mask & ~closed for each, mask in starts.items()}


def _counted(starts: Mapping[int, int]) -> str:
    times = sum(mask.bit_count() for mask in starts.values())
    return f"{times} times with {sum(1 for mask in starts.values() if mask)}"

"""What a week costs, wish by wish: counted anew in minutes, without the engine.

The engine keeps its own account on bit masks; a test holds both against each other. Times
off the grid count as the whole slots they touch, as they do for the engine.
"""

from collections import defaultdict
from collections.abc import Iterable

from vioP.domain.search import Wish, WishScore
from vioP.planner.minutes import merged
from vioP.planner.problem import Need, Placement, Role, Solution, Span, WeekProblem
from vioP.planner.search.from_week import (
    FAIR_PERCENT,
    IDLE_MINUTES,
    OTHER_CLINICIAN,
    PRICE,
    STICK_A_MOVE,
    TOLD,
)

EACH = {
    Wish.PARTICIPANT_DAYS: PRICE["own_day"],
    Wish.PARTICIPANT_WAITS: PRICE["own_idle"],
    Wish.CLINICIAN_DAYS: PRICE["work_day"],
    Wish.CLINICIAN_WAITS: PRICE["work_idle"],
    Wish.OVERLOAD: PRICE["over"],
    Wish.OTHER_THERAPIST: OTHER_CLINICIAN[Role.THERAPIST],
    Wish.OTHER_PRESCRIBER: OTHER_CLINICIAN[Role.PRESCRIBER],
    Wish.OTHER_TIME: PRICE["same_time"],
    Wish.TIME_AWAY: PRICE["away"],
    Wish.MOVED_AGAIN: STICK_A_MOVE,
    Wish.OUTSIDE_PREFERRED: PRICE["outside"],
    Wish.TOLD_OTHERWISE: TOLD,
}


def score(problem: WeekProblem, solution: Solution) -> tuple[WishScore, ...]:
    """Every wish with how often a week falls short of it.

    Args:
        problem: What the week needs.
        solution: Any week for it, even one that breaks rules. What it leaves out costs nothing.
    """
    count = _Count(problem, solution)
    counts = dict.fromkeys(Wish, 0)
    for who in problem.participants:
        days = count.days(count.own[who.id], who.days)
        counts[Wish.PARTICIPANT_DAYS] += len(days)
        counts[Wish.PARTICIPANT_WAITS] += sum(days)
    for each in problem.clinicians:
        days = count.days(count.work[each.id], each.days)
        counts[Wish.CLINICIAN_DAYS] += len(days)
        free = PRICE["idle_free"]
        counts[Wish.CLINICIAN_WAITS] += sum(max(0, waits - free) for waits in days)
        if each.role is Role.THERAPIST:
            fair = each.max_week * FAIR_PERCENT // 100 // problem.grid * problem.grid
            over = max(0, _length(count.work[each.id]) - fair)
            counts[Wish.OVERLOAD] += over // count.step
    for placement in solution.placements:
        need = count.needs.get(placement.need)
        if need is not None:
            for wish, times in count.appointment(need, placement):
                counts[wish] += times
    return tuple(WishScore(wish, counts[wish], EACH[wish]) for wish in Wish)


class _Count:
    def __init__(self, problem: WeekProblem, solution: Solution) -> None:
        self.grid = problem.grid
        self.step = max(1, IDLE_MINUTES // self.grid) * self.grid
        self.needs = {each.id: each for each in problem.needs}
        self.wished = {each.id: merged(each.wished) for each in problem.participants}
        self.own: defaultdict[str, list[Span]] = defaultdict(list)
        self.work: defaultdict[str, list[Span]] = defaultdict(list)
        meetings = {each.id: each for each in problem.meetings}
        for meeting in problem.meetings:
            for host in dict.fromkeys(meeting.hosts):
                self.work[host].append(self._slots(meeting.start, meeting.end))
        for place in solution.places:
            if place.meeting in meetings:
                held = meetings[place.meeting]
                self.own[place.participant].append(self._slots(held.start, held.end))
        for placement in solution.placements:
            need = self.needs.get(placement.need)
            if need is not None:
                span = self._slots(placement.start, placement.end)
                self.own[need.participant].append(span)
                self.work[placement.clinician].append(span)

    def days(self, busy: Iterable[Span], days: Iterable[Span]) -> list[int]:
        """The waits of each day with something in it, in whole steps."""
        found = []
        for start, end in days:
            first, last = self._slots(start, end)
            part = [
                (max(first, begins), min(last, ends))
                for begins, ends in busy
                if begins < last and first < ends
            ]
            if part:
                whole = max(end for _, end in part) - min(start for start, _ in part)
                found.append((whole - _length(part)) // self.step)
        return found

    def appointment(self, need: Need, placement: Placement) -> Iterable[tuple[Wish, int]]:
        """What an appointment's clinician and time fall short of."""
        usual = need.previous_clinician or next(iter(need.clinicians), None)
        if placement.clinician != usual:
            is_therapy = need.role is Role.THERAPIST
            yield Wish.OTHER_THERAPIST if is_therapy else Wish.OTHER_PRESCRIBER, 1
        if not self._is_wished(need, placement):
            yield Wish.OUTSIDE_PREFERRED, 1
        if need.previous is None:
            return
        before = need.previous // self.grid * self.grid
        if placement.start != before:
            yield Wish.OTHER_TIME, 1
            yield Wish.TIME_AWAY, abs(placement.start - before) // self.step
            yield Wish.MOVED_AGAIN, need.moves
        told = (need.previous_clinician, before)
        if need.is_told and (placement.clinician, placement.start) != told:
            yield Wish.TOLD_OTHERWISE, 1

    def _is_wished(self, need: Need, placement: Placement) -> bool:
        """Whether it lies in whole slots of preferred hours, or any hours are as good."""
        wished = self.wished.get(need.participant)
        first, last = self._slots(placement.start, placement.end)
        return not wished or any(
            -(-opens // self.grid) * self.grid <= first
            and last <= closes // self.grid * self.grid
            for opens, closes in wished
        )

    def _slots(self, start: int, end: int) -> Span:
        return start // self.grid * self.grid, -(-end // self.grid) * self.grid


def _length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in merged(spans))

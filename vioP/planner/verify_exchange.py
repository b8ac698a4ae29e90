"""Judge a plan in the exchange format: rules broken, needs unplaced, wishes broken.

Written from the definition in minutes and lists, with nothing taken from the engine, so
that a mistake there cannot hide here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from vioP.planner.exchange import (
    ExchangeAppointment,
    ExchangeClinician,
    ExchangeGroup,
    ExchangeParticipant,
    ExchangeProblem,
    Told,
)
from vioP.planner.problem import Role, Span

_A_DAY = 1440
_FAIR_PERCENT = 85
_Named = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """What is to be said of a plan.

    Attributes:
        broken: Each hard rule that is broken: the rule, then who and where.
        unplaced: What is missing, weighted.
        by_wish: What each kind of broken wish costs.
        payers: The same by who pays: a wish and a participant, a clinician or a group.
    """

    broken: tuple[tuple[str, ...], ...]
    unplaced: int
    by_wish: Mapping[str, int]
    payers: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def soft(self) -> int:
        """What all broken wishes cost together."""
        return sum(self.by_wish.values())


def verify_exchange(problem: ExchangeProblem, plan: Told) -> Judged:
    """Judge a plan."""
    judge = _Judge(problem, plan)
    judge.groups()
    judge.appointments()
    judge.rooms()
    judge.participants()
    judge.clinicians()
    return Judged(
        tuple(judge.broken), judge.unplaced, dict(judge.by_wish), dict(judge.payers)
    )


@dataclass(slots=True)
class _Judge:
    problem: ExchangeProblem
    plan: Told
    broken: list[tuple[str, ...]] = field(default_factory=list)
    by_wish: Counter[str] = field(default_factory=Counter)
    payers: Counter[tuple[str, str]] = field(default_factory=Counter)
    unplaced: int = 0
    own: defaultdict[str, list[_Named]] = field(default_factory=lambda: defaultdict(list))
    work: defaultdict[str, list[_Named]] = field(default_factory=lambda: defaultdict(list))

    def groups(self) -> None:
        """Every module has its group, and every group its people."""
        asked = {(who.id, m) for who in self.problem.participants for m in who.modules}
        for who, module in self.plan.groups:
            if (who, module) not in asked:
                self._break("module not asked for", who, module)
        size = self._seats()
        for group in self.problem.groups:
            for meeting in group.meetings:
                for each in group.facilitators:
                    self.work[each].append((*meeting, group.id))
            if size[group.id] > group.capacity:
                self._break("over capacity", group.id)
            if 0 < size[group.id] < group.minimum:
                self._wish("under_minimum", group.id, group.minimum - size[group.id])

    def _seats(self) -> Counter[str]:
        by_id = {each.id: each for each in self.problem.groups}
        size: Counter[str] = Counter()
        for who in self.problem.participants:
            for module in who.modules:
                chosen = self.plan.groups.get((who.id, module))
                if chosen is None:
                    self.unplaced += self.problem.weights.missing_group
                elif chosen not in by_id:
                    self._break("unknown group", who.id, chosen)
                else:
                    size[chosen] += 1
                    self._may_join(who, module, by_id[chosen])
                    self._likes(who, module, by_id[chosen])
        return size

    def _may_join(
        self, who: ExchangeParticipant, module: str, group: ExchangeGroup
    ) -> None:
        states = {
            state
            for each in self.problem.clinicians
            if each.id in group.facilitators
            for state in each.states
        }
        if group.module != module:
            self._break("wrong module", who.id, group.id)
        if group.language != who.language:
            self._break("group language", who.id, group.id)
        if who.state not in states:
            self._break("no facilitator licensed", who.id, group.id)
        for meeting in group.meetings:
            if not _inside(meeting, who.available):
                self._break("participant not available", who.id, group.id)

    def _likes(self, who: ExchangeParticipant, module: str, group: ExchangeGroup) -> None:
        for meeting in group.meetings:
            if not _inside(meeting, who.preferred):
                self._wish("preferred_group", who.id)
            self.own[who.id].append((*meeting, group.id))
        if who.previous_groups.get(module) not in {None, group.id}:
            self._wish("group_continuity", who.id)
        if self._told().groups.get((who.id, module)) not in {None, group.id}:
            self._wish("moved", who.id)

    def appointments(self) -> None:
        """Every appointment has a clinician who may give it, when both can."""
        problem = self.problem
        staff = {each.id: each for each in problem.clinicians}
        people = {each.id: each for each in problem.participants}
        needs = {each.id for each in problem.appointments}
        for unknown in self.plan.appointments.keys() - needs:
            self._break("unknown appointment", unknown)
        for need in problem.appointments:
            at = self.plan.appointments.get(need.id)
            if at is None:
                self.unplaced += problem.weights.missing_appointment
            elif at[0] not in staff:
                self._break("unknown clinician", need.id, at[0])
            else:
                self._allowed(need, people[need.participant], staff[at[0]], at[1])
                self._liked(need, people[need.participant], at)

    def _allowed(
        self,
        need: ExchangeAppointment,
        who: ExchangeParticipant,
        clinician: ExchangeClinician,
        start: int,
    ) -> None:
        span = (start, start + need.minutes)
        rules = {
            "off the grid": start % self.problem.grid == 0
            and start >= 0
            and span[1] <= self.problem.minutes,
            "over midnight": start // _A_DAY == (span[1] - 1) // _A_DAY,
            "wrong role": clinician.role is need.role,
            "clinician not licensed": who.state in clinician.states,
            "clinician language": who.language in clinician.languages,
            "participant not available": _inside(span, who.available),
            "clinician not available": _inside(span, clinician.available),
            "pinned appointment moved": need.pinned in {None, (clinician.id, start)},
        }
        for rule, is_kept in rules.items():
            if not is_kept:
                self._break(rule, need.id, clinician.id)
        self.own[who.id].append((*span, need.id))
        self.work[clinician.id].append((*span, need.id))

    def _liked(
        self, need: ExchangeAppointment, who: ExchangeParticipant, at: tuple[str, int]
    ) -> None:
        clinician, start = at
        if not _inside((start, start + need.minutes), who.preferred):
            self._wish("preferred_appointment", need.participant)
        if need.primary not in {None, clinician}:
            self._wish(f"continuity_{need.role.value}", need.participant)
        if need.previous_start not in {None, start}:
            self._wish("same_time", need.participant)
        if self._told().appointments.get(need.id, at) != at:
            self._wish("moved", need.participant)

    def rooms(self) -> None:
        """Never more sessions at once than there are rooms."""
        spans = [meeting for group in self.problem.groups for meeting in group.meetings]
        minutes = {each.id: each.minutes for each in self.problem.appointments}
        spans += [
            (start, start + minutes[each])
            for each, (_, start) in self.plan.appointments.items()
            if each in minutes
        ]
        changes = sorted([(a, 1) for a, _ in spans] + [(b, -1) for _, b in spans])
        at_once = 0
        for minute, change in changes:
            at_once += change
            if change > 0 and at_once > self.problem.rooms:
                self._break("more sessions than rooms", str(minute))

    def participants(self) -> None:
        """No participant is in two places, or at it for too long."""
        for who in self.problem.participants:
            self._overlaps("participant twice at once", who.id, self.own[who.id])
            for busy, idle in self._days(self.own[who.id]):
                if busy > who.max_day:
                    self._break("participant's day too long", who.id)
                self._wish("participant_day", who.id)
                self._wish("participant_idle", who.id, idle)

    def clinicians(self) -> None:
        """No clinician is in two places, or works too long."""
        weights, grid = self.problem.weights, self.problem.grid
        for each in self.problem.clinicians:
            self._overlaps("clinician twice at once", each.id, self.work[each.id])
            total = 0
            for busy, idle in self._days(self.work[each.id]):
                total += busy
                if busy > each.max_day:
                    self._break("clinician's day too long", each.id)
                self._wish("clinician_day", each.id)
                waits = max(0, idle - weights.clinician_idle_free)
                self._wish("clinician_idle", each.id, waits)
            if total > each.max_week:
                self._break("clinician's week too long", each.id)
            if each.role is Role.THERAPIST:
                fair = each.max_week // grid * _FAIR_PERCENT // 100
                self._wish("fairness", each.id, max(0, total // grid - fair))

    def _days(self, spans: Iterable[_Named]) -> Iterator[tuple[int, int]]:
        """Busy minutes and idle grid steps of each day."""
        days: defaultdict[int, list[_Named]] = defaultdict(list)
        for each in spans:
            days[each[0] // _A_DAY].append(each)
        for day in days.values():
            busy = sum(end - start for start, end, _ in day)
            whole = max(end for _, end, _ in day) - min(start for start, _, _ in day)
            yield busy, (whole - busy) // self.problem.grid

    def _overlaps(self, rule: str, who: str, spans: list[_Named]) -> None:
        latest, before = -1, ""
        for start, end, what in sorted(spans):
            if start < latest:
                self._break(rule, who, before, what)
            if end > latest:
                latest, before = end, what

    def _told(self) -> Told:
        return self.problem.published or Told()

    def _break(self, rule: str, *where: str) -> None:
        self.broken.append((rule, *where))

    def _wish(self, name: str, who: str, times: int = 1) -> None:
        price = times * getattr(self.problem.weights, name)
        if price:
            self.by_wish[name] += price
            self.payers[name, who] += price


def _inside(span: Span, windows: Iterable[Span]) -> bool:
    """Whether a span lies in windows; those that touch count as one."""
    reached = None
    for start, end in sorted(windows):
        if reached is None or start > reached:
            if start > span[0]:
                return False
            reached = end if end > span[0] else None
        else:
            reached = max(reached, end)
        if reached is not None and reached >= span[1]:
            return True
    return False

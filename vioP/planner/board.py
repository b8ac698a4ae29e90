"""The week while it fills: who is busy when, and how much of their time is taken."""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from vioP.planner.problem import (
    Meeting,
    Need,
    Placement,
    ProblemClinician,
    ProblemParticipant,
    Solution,
    Span,
    WeekProblem,
)


def _nobody() -> defaultdict[str, list[Span]]:
    return defaultdict(list)


@dataclass(slots=True)
class Board:
    """A problem, and the sessions that stand so far.

    Attributes:
        of_clinician: Each clinician's sessions, sorted; meetings are there from the start.
        of_participant: Each participant's sessions, sorted.
        sessions: Every session that needs a room.
        members: Who has a place in each meeting.
        kept_from: Whom each participant must never meet.
    """

    problem: WeekProblem
    clinicians: dict[str, ProblemClinician]
    participants: dict[str, ProblemParticipant]
    of_clinician: defaultdict[str, list[Span]] = field(default_factory=_nobody)
    of_participant: defaultdict[str, list[Span]] = field(default_factory=_nobody)
    sessions: list[Span] = field(default_factory=list)
    members: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    kept_from: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def give(self, meeting: Meeting, participant: str) -> None:
        """Note that a participant has a place in a meeting."""
        self.members[meeting.id].add(participant)
        insort(self.of_participant[participant], (meeting.start, meeting.end))

    def put(self, need: Need, placement: Placement) -> None:
        """Note an appointment."""
        span = (placement.start, placement.end)
        insort(self.of_clinician[placement.clinician], span)
        insort(self.of_participant[need.participant], span)
        self.sessions.append(span)

    def take(self, need: Need, placement: Placement) -> None:
        """Forget an appointment."""
        span = (placement.start, placement.end)
        self.of_clinician[placement.clinician].remove(span)
        self.of_participant[need.participant].remove(span)
        self.sessions.remove(span)

    def full(self) -> list[Span]:
        """The spans in which every room is taken."""
        rooms = self.problem.rooms
        if rooms <= 0:
            return [(-1_000_000, 1_000_000)]
        if len(self.sessions) < rooms:
            return []
        changes = [(start, 1) for start, _ in self.sessions]
        changes += [(end, -1) for _, end in self.sessions]
        spans: list[Span] = []
        taken, since = 0, None
        for at, change in sorted(changes):
            taken += change
            if taken >= rooms and since is None:
                since = at
            elif taken < rooms and since is not None:
                spans.append((since, at))
                since = None
        return [(start, end) for start, end in spans if start < end]


def empty_board(problem: WeekProblem) -> Board:
    """A board on which only the meetings stand, with nobody in them but their hosts."""
    board = Board(
        problem,
        {each.id: each for each in problem.clinicians},
        {each.id: each for each in problem.participants},
    )
    for one, other in problem.apart:
        board.kept_from[one].add(other)
        board.kept_from[other].add(one)
    for meeting in problem.meetings:
        span = (meeting.start, meeting.end)
        board.sessions.append(span)
        for host in set(meeting.hosts):
            insort(board.of_clinician[host], span)
    return board


def board_of(problem: WeekProblem, solution: Solution, *, leaving_out: str) -> Board:
    """A board on which a solution stands, without one need or one place."""
    board = empty_board(problem)
    meetings = {each.id: each for each in problem.meetings}
    needs = {each.id: each for each in problem.needs}
    for place in solution.places:
        if f"{place.meeting}/{place.participant}" != leaving_out:
            board.give(meetings[place.meeting], place.participant)
    for placement in solution.placements:
        if placement.need != leaving_out:
            board.put(needs[placement.need], placement)
    return board


def overlap(span: Span, other: Span) -> int:
    """How many minutes two spans have in common."""
    return max(0, min(span[1], other[1]) - max(span[0], other[0]))


def minutes_in(day: Span, spans: Iterable[Span]) -> int:
    """How many minutes of some sessions lie in a day."""
    begins, ends = day
    return sum(
        min(end, ends) - max(start, begins)
        for start, end in spans
        if start < ends and begins < end
    )

"""Parts of a week that share nobody: each can be planned on its own, at the same time.

Two people are in one pod if a meeting has both, or if one may give the other an
appointment: named for it, of the role, with the language and a licence where the participant
is. So licences and named clinicians separate pods. Only the video rooms are still shared.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from vioP.planner.improve import complete
from vioP.planner.limits import PERSONAL, fixed_limits
from vioP.planner.problem import Need, Solution, Unplaced, WeekProblem
from vioP.planner.verify import verify

Node = tuple[str, str]


def split(problem: WeekProblem) -> tuple[WeekProblem, ...]:
    """The pods of a week, the one with most needs first; the week itself if it is one.

    Every meeting and every need is in exactly one of them. Who has neither is in none.
    """
    pods = _Pods(problem)
    if len(pods.roots) <= 1:
        return (problem,)
    parts = [pods.part(root) for root in pods.roots]
    return tuple(sorted(parts, key=lambda each: -len(each.needs)))


def merge(problem: WeekProblem, solutions: Iterable[Solution]) -> Solution:
    """The week its pods' solutions make together."""
    known = list(solutions)
    return complete(
        problem,
        [placement for each in known for placement in each.placements],
        [place for each in known for place in each.places],
        [left for each in known for left in each.unplaced if "/" in left.need],
    )


def is_sound(problem: WeekProblem, solution: Solution) -> bool:
    """Whether a week's appointments break no rule that its meetings alone do not break.

    Pods are sound each for itself; together they may want more rooms than there are.
    """
    asked = [each.need for each in solution.placements]
    asked += [each.need for each in solution.unplaced]
    missing = tuple(Unplaced(each, ()) for each in asked)
    bare = replace(solution, placements=(), unplaced=missing)
    return set(verify(problem, solution)) <= set(verify(problem, bare))


class _Pods:
    def __init__(self, problem: WeekProblem) -> None:
        self.problem = problem
        self.above: dict[Node, Node] = {}
        for meeting in problem.meetings:
            own = ("meeting", meeting.id)
            self._unite(own, *(("clinician", each) for each in meeting.hosts))
            self._unite(own, *(("participant", each) for each in meeting.attendees))
        for need in problem.needs:
            giving = (("clinician", each) for each in _able(problem, need))
            self._unite(("need", need.id), ("participant", need.participant), *giving)
        kept = [("meeting", each.id) for each in problem.meetings]
        kept += [("need", each.id) for each in problem.needs]
        self.roots = list(dict.fromkeys(map(self._root, kept)))
        self.of: defaultdict[Node, set[Node]] = defaultdict(set)
        for node in list(self.above):
            self.of[self._root(node)].add(node)

    def part(self, root: Node) -> WeekProblem:
        """The problem of one pod, everything in the order of the whole."""
        problem, own = self.problem, self.of[root]
        return replace(
            problem,
            clinicians=tuple(e for e in problem.clinicians if ("clinician", e.id) in own),
            participants=tuple(
                e for e in problem.participants if ("participant", e.id) in own
            ),
            meetings=tuple(e for e in problem.meetings if ("meeting", e.id) in own),
            needs=tuple(e for e in problem.needs if ("need", e.id) in own),
        )

    def _root(self, node: Node) -> Node:
        self.above.setdefault(node, node)
        while self.above[node] != node:
            self.above[node] = self.above[self.above[node]]
            node = self.above[node]
        return node

    def _unite(self, *nodes: Node) -> None:
        first = self._root(nodes[0])
        for each in nodes[1:]:
            self.above[self._root(each)] = first


def _able(problem: WeekProblem, need: Need) -> list[str]:
    """Who may give a need, whatever the hour: named, of the role, understood and licensed."""
    participant = next(
        (each for each in problem.participants if each.id == need.participant), None
    )
    if participant is None:
        return []
    return [
        each.id
        for each in problem.clinicians
        if each.id in need.clinicians
        and all(fixed_limits(need, each, participant)[rule] for rule in PERSONAL)
    ]

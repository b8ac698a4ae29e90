"""From a problem to a week: places first, then what stood last week, then tight needs.

The same problem always gives the same week. Nothing is placed against a hard rule; what
finds no time is handed back with the rules that stood in its way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vioP.planner.board import Board, empty_board
from vioP.planner.choice import Wish
from vioP.planner.limits import fixed_limits, legal, moving_limits, rules_against
from vioP.planner.places import give_places
from vioP.planner.problem import (
    Need,
    Placement,
    ProblemClinician,
    Solution,
    Unplaced,
    WeekProblem,
)
from vioP.planner.starts import Starts, count, holds, shared


def solve(problem: WeekProblem) -> Solution:
    """A week in which no hard rule is broken, and whatever did not fit into it.

    Appointments stay where they were last week if they may. The others are placed in the
    order of how little room they have, and one appointment moves where that makes room.
    """
    board = empty_board(problem)
    places, without_place = give_places(board)
    search = _Search(board, {need.id: need for need in problem.needs})
    search.run()
    left = [
        Unplaced(need.id, rules_against(board, need))
        for need in search.needs.values()
        if need.id not in search.placed
    ]
    return Solution(
        placements=tuple(search.placed[each] for each in sorted(search.placed)),
        places=tuple(sorted(places, key=lambda each: (each.meeting, each.participant))),
        unplaced=tuple(sorted([*without_place, *left], key=lambda each: each.need)),
    )


def preferred(need: Need) -> tuple[str, ...]:
    """Who may give a need, whoever gave it last week first."""
    before = need.previous_clinician
    if before not in need.clinicians:
        return need.clinicians
    return (before, *(each for each in need.clinicians if each != before))


@dataclass(slots=True)
class _Search:
    board: Board
    needs: dict[str, Need]
    placed: dict[str, Placement] = field(default_factory=dict)
    # The lasting rules cannot change while a week is being solved.
    lasting: dict[tuple[str, str], Starts] = field(default_factory=dict)

    def run(self) -> None:
        """Pins first; keep, then place, then make room until nothing more fits."""
        waiting = sorted(self.needs.values(), key=self._room)
        for need in waiting:
            if need.pinned is not None:
                self._place(need, self._who(need))
        for need in self._left(waiting):
            self._keep(need)
        for need in self._left(waiting):
            self._place(need, self._who(need))
        self._make_room(waiting)

    def _left(self, waiting: Iterable[Need]) -> list[Need]:
        return [need for need in waiting if need.id not in self.placed]

    def _make_room(self, waiting: Sequence[Need]) -> None:
        progress = True
        while progress:
            progress = False
            for need in self._left(waiting):
                who = self._who(need)
                if self._place(need, who) or self._swap(need, who):
                    progress = True

    def _room(self, need: Need) -> tuple[int, int, str]:
        grid = self.board.problem.grid
        starts = sum(count(self._openings(need, each), grid) for each in self._who(need))
        return starts, -need.minutes, need.id

    def _who(self, need: Need) -> list[ProblemClinician]:
        if need.participant not in self.board.participants:
            return []
        known = self.board.clinicians
        return [known[each] for each in preferred(need) if each in known]

    def _openings(self, need: Need, clinician: ProblemClinician) -> Starts:
        """The starts that every rule permits now."""
        participant = self.board.participants[need.participant]
        key = (need.id, clinician.id)
        if key not in self.lasting:
            fixed = fixed_limits(need, clinician, participant)
            self.lasting[key] = legal(fixed.values())
        lasting = self.lasting[key]
        if not lasting:
            return lasting
        moving = moving_limits(self.board, need, clinician, participant)
        return shared(lasting, legal(moving.values()))

    def _keep(self, need: Need) -> None:
        """Leave a need where and with whom it was last week, if it may stay."""
        who, start = self._who(need), need.previous
        if not who or start is None or start % self.board.problem.grid:
            return
        if who[0].id == preferred(need)[0] and holds(self._openings(need, who[0]), start):
            self._put(need, who[0].id, start)

    def _place(self, need: Need, who: Sequence[ProblemClinician]) -> bool:
        """Put a need at its best free start with one of some, and say whether it has one."""
        if not who:
            return False
        wish = Wish(
            need,
            self.board.participants[need.participant],
            tuple(self.board.of_participant[need.participant]),
            self.board.problem.grid,
        )
        best = wish.best([self._openings(need, each) for each in who])
        if best is None:
            return False
        order, start = best
        self._put(need, who[order].id, start)
        return True

    def _swap(self, need: Need, who: Sequence[ProblemClinician]) -> bool:
        """Move one appointment elsewhere if that makes room for a need."""
        for other in self._in_the_way(need, who):
            stood = self._lift(other)
            # Without an appointment of somebody else, only its clinician has more room.
            now_free = [
                each
                for each in who
                if each.id == stood.clinician or other.participant == need.participant
            ]
            if self._place(need, now_free):
                if self._place(other, self._who(other)):
                    return True
                self._lift(need)
            self._put(other, stood.clinician, stood.start)
        return False

    def _in_the_way(self, need: Need, who: Sequence[ProblemClinician]) -> list[Need]:
        """The appointments of the same people; those that moved anyway come first."""
        people = {each.id for each in who}
        found = [
            (placement.start == self.needs[each].previous, each)
            for each, placement in self.placed.items()
            if placement.clinician in people
            or self.needs[each].participant == need.participant
        ]
        return [self.needs[each] for _, each in sorted(found)]

    def _put(self, need: Need, clinician: str, start: int) -> None:
        placement = Placement(need.id, clinician, start, start + need.minutes)
        self.board.put(need, placement)
        self.placed[need.id] = placement

    def _lift(self, need: Need) -> Placement:
        placement = self.placed.pop(need.id)
        self.board.take(need, placement)
        return placement

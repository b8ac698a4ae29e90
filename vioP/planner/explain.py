"""Why something stands where it does, or nowhere, in words for a coordinator.

Explanations name people by their identifiers alone.
"""

from dataclasses import dataclass

from vioP.planner.board import board_of
from vioP.planner.explain_need import remedies_for_need, why_not_placed
from vioP.planner.explain_place import remedies_for_place, why_no_place
from vioP.planner.explain_placed import why_here
from vioP.planner.problem import Solution, WeekProblem


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a coordinator is told about one need, or one place in a meeting.

    Attributes:
        need: The need, or the place written ``meeting/participant``.
        reasons: Why it stands where it does, or what stood in its way.
        remedies: What would help; nothing for what is placed.
    """

    need: str
    reasons: tuple[str, ...]
    remedies: tuple[str, ...]


def explain(problem: WeekProblem, solution: Solution, need_id: str) -> Explanation:
    """Why a need, or a place in a meeting, is where it is.

    Args:
        problem: What the week needs.
        solution: A week for it.
        need_id: A need, or a place written ``meeting/participant``.

    Raises:
        KeyError: When the problem asks for no such thing.
    """
    needs = {each.id: each for each in problem.needs}
    if need_id not in needs:
        return _explain_place(problem, solution, need_id)
    need = needs[need_id]
    board = board_of(problem, solution, leaving_out=need_id)
    for placement in solution.placements:
        if placement.need == need_id:
            return Explanation(need_id, why_here(board, need, placement), ())
    return Explanation(need_id, why_not_placed(board, need), remedies_for_need(board, need))


def _explain_place(problem: WeekProblem, solution: Solution, need_id: str) -> Explanation:
    asked = {
        f"{meeting.id}/{each}": (meeting, each)
        for meeting in problem.meetings
        for each in meeting.attendees
    }
    meeting, participant = asked[need_id]
    board = board_of(problem, solution, leaving_out=need_id)
    taken = {meeting.id: 0 for meeting in problem.meetings}
    for place in solution.places:
        if (place.meeting, place.participant) == (meeting.id, participant):
            return Explanation(
                need_id, (f"{participant} is enrolled and {meeting.id} has a place.",), ()
            )
        taken[place.meeting] += 1
    return Explanation(
        need_id,
        why_no_place(board, meeting, participant, taken),
        remedies_for_place(board, meeting, participant, taken),
    )

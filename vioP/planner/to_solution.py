"""From planned sessions back to a solution, so that what people were told can be scored."""

from collections.abc import Sequence

from vioP.domain.session import PlannedSession
from vioP.planner.from_programme import Statement
from vioP.planner.minutes import minutes_of
from vioP.planner.problem import Place, Placement, Solution, Unplaced


def to_solution(statement: Statement, sessions: Sequence[PlannedSession]) -> Solution:
    """The solution that sessions stand for, as far as the week still needs them.

    It may break rules: what people were told need not be possible any more.
    """
    week, problem = statement.week, statement.problem
    needs = {f"{each.id}:{week.monday}": each for each in problem.needs}
    meetings = {each.id for each in problem.meetings}
    placements, places = [], []
    for session in sessions:
        need = needs.get(session.key)
        if need is not None:
            span = minutes_of(session.starts, week), minutes_of(session.ends, week)
            placements.append(Placement(need.id, session.staff[0], *span))
        elif session.key in meetings:
            places += [Place(session.key, each) for each in session.participants]
    placed = {each.need for each in placements}
    placed |= {f"{each.meeting}/{each.participant}" for each in places}
    asked = [each.id for each in problem.needs]
    asked += [f"{each.id}/{who}" for each in problem.meetings for who in each.attendees]
    missing = tuple(Unplaced(each, ()) for each in sorted(asked) if each not in placed)
    return Solution(tuple(placements), tuple(places), missing)

"""Who could hold a group meeting whose facilitators are away."""

from collections.abc import Iterable

from vioP.planner.places import is_licensed
from vioP.planner.problem import ProblemClinician, Role, Span, WeekProblem


def substitutes(problem: WeekProblem, span: Span, states: Iterable[str]) -> tuple[str, ...]:
    """The therapists who work then, hold no other group, and are licensed for everybody.

    Args:
        problem: The week.
        span: The meeting.
        states: Where its members are.

    Returns:
        The one with the fewest groups first. An appointment they have then would move.
    """
    wanted = set(states)
    held = {
        each.id: [m for m in problem.meetings if each.id in m.hosts]
        for each in problem.clinicians
    }

    def can(each: ProblemClinician) -> bool:
        return (
            each.role is Role.THERAPIST
            and any(a <= span[0] and span[1] <= b for a, b in each.available)
            and not any(m.start < span[1] and span[0] < m.end for m in held[each.id])
            and all(is_licensed(each, state, span) for state in wanted)
        )

    found = [each.id for each in problem.clinicians if can(each)]
    return tuple(sorted(found, key=lambda each: (len(held[each]), each)))

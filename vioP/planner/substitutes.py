"""Who could hold a group meeting whose facilitators are away."""

from collections.abc import Iterable

from vioP.planner.places import may_treat
from vioP.planner.problem import ProblemClinician, Role, Span, WeekProblem


def substitutes(
    problem: WeekProblem, span: Span, members: Iterable[str]
) -> tuple[str, ...]:
    """The therapists who work then, hold no other group, and are licensed for everybody.

    Args:
        problem: The week.
        span: The meeting.
        members: Its participants.

    Returns:
        The one with the fewest groups first. An appointment they have then would move.
    """
    wanted = set(members)
    people = [each for each in problem.participants if each.id in wanted]
    held = {
        each.id: [m for m in problem.meetings if each.id in m.hosts]
        for each in problem.clinicians
    }

    def can(each: ProblemClinician) -> bool:
        return (
            each.role is Role.THERAPIST
            and any(a <= span[0] and span[1] <= b for a, b in each.available)
            and not any(m.start < span[1] and span[0] < m.end for m in held[each.id])
            and all(may_treat(each, person, span) for person in people)
        )

    found = [each.id for each in problem.clinicians if can(each)]
    return tuple(sorted(found, key=lambda each: (len(held[each]), each)))

"""Who could hold a group meeting whose facilitators are away."""

from collections.abc import Iterable
from dataclasses import dataclass

from vioP.planner.places import may_treat
from vioP.planner.problem import Role, Span, WeekProblem


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
    return tuple(
        each.id
        for each in stand_ins(problem, span, wanted)
        if each.is_therapist and each.covers == len(wanted)
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could stand in for one meeting.

    Attributes:
        covers: How many of its people they are licensed for.
        is_therapist: Whether groups are their trade; a prescriber helps in need.
    """

    id: str
    covers: int
    is_therapist: bool


def stand_ins(
    problem: WeekProblem, span: Span, members: Iterable[str]
) -> tuple[Candidate, ...]:
    """Who works then, holds no other group, and is licensed for at least one of the people.

    Returns:
        Whoever is licensed for most of them first; therapists before prescribers, and of
        these the one with the fewest groups. An appointment they have then would move.
    """
    wanted = set(members)
    people = [each for each in problem.participants if each.id in wanted]
    held = {
        each.id: [m for m in problem.meetings if each.id in m.hosts]
        for each in problem.clinicians
    }
    found = [
        Candidate(
            each.id,
            sum(may_treat(each, person, span) for person in people),
            each.role is Role.THERAPIST,
        )
        for each in problem.clinicians
        if any(a <= span[0] and span[1] <= b for a, b in each.available)
        and not any(m.start < span[1] and span[0] < m.end for m in held[each.id])
    ]
    found = [each for each in found if each.covers or not people]
    found.sort(key=lambda e: (-e.covers, not e.is_therapist, len(held[e.id]), e.id))
    return tuple(found)

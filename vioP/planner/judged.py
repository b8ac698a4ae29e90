"""What the judge of a week asks of times and people. The solver uses none of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from vioP.planner.problem import ProblemClinician, ProblemParticipant, Span


@dataclass(frozen=True, slots=True)
class Busy:
    """A session in somebody's week."""

    id: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.id} ({self.start} to {self.end})"


def lies_in_one(start: int, end: int, spans: Iterable[Span]) -> bool:
    """Whether a stretch lies wholly inside one of some spans."""
    return any(opens <= start and end <= closes for opens, closes in spans)


def understands(clinician: ProblemClinician, participant: ProblemParticipant) -> bool:
    """Whether they have a language in common, or an interpreter between them."""
    return participant.interpreter or participant.language in clinician.languages


def may_treat(
    clinician: ProblemClinician, participant: ProblemParticipant, start: int, end: int
) -> bool:
    """Whether a clinician is licensed for where a participant is then."""
    states = {participant.state}
    for travel in participant.travels:
        if travel.span[0] <= start and end <= travel.span[1]:
            states = {travel.state}
        elif travel.span[0] < end and start < travel.span[1]:
            return False  # On the way from one place to another.
    licences = [each for each in clinician.licences if each.state in states]
    return any(lies_in_one(start, end, [each.valid]) for each in licences)


def too_near(who: str, busy: list[Busy], buffer: int) -> Iterator[str]:
    """Every two sessions that are less than a buffer apart."""
    for one, other in combinations(busy, 2):
        if one.start < other.end + buffer and other.start < one.end + buffer:
            yield f"{who} has {one} and {other}, less than {buffer} minutes apart."


def over_a_day(
    who: str, busy: list[Busy], days: Iterable[Span], most: int
) -> Iterator[str]:
    """Every day with more minutes than the most."""
    for opens, closes in days:
        total = 0
        for each in busy:
            total += max(0, min(each.end, closes) - max(each.start, opens))
        if total > most:
            yield f"{who} has {total} minutes on the day {opens} to {closes}, over {most}."

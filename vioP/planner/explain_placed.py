"""Why an appointment stands where it does."""

from datetime import timedelta

from vioP.domain.duration import duration_words
from vioP.planner.board import Board, overlap
from vioP.planner.limits import legal, limits
from vioP.planner.problem import Need, Placement, ProblemClinician, Rule
from vioP.planner.solve import preferred
from vioP.planner.starts import holds


def why_here(board: Board, need: Need, placement: Placement) -> tuple[str, ...]:
    """The reasons for a time and a clinician, on a board without the appointment."""
    reasons = [_why_then(board, need, placement)]
    first = preferred(need)[0]
    if need.previous_clinician not in {None, *need.clinicians}:
        reasons.append(
            f"{need.previous_clinician} gave it last week, but is no longer among those "
            "who may."
        )
    if placement.clinician != first:
        why = _why_not(board, need, first, placement.start)
        reasons.append(f"It is with {placement.clinician} because {why}.")
    return tuple(reasons)


def _why_then(board: Board, need: Need, placement: Placement) -> str:
    if need.previous is None:
        return _why_new(board, need, placement)
    if placement.start == need.previous:
        return f"{need.id} is kept from last week, at the same time."
    why = _why_not(board, need, preferred(need)[0], need.previous)
    away = _how_far(placement.start - need.previous)
    return f"{need.id} is as near to last week's time as was free ({away}), because {why}."


def _why_new(board: Board, need: Need, placement: Placement) -> str:
    participant = board.participants[need.participant]
    clinician = board.clinicians[placement.clinician]
    starts = legal(limits(board, need, clinician, participant).values())
    grid = board.problem.grid
    on_grid = [
        -(-low // grid) * grid for low, high in starts if -(-low // grid) * grid <= high
    ]
    if on_grid[:1] == [placement.start]:
        return f"It is the first time both {participant.id} and {clinician.id} are free."
    span = (placement.start, placement.end)
    days = [day for day in participant.days if overlap(day, span)]
    if any(
        overlap(day, own) for day in days for own in board.of_participant[participant.id]
    ):
        return (
            f"{participant.id} already has a session that day; it is a time near to it at "
            f"which {clinician.id} is free."
        )
    return "It is the time that was left when other appointments had been placed."


def _why_not(board: Board, need: Need, who: str, start: int) -> str:
    """Why a need is not with somebody at a start."""
    clinician = board.clinicians.get(who)
    if clinician is None:
        return f"{who} is not among this week's clinicians"
    if start % board.problem.grid:
        return f"last week's time is off the {board.problem.grid} minute grid"
    participant = board.participants[need.participant]
    for rule, starts in limits(board, need, clinician, participant).items():
        if not holds(starts, start):
            return clause(rule, need, clinician, participant.where)
    return "another appointment needed the room that this left"


def clause(rule: Rule, need: Need, clinician: ProblemClinician, state: str) -> str:
    """Why a rule forbids a need with somebody at a time, in half a sentence."""
    who, person = clinician.id, need.participant
    clauses = {
        Rule.ROLE: f"{who} is no {need.role}",
        Rule.LANGUAGE: f"{who} does not speak {person}'s language",
        Rule.LICENCE: f"{who} holds no licence for {state} then",
        Rule.ENROLLMENT: f"{person} is not enrolled then",
        Rule.PIN: "it is pinned to another time",
        Rule.PARTICIPANT_HOURS: f"{person} is not available then",
        Rule.CLINICIAN_HOURS: f"{who} does not work then",
        Rule.CLINICIAN_OVERLAP: f"{who} is busy then",
        Rule.PARTICIPANT_OVERLAP: f"{person} is in another session then",
        Rule.CLINICIAN_DAY: f"{who} would pass the daily maximum",
        Rule.CLINICIAN_WEEK: f"{who} would pass the weekly maximum",
        Rule.PARTICIPANT_DAY: f"{person} would pass the daily maximum",
        Rule.ROOMS: "every video room is taken then",
    }
    return clauses[rule]


def _how_far(minutes: int) -> str:
    size = duration_words(timedelta(minutes=abs(minutes)))
    return f"{size} {'later' if minutes > 0 else 'earlier'}"

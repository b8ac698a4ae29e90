"""Who gets a place in which meeting. Meetings are fixed; only their places are decided."""

from collections.abc import Iterable

from vioP.planner.board import Board, overlap
from vioP.planner.problem import (
    Coverage,
    Meeting,
    Place,
    ProblemClinician,
    ProblemParticipant,
    Rule,
    Span,
    Unplaced,
)


def give_places(board: Board) -> tuple[list[Place], list[Unplaced]]:
    """Give every attendee a place, or say which rules stand in the way.

    Earlier meetings come first. Within a meeting guests come last, and the order of
    identifiers decides.
    """
    places: list[Place] = []
    unplaced: list[Unplaced] = []
    for meeting in sorted(board.problem.meetings, key=lambda each: (each.start, each.id)):
        taken = 0
        guests = set(meeting.guests)
        for participant in sorted(set(meeting.attendees), key=lambda e: (e in guests, e)):
            rules = rules_against_place(board, meeting, participant, taken)
            if rules:
                unplaced.append(Unplaced(f"{meeting.id}/{participant}", rules))
                continue
            board.give(meeting, participant)
            places.append(Place(meeting.id, participant))
            taken += 1
    return places, unplaced


def rules_against_place(
    board: Board, meeting: Meeting, participant_id: str, taken: int
) -> tuple[Rule, ...]:
    """The rules that keep somebody out of a meeting, given how many are in it."""
    participant = board.participants.get(participant_id)
    if participant is None:
        return (Rule.ENROLLMENT,)
    span = (meeting.start, meeting.end)
    own = board.of_participant[participant_id]
    here = board.members[meeting.id]
    kept = {
        **{rule: False for who, rule in meeting.barred if who == participant_id},
        **_kept_by_hosts(board, meeting, participant),
        Rule.APART: not any(each in here for each in board.kept_from[participant_id]),
        Rule.PARTICIPANT_OVERLAP: not clashing(own, span, board.problem.participant_buffer),
        Rule.PARTICIPANT_DAY: minutes_on_day(participant, own, span) <= participant.max_day,
        Rule.CAPACITY: taken < meeting.capacity,
    }
    return tuple(rule for rule, is_kept in kept.items() if not is_kept)


def may_treat(
    clinician: ProblemClinician, participant: ProblemParticipant, span: Span
) -> bool:
    """Whether a clinician is licensed for a whole span where a participant is then."""
    return any(
        stay.span[0] <= span[0]
        and span[1] <= stay.span[1]
        and is_licensed(clinician, stay.state, span)
        for stay in participant.stays
    )


def is_licensed(clinician: ProblemClinician, state: str, span: Span) -> bool:
    """Whether one of a clinician's licences for a state covers a whole span."""
    return any(
        each.state == state and each.valid[0] <= span[0] and span[1] <= each.valid[1]
        for each in clinician.licences
    )


def clashing(busy: Iterable[Span], span: Span, gap: int) -> list[Span]:
    """The sessions that a span overlaps or comes too near to."""
    return [each for each in busy if each[0] < span[1] + gap and span[0] < each[1] + gap]


def minutes_on_day(participant: ProblemParticipant, own: Iterable[Span], span: Span) -> int:
    """How many minutes the fullest day that a span touches would have with it."""
    taken = [*own, span]
    return max(
        (
            sum(overlap(day, each) for each in taken)
            for day in participant.days
            if overlap(day, span)
        ),
        default=0,
    )


def _kept_by_hosts(
    board: Board, meeting: Meeting, participant: ProblemParticipant
) -> dict[Rule, bool]:
    hosts = [board.clinicians[each] for each in meeting.hosts if each in board.clinicians]
    if not hosts:
        return {Rule.CLINICIAN_UNKNOWN: False}
    span = (meeting.start, meeting.end)
    licensed = {each.id for each in hosts if may_treat(each, participant, span)}
    return {
        Rule.LICENCE: _is_covered(meeting, licensed, board.problem.coverage),
        Rule.LANGUAGE: participant.interpreter
        or any(participant.language in each.languages for each in hosts),
    }


def _is_covered(meeting: Meeting, licensed: set[str], coverage: Coverage) -> bool:
    match coverage:
        case Coverage.ANY:
            return bool(licensed)
        case Coverage.LEAD:
            return meeting.hosts[0] in licensed
        case Coverage.ALL:
            return licensed.issuperset(meeting.hosts)

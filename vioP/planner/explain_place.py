"""Why somebody has no place in a meeting, and what would give them one."""

from collections.abc import Mapping

from vioP.planner.board import Board
from vioP.planner.places import (
    clashing,
    may_treat,
    minutes_on_day,
    rules_against_place,
)
from vioP.planner.problem import Coverage, Meeting, ProblemParticipant, Rule
from vioP.planner.starts import holds, inside

MOST_NAMED = 3
LICENSED = {
    Coverage.ANY: "None of {hosts} holds a licence",
    Coverage.LEAD: "The first of {hosts} holds no licence",
    Coverage.ALL: "Not all of {hosts} hold a licence",
}


def why_no_place(
    board: Board, meeting: Meeting, participant: str, taken: Mapping[str, int]
) -> tuple[str, ...]:
    """Every rule that keeps somebody out of a meeting, in words."""
    rules = rules_against_place(board, meeting, participant, taken[meeting.id])
    person = board.participants.get(participant)
    if person is None:
        return (f"{participant} is not among this week's participants.",)
    if not rules:
        return (f"{participant} fits into {meeting.id} now.",)
    return tuple(_reason(board, meeting, person, rule, taken[meeting.id]) for rule in rules)


def remedies_for_place(
    board: Board, meeting: Meeting, participant: str, taken: Mapping[str, int]
) -> tuple[str, ...]:
    """What would give somebody a place, counted on the board as it stands."""
    rules = rules_against_place(board, meeting, participant, taken[meeting.id])
    person = board.participants.get(participant)
    if person is None:
        return (f"Add {participant} to the program, or end the enrollment.",)
    if not rules:
        return ("Build the week again.",)
    found = (_remedy(board, meeting, person, rule, taken) for rule in rules)
    return tuple(dict.fromkeys(found))


def _reason(
    board: Board, meeting: Meeting, person: ProblemParticipant, rule: Rule, taken: int
) -> str:
    span, own = (meeting.start, meeting.end), board.of_participant[person.id]
    hosts = f"the hosts of {meeting.id} ({', '.join(meeting.hosts)})"
    licence = LICENSED[board.problem.coverage].format(hosts=hosts)
    near = len(clashing(own, span, board.problem.participant_buffer))
    reasons = {
        Rule.CLINICIAN_UNKNOWN: f"Nobody who hosts {meeting.id} is among this week's "
        "clinicians.",
        Rule.LICENCE: f"{licence} for {person.where_in(span)} then.",
        Rule.LANGUAGE: f"None of {hosts} speaks {person.language}.",
        Rule.PARTICIPANT_OVERLAP: f"{person.id} is in {near} other "
        f"session{'' if near == 1 else 's'} at the time of {meeting.id}.",
        Rule.PARTICIPANT_DAY: f"{meeting.id} would bring {person.id} to "
        f"{minutes_on_day(person, own, span)} minutes that day; the most is "
        f"{person.max_day}.",
        Rule.CAPACITY: f"{_named(meeting)} is full ({taken} of {meeting.capacity}).",
        Rule.APART: f"{person.id} is kept apart from somebody in {meeting.id}.",
        Rule.PHASE: f"{meeting.id} is for a phase that is not open to {person.id}.",
        Rule.WINDOW: f"{meeting.id} is outside the hours of the program's day where "
        f"{person.id} is.",
        Rule.UNITS: f"No authorized unit is left for {person.id} on that day.",
        Rule.TOO_FEW: f"{_named(meeting)} is not held for {len(meeting.attendees)}; the "
        f"program asks for at least {meeting.minimum}.",
    }
    return reasons[rule]


def _remedy(
    board: Board,
    meeting: Meeting,
    person: ProblemParticipant,
    rule: Rule,
    taken: Mapping[str, int],
) -> str:
    match rule:
        case Rule.CLINICIAN_UNKNOWN | Rule.LICENCE | Rule.LANGUAGE:
            return _another_host(board, meeting, person)
        case Rule.PHASE:
            head = f"Note that a clinician opened the phase to {person.id}"
        case Rule.UNITS:
            head = f"Ask {person.id}'s payer for a review"
        case Rule.APART | Rule.WINDOW | Rule.TOO_FEW:
            return (
                f"Offer {person.id} another cohort"
                f"{_another_meeting(board, meeting, person, taken)}."
            )
        case Rule.CAPACITY:
            head = f"Raise the capacity of {meeting.id}"
        case Rule.PARTICIPANT_DAY:
            head = f"Raise {person.id}'s daily maximum"
        case _:
            head = f"End one of {person.id}'s enrollments that meet at the same time"
    return f"{head}{_another_meeting(board, meeting, person, taken)}."


def _another_host(board: Board, meeting: Meeting, person: ProblemParticipant) -> str:
    """Who could host beside or instead of the hosts, and works and is free then."""
    span, gap = (meeting.start, meeting.end), board.problem.clinician_buffer
    found = [
        each.id
        for each in board.clinicians.values()
        if each.id not in meeting.hosts
        and may_treat(each, person, span)
        and (person.interpreter or person.language in each.languages)
        and holds(inside(each.available, span[1] - span[0]), span[0])
        and not clashing(board.of_clinician[each.id], span, gap)
    ]
    wanted = f"licensed in {person.where_in(span)}"
    if not person.interpreter:
        wanted += f" who speaks {person.language}"
    if not found:
        return f"Nobody else {wanted} is free then: offer {person.id} another cohort."
    named = ", ".join(sorted(found)[:MOST_NAMED])
    return f"Add one of these as a host, each free then and {wanted}: {named}."


def _another_meeting(
    board: Board, meeting: Meeting, person: ProblemParticipant, taken: Mapping[str, int]
) -> str:
    """Other meetings that somebody could join, the nearest in time first."""
    open_to = [
        each
        for each in board.problem.meetings
        if person.id not in each.attendees
        and not rules_against_place(board, each, person.id, taken[each.id])
    ]
    open_to.sort(key=lambda each: (abs(each.start - meeting.start), each.id))
    if not open_to:
        return ""
    named = ", ".join(
        f"{each.id} ({taken[each.id]} of {each.capacity})" for each in open_to[:MOST_NAMED]
    )
    return f", or offer {person.id} a place in {named}"


def _named(meeting: Meeting) -> str:
    # A meeting is identified by its cohort and its day; other identifiers stay as they are.
    return meeting.id.replace(":", " on ", 1)

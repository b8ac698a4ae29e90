"""Why an appointment found no time, and what would find it one."""

from collections.abc import Iterator
from dataclasses import dataclass

from vioP.planner.board import Board
from vioP.planner.explain_placed import clause
from vioP.planner.limits import PERSONAL, legal, limits
from vioP.planner.problem import Need, ProblemClinician, ProblemParticipant, Rule
from vioP.planner.starts import EVER, count, shared

# The order in which a week is narrowed down: whose hours meet, then who is busy.
NARROWING = (
    Rule.PARTICIPANT_HOURS,
    Rule.ENROLLMENT,
    Rule.PIN,
    Rule.CLINICIAN_HOURS,
    Rule.LICENCE,
    Rule.CLINICIAN_WEEK,
    Rule.CLINICIAN_OVERLAP,
    Rule.CLINICIAN_DAY,
    Rule.PARTICIPANT_OVERLAP,
    Rule.PARTICIPANT_DAY,
    Rule.ROOMS,
)
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class _Obstacle:
    """The rule that left a need no start with one clinician.

    Attributes:
        left: How many starts there were until this rule took them.
        never: Whether the clinician could not give it at any hour of the week.
    """

    rule: Rule
    clinician: ProblemClinician
    left: int
    never: bool


def why_not_placed(board: Board, need: Need) -> tuple[str, ...]:
    """What stood in the way, clinician by clinician."""
    participant = board.participants.get(need.participant)
    if participant is None:
        return (f"{need.participant} is not among this week's participants.",)
    if not need.clinicians:
        return (f"No clinician is named for {need.id}.",)
    reasons: list[str] = []
    for each in need.clinicians:
        clinician = board.clinicians.get(each)
        if clinician is None:
            reasons.append(f"{each} is not among this week's clinicians.")
            continue
        free = _free(board, need, clinician, participant)
        if free:
            reasons.append(f"{need.id} fits now: {each} has {_starts(free)} for it.")
        reasons.extend(
            _reason(board, need, participant, obstacle)
            for obstacle in _obstacles(board, need, clinician, participant)
        )
    return tuple(dict.fromkeys(reasons))


def remedies_for_need(board: Board, need: Need) -> tuple[str, ...]:
    """What would find it a time, counted on the board as it stands."""
    participant = board.participants.get(need.participant)
    if participant is None:
        return (
            f"Add {need.participant} to the program, or end the service plan {need.id}.",
        )
    known = [board.clinicians[each] for each in need.clinicians if each in board.clinicians]
    if any(_free(board, need, each, participant) for each in known):
        return ("Build the week again.",)
    obstacles = [
        each
        for clinician in known
        for each in _obstacles(board, need, clinician, participant)
    ]
    remedies: list[str] = []
    if len(known) < len(need.clinicians) or not known or any(e.never for e in obstacles):
        remedies.append(_choose(board, need, participant))
    remedies.extend(_interpreter(obstacles, participant))
    others = _let_another(board, need, participant)
    remedies.extend(
        f"{_change(board, need, each)}{others}." for each in obstacles if not each.never
    )
    return tuple(dict.fromkeys(remedies))


def suitable(
    board: Board, need: Need, participant: ProblemParticipant
) -> list[tuple[str, int]]:
    """Others with the role, the language and the licence, and how many starts are free."""
    found: list[tuple[str, int]] = []
    for clinician in board.clinicians.values():
        table = limits(board, need, clinician, participant)
        if clinician.id not in need.clinicians and all(table[rule] for rule in PERSONAL):
            free = count(legal(table.values()), board.problem.grid)
            found.append((clinician.id, free))
    return sorted(found, key=lambda each: (-each[1], each[0]))


def _free(
    board: Board, need: Need, clinician: ProblemClinician, participant: ProblemParticipant
) -> int:
    starts = legal(limits(board, need, clinician, participant).values())
    return count(starts, board.problem.grid)


def _obstacles(
    board: Board, need: Need, clinician: ProblemClinician, participant: ProblemParticipant
) -> list[_Obstacle]:
    table = limits(board, need, clinician, participant)
    personal = [rule for rule in PERSONAL if not table[rule]]
    if personal:
        return [_Obstacle(rule, clinician, 0, never=True) for rule in personal]
    starts, left = EVER, 0
    for rule in NARROWING:
        starts = shared(starts, table[rule])
        remaining = count(starts, board.problem.grid)
        if not remaining:
            return [_Obstacle(rule, clinician, left, never=False)]
        left = remaining
    return []


def _personal_reason(
    need: Need, participant: ProblemParticipant, rule: Rule, clinician: ProblemClinician
) -> str:
    who = clinician.id
    reasons = {
        Rule.ROLE: f"{who} is a {clinician.role}; {need.id} needs a {need.role}.",
        Rule.LANGUAGE: f"{who} does not speak {participant.id}'s {participant.language}.",
        Rule.LICENCE: f"{who} holds no licence for {participant.where} in this week.",
    }
    return reasons[rule]


def _reason(
    board: Board, need: Need, participant: ProblemParticipant, obstacle: _Obstacle
) -> str:
    clinician, person, state = obstacle.clinician, participant.id, participant.where
    if obstacle.never:
        return _personal_reason(need, participant, obstacle.rule, clinician)
    if need.pinned is not None and obstacle.rule is not Rule.PIN:
        because = clause(obstacle.rule, need, clinician, state)
        return f"{need.id} is pinned to a time when {because.removesuffix(' then')}."
    who, minutes = clinician.id, need.minutes
    starts = _starts(obstacle.left)
    at_each = f"at each of the {starts}" if obstacle.left > 1 else "at the only free start"
    reasons = {
        Rule.LICENCE: f"{who}'s licence for {state} covers none of {starts} they share.",
        Rule.PARTICIPANT_HOURS: f"{person} has no {minutes} minutes of hours this week.",
        Rule.ENROLLMENT: f"{person} is enrolled for no {minutes} minutes of their hours.",
        Rule.PIN: f"{need.id} is pinned to a time outside {person}'s hours.",
        Rule.CLINICIAN_HOURS: f"{who}'s hours and {person}'s share no {minutes} minutes.",
        Rule.CLINICIAN_WEEK: f"{who} would pass {clinician.max_week} minutes in the week.",
        Rule.CLINICIAN_OVERLAP: f"{who} has no free {minutes} minutes inside {person}'s "
        "hours.",
        Rule.CLINICIAN_DAY: f"{who} would pass {clinician.max_day} minutes in the day "
        f"{at_each}.",
        Rule.PARTICIPANT_OVERLAP: f"{person} is in other sessions {at_each} that {who} "
        "has.",
        Rule.PARTICIPANT_DAY: f"{person} would pass {participant.max_day} minutes in the "
        f"day {at_each}.",
        Rule.ROOMS: f"All {board.problem.rooms} video rooms are taken {at_each} that "
        "both have.",
    }
    return reasons[obstacle.rule]


def _change(board: Board, need: Need, obstacle: _Obstacle) -> str:
    """What would have to change for an obstacle to go away, without its full stop."""
    who, person = obstacle.clinician.id, need.participant
    if need.pinned is not None:
        return f"Take the pin of {need.id} back, or pin another time"
    changes = {
        Rule.ENROLLMENT: f"Check the dates of {person}'s enrollment",
        Rule.PARTICIPANT_HOURS: f"Widen {person}'s hours",
        Rule.LICENCE: f"Renew {who}'s licence",
        Rule.CLINICIAN_WEEK: f"Raise {who}'s weekly maximum",
        Rule.CLINICIAN_DAY: f"Raise {who}'s daily maximum",
        Rule.PARTICIPANT_DAY: f"Raise {person}'s daily maximum",
        Rule.ROOMS: f"Allow more than {board.problem.rooms} video rooms",
    }
    widen = f"Widen {person}'s hours or {who}'s working hours"
    return changes.get(obstacle.rule, widen)


def _let_another(board: Board, need: Need, participant: ProblemParticipant) -> str:
    free = [each for each in suitable(board, need, participant) if each[1]]
    if not free:
        return ""
    who, starts = free[0]
    return f", or let {who} (licensed, {_starts(starts)}) take it"


def _choose(board: Board, need: Need, participant: ProblemParticipant) -> str:
    wanted = f"{need.role} licensed in {participant.where}"
    if not participant.interpreter:
        wanted += f" who speaks {participant.language}"
    found = suitable(board, need, participant)[:MOST_NAMED]
    if not found:
        return f"There is no other {wanted}: find one, or end the service plan {need.id}."
    named = ", ".join(f"{who} ({_starts(free)})" for who, free in found)
    return f"Choose a {wanted}: {named}."


def _interpreter(
    obstacles: list[_Obstacle], participant: ProblemParticipant
) -> Iterator[str]:
    """An interpreter helps where language is all that somebody lacks."""
    for each in obstacles:
        lacking = [one.rule for one in obstacles if one.clinician is each.clinician]
        if lacking == [Rule.LANGUAGE]:
            who = each.clinician.id
            yield f"Book an interpreter for {participant.id}; then {who} can take it."


def _starts(number: int) -> str:
    return f"{number or 'no'} free start{'' if number == 1 else 's'}"

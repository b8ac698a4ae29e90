"""What each hard rule leaves of a week, for one need with one clinician.

Every rule answers with the starts it permits. A start is legal when all of them permit it,
and a rule that leaves nothing is the reason why something is unplaced.
"""

from collections import Counter
from collections.abc import Iterable
from functools import reduce

from vioP.planner.board import Board, minutes_in
from vioP.planner.problem import (
    Need,
    ProblemClinician,
    ProblemParticipant,
    Rule,
    Span,
)
from vioP.planner.starts import (
    EVER,
    NEVER,
    Range,
    Starts,
    apart,
    count,
    either,
    inside,
    shared,
    without,
)

# Whether these are kept depends on who people are, not on when they meet.
PERSONAL = (Rule.ROLE, Rule.LANGUAGE, Rule.LICENCE)


def fixed_limits(
    need: Need, clinician: ProblemClinician, participant: ProblemParticipant
) -> dict[Rule, Starts]:
    """What rules permit that do not depend on other sessions."""
    licences = (
        (max(each.valid[0], stay.span[0]), min(each.valid[1], stay.span[1]))
        for each in clinician.licences
        for stay in participant.stays
        if each.state == stay.state
    )
    understood = participant.interpreter or participant.language in clinician.languages
    return {
        Rule.ROLE: EVER if clinician.role is need.role else NEVER,
        Rule.LANGUAGE: EVER if understood else NEVER,
        Rule.LICENCE: inside(licences, need.minutes),
        Rule.PIN: EVER if need.pinned is None else ((need.pinned, need.pinned),),
        Rule.ENROLLMENT: inside(need.within, need.minutes),
        Rule.PARTICIPANT_HOURS: inside(participant.available, need.minutes),
        Rule.CLINICIAN_HOURS: inside(clinician.available, need.minutes),
    }


def moving_limits(
    board: Board, need: Need, clinician: ProblemClinician, participant: ProblemParticipant
) -> dict[Rule, Starts]:
    """What rules permit that depend on the sessions which stand."""
    problem, minutes = board.problem, need.minutes
    theirs = board.of_clinician[clinician.id]
    own = board.of_participant[participant.id]
    week = sum(end - start for start, end in theirs) + minutes
    return {
        Rule.CLINICIAN_OVERLAP: apart(theirs, minutes, problem.clinician_buffer),
        Rule.PARTICIPANT_OVERLAP: apart(own, minutes, problem.participant_buffer),
        Rule.CLINICIAN_DAY: _in_days(clinician.days, theirs, clinician.max_day, minutes),
        Rule.CLINICIAN_WEEK: EVER if week <= clinician.max_week else NEVER,
        Rule.PARTICIPANT_DAY: _in_days(participant.days, own, participant.max_day, minutes),
        Rule.ROOMS: apart(board.full(), minutes),
    }


def limits(
    board: Board, need: Need, clinician: ProblemClinician, participant: ProblemParticipant
) -> dict[Rule, Starts]:
    """What every rule permits, the lasting ones first."""
    return {
        **fixed_limits(need, clinician, participant),
        **moving_limits(board, need, clinician, participant),
    }


def legal(permitted: Iterable[Starts]) -> Starts:
    """The starts that all rules permit."""
    return reduce(shared, permitted, EVER)


def rules_against(board: Board, need: Need) -> tuple[Rule, ...]:
    """The rules that stand in a need's way, the one that rejects most starts first.

    Where nobody who may give it has the role, the language and the licence, those are the
    answer: no other hour would help. Otherwise the starts counted are those that lie in the
    hours of the participant or of the clinician, because nobody asks about the night.
    """
    participant = board.participants.get(need.participant)
    if participant is None:
        return (Rule.ENROLLMENT,)
    known = [board.clinicians[each] for each in need.clinicians if each in board.clinicians]
    if not known:
        return (Rule.CLINICIAN_UNKNOWN,)
    tables = [limits(board, need, each, participant) for each in known]
    personal = [[rule for rule in PERSONAL if table[rule] == NEVER] for table in tables]
    if all(personal):
        return _most_frequent(Counter(rule for rules in personal for rule in rules))
    rejected: Counter[Rule] = Counter()
    for table in tables:
        rejected.update(_rejections(table, board.problem.grid))
    return _most_frequent(rejected) or (Rule.GRID,)


def _rejections(table: dict[Rule, Starts], grid: int) -> dict[Rule, int]:
    asked = either(table[Rule.PARTICIPANT_HOURS], table[Rule.CLINICIAN_HOURS])
    if asked == NEVER:
        return {Rule.PARTICIPANT_HOURS: 1, Rule.CLINICIAN_HOURS: 1}
    most = count(asked, grid)
    return {rule: most - count(shared(asked, left), grid) for rule, left in table.items()}


def _most_frequent(rejected: Counter[Rule]) -> tuple[Rule, ...]:
    order = list(Rule)
    found = [rule for rule, times in rejected.items() if times]
    return tuple(sorted(found, key=lambda rule: (-rejected[rule], order.index(rule))))


def _in_days(days: Iterable[Span], busy: list[Span], most: int, minutes: int) -> Starts:
    """The starts that bring no day over its maximum; a session may touch two days."""
    barred: list[Range] = []
    for day in days:
        begins, ends = day
        left = max(0, most - minutes_in(day, busy))
        if min(minutes, ends - begins) > left:
            barred.append((begins + left - minutes + 1, ends - left - 1))
    return without(EVER, barred)

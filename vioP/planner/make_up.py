"""A day that is not held: when in the same counted week it could be, and who could come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from vioP.domain.arrangement import MakeUp
from vioP.domain.program import WEEKDAYS
from vioP.planner.arranged import Arranged
from vioP.planner.board import Board, empty_board
from vioP.planner.from_programme import Statement
from vioP.planner.meetings import HeldMeeting, days_held, made_up, planned_meetings
from vioP.planner.minutes import minutes_of
from vioP.planner.places import clashing, give_places, rules_against_place
from vioP.planner.problem import Meeting, Span
from vioP.planner.starts import holds, inside

_MOST_OPTIONS = 3
_HALF_HOUR = timedelta(minutes=30)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Option:
    """When a missed day could be made up for, and how many of its people could come."""

    make_up: MakeUp
    comers: int


@dataclass(frozen=True, slots=True)
class MissedDay:
    """A meeting that is not held on its day, with the best options first."""

    meeting: HeldMeeting
    options: tuple[Option, ...]

    def in_words(self) -> str:
        """The missed day and its best option, for a coordinator."""
        missed = f"{_named(self.meeting.day)} is not held."
        if not self.options:
            return f"{missed} No other time of the counted week suits its facilitators."
        best = self.options[0]
        return (
            f"{missed} It could be held on {_named(best.make_up.day)} at "
            f"{best.make_up.at:%H:%M}: {best.comers} of {len(self.meeting.attendees)} people "
            "can come. Arrange it under Arrangements."
        )


def missed_days(statement: Statement) -> tuple[MissedDay, ...]:
    """The week's meetings that are not held and not made up for.

    A day counts in the payer's week; so only days of the same counted week are offered.
    """
    missed = not_held(statement.arranged, statement.meetings)
    if not missed:
        return ()
    board = empty_board(statement.problem)
    give_places(board)
    return tuple(MissedDay(each, _options(statement, board, each)) for each in missed)


def not_held(
    arranged: Arranged, meetings: Sequence[HeldMeeting]
) -> tuple[HeldMeeting, ...]:
    """Which planned meetings are neither among those that are held nor made up for."""
    done = {
        (each.cohort_id, each.instead_of) for each in arranged.arrangements.make_ups
    } | days_held(meetings)
    return tuple(
        each
        for each in planned_meetings(arranged)
        if (each.cohort.id, each.day) not in done
    )


def _options(statement: Statement, board: Board, missed: HeldMeeting) -> tuple[Option, ...]:
    found = []
    now = statement.arranged.now
    for make_up in _candidates(statement, missed):
        for meeting in made_up(statement.arranged, make_up):
            if now is not None and meeting.starts <= now:
                continue
            comers = _comers(statement, board, meeting)
            if comers:
                found.append(Option(make_up, comers))
    usual = missed.cohort.at

    def order(option: Option) -> tuple[int, bool, int, date, time]:
        make_up = option.make_up
        far = abs((make_up.day - missed.day).days)
        return (-option.comers, make_up.at != usual, far, make_up.day, make_up.at)

    # One time a day is offered: somebody who cannot come on a day cannot come half an hour on.
    best: dict[date, Option] = {}
    for option in sorted(found, key=order):
        best.setdefault(option.make_up.day, option)
    return tuple(best.values())[:_MOST_OPTIONS]


def _candidates(statement: Statement, missed: HeldMeeting) -> Iterator[MakeUp]:
    """Every half hour of the other days of the counted week on which the cohort is free."""
    program = statement.arranged.programme.program
    cohort = missed.cohort
    first = missed.day - timedelta(
        days=(missed.day.weekday() - program.policy.week_starts) % _WEEK
    )
    opens, closes = program.policy.participant_window
    for number in range(_WEEK):
        day = statement.week.monday + timedelta(days=number)
        counted = first <= day < first + timedelta(days=_WEEK)
        if not counted or day in program.holidays or day.weekday() in cohort.days:
            continue
        at = datetime.combine(day, opens)
        times = {cohort.at}
        while at + cohort.length <= datetime.combine(day, closes):
            times.add(at.time())
            at += _HALF_HOUR
        for start in sorted(times):
            yield MakeUp(cohort.id, missed.day, day, start)


def _comers(statement: Statement, board: Board, meeting: HeldMeeting) -> int:
    """How many could come; none if no facilitator is free, or no room."""
    problem, week = statement.problem, statement.week
    span: Span = (minutes_of(meeting.starts, week), minutes_of(meeting.ends, week))
    hosts = tuple(
        each
        for each in meeting.cohort.facilitators
        if each in board.clinicians
        and holds(inside(board.clinicians[each].available, span[1] - span[0]), span[0])
        and not clashing(board.of_clinician[each], span, problem.clinician_buffer)
    )
    if not hosts or clashing(board.full(), span, 0):
        return 0
    tried = Meeting(meeting.id, *span, hosts, meeting.attendees, meeting.cohort.capacity, 1)
    people = board.participants
    return sum(
        not rules_against_place(board, tried, each, 0)
        and holds(inside(people[each].available, span[1] - span[0]), span[0])
        for each in meeting.attendees
    )


def _named(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()].capitalize()} {day}"

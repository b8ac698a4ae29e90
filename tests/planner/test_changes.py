"""What a draft changes says whether it had to, and what a week asks of people."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from tests.make import programme
from vioP.domain.arrangement import MovedMeeting, arranged
from vioP.domain.programme import Programme
from vioP.domain.session import PlannedSession
from vioP.domain.time import Week
from vioP.planner.changes import What, changes
from vioP.planner.from_programme import Circumstances, state
from vioP.planner.solve import solve
from vioP.planner.to_plan import to_plan
from vioP.planner.wishes import wishes

WEEK = Week(date(2026, 3, 9))


def planned(stated: Programme) -> tuple[PlannedSession, ...]:
    statement = state(WEEK, stated, Circumstances({}))
    return to_plan(statement, solve(statement.problem), stated, "").sessions


@pytest.fixture
def told() -> tuple[Programme, tuple[PlannedSession, ...]]:
    stated = programme()
    sessions = planned(stated)
    assert [each for each in sessions if each.cohort_id is None]
    return stated, sessions


def test_nothing_changes_in_the_same_week(told):
    stated, sessions = told
    assert changes(state(WEEK, stated, Circumstances({})), sessions, sessions) == ()


def test_what_could_have_stayed_is_chosen_and_what_could_not_is_forced(told):
    stated, sessions = told
    own = next(each for each in sessions if each.cohort_id is None)
    later = replace(
        own,
        starts=own.starts + timedelta(minutes=60),
        ends=own.ends + timedelta(minutes=60),
    )
    after = tuple(later if each is own else each for each in sessions)
    statement = state(WEEK, stated, Circumstances({}))
    [chosen] = changes(statement, sessions, after)
    assert (chosen.what, chosen.why) == (What.MOVED, ())

    problem = statement.problem
    away = replace(
        statement,
        problem=replace(
            problem,
            clinicians=tuple(replace(each, available=()) for each in problem.clinicians),
        ),
    )
    [forced] = changes(away, sessions, after)
    assert forced.why == ("the clinician does not work then",)


def test_new_gone_and_other_people_are_told_apart(told):
    stated, sessions = told
    statement = state(WEEK, stated, Circumstances({}))
    group = next(each for each in sessions if each.cohort_id is not None)
    fewer = replace(group, participants=group.participants[1:])
    rest = tuple(each for each in sessions if each is not group)
    assert [each.what for each in changes(statement, sessions, rest)] == [What.GONE]
    assert [each.what for each in changes(statement, rest, sessions)] == [What.NEW]
    assert [each.what for each in changes(statement, sessions, (*rest, fewer))] == [
        What.PEOPLE
    ]


def test_a_closed_day_and_a_move_by_hand_are_the_reasons_said(told):
    stated, sessions = told
    group = next(each for each in sessions if each.cohort_id is not None)
    day = group.promise.day
    shut = replace(stated.program, holidays=(day,))
    closed = state(WEEK, replace(stated, program=shut), Circumstances({}))
    move = MovedMeeting(group.cohort_id, day, day, time(13))
    moved = state(WEEK, stated, Circumstances({}, arrangements=arranged([move])))
    later = replace(
        group,
        starts=group.starts + timedelta(hours=4),
        ends=group.ends + timedelta(hours=4),
    )
    rest = tuple(each for each in sessions if each is not group)

    whys = [
        changes(closed, [each], ())[0].why for each in sessions if each.promise.day == day
    ]
    assert set(whys) == {("the day is closed",)}
    [change] = changes(moved, sessions, (*rest, later))
    assert change.why == ("it is moved by hand",)


def test_days_and_waits_are_counted(told):
    _, sessions = told
    group = next(each for each in sessions if each.cohort_id is not None)
    one = replace(group, participants=group.participants[:1], staff=group.staff[:1])
    gap = timedelta(minutes=95)
    after = replace(
        one, key="later", starts=one.ends + gap, ends=one.ends + gap + timedelta(hours=1)
    )
    found = wishes([one, after])
    assert (found.participant_days, found.participant_waits) == (1, 3)
    assert (found.clinician_days, found.clinician_waits) == (1, 1)

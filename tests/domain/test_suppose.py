"""Supposing a change changes what was asked about, in one week, and nothing else."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from tests.make import NINE, WEEK, enrollment, minutes_later, participant, programme
from vioP.domain.availability import Hours, Leave
from vioP.domain.errors import Invalid, Missing
from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.suppose import (
    Admitted,
    Away,
    CannotCome,
    Closed,
    Discharged,
    Stretch,
    leave_if,
    suppose,
)
from vioP.domain.time import Instant, later

TUESDAY, THURSDAY = date(2026, 3, 10), date(2026, 3, 12)
P1, C1 = ParticipantId("p1"), StaffId("c1")


def hours_of(stated, who: str) -> list[Hours]:
    people = [*stated.staff, *stated.participants]
    return list(next(each.hours for each in people if each.id == who))


def test_a_clinician_away_would_have_leave_for_these_hours_of_each_day_and_nobody_else():
    before = programme()
    what = Away(C1, Stretch(TUESDAY, THURSDAY, time(10), time(12)))

    assert suppose(before, WEEK, what) == before
    assert leave_if(before, what, minutes_later(-24 * 60)) == {
        C1: tuple(
            Leave(minutes_later(day * 24 * 60 + 60), minutes_later(day * 24 * 60 + 180))
            for day in range(3)
        )
    }
    assert leave_if(before, Closed(TUESDAY), NINE) == {}


def test_whoever_would_be_away_today_has_done_what_is_over():
    whole = Away(C1, Stretch(TUESDAY, TUESDAY))
    hours = Away(C1, Stretch(TUESDAY, TUESDAY, time(8), time(12)))
    over = Away(C1, Stretch(TUESDAY, TUESDAY, time(7), time(8)))

    def starts(what: Away) -> list[Instant]:
        now = later(minutes_later(30), timedelta(seconds=20))
        return [each.starts for each in leave_if(programme(), what, now)[C1]]

    assert starts(whole) == starts(hours) == [minutes_later(30)]
    assert starts(over) == []


def test_a_participant_without_hours_of_their_own_loses_some_of_the_usual_ones():
    what = CannotCome(P1, Stretch(TUESDAY, TUESDAY))

    after = suppose(programme(), WEEK, what)

    assert {each.weekday for each in hours_of(after, "p1")} == {0, 2, 3, 4}


def test_a_participant_who_can_never_come_does_not_get_the_usual_hours_back():
    only = (Hours(1, time(9), time(12)),)
    stated = programme([participant("p1", hours=only)])

    [left] = hours_of(
        suppose(stated, WEEK, CannotCome(P1, Stretch(TUESDAY, TUESDAY))), "p1"
    )

    assert (left.opens, left.closes) == (time(0), time(0, 1))


def test_a_discharge_ends_every_enrollment_after_its_day():
    after = suppose(programme(), WEEK, Discharged(P1, TUESDAY))

    untils = {each.participant_id: each.until for each in after.enrollments}
    assert untils[P1] == date(2026, 3, 11)
    assert untils[ParticipantId("p2")] == enrollment().until
    with pytest.raises(Missing, match="p1"):
        suppose(programme(), WEEK, Discharged(P1, date(2027, 1, 1)))


def test_an_admission_and_a_closed_day():
    stated = replace(programme(), enrollments=())

    admitted = suppose(stated, WEEK, Admitted(P1, CohortId("tidewater"), TUESDAY))
    closed = suppose(stated, WEEK, Closed(TUESDAY))

    assert [each.first for each in admitted.enrollments] == [TUESDAY]
    assert closed.program.holidays == (*stated.program.holidays, TUESDAY)


def test_whoever_would_come_back_keeps_the_stretch_before():
    over = enrollment(first=date(2026, 2, 2), until=TUESDAY)
    stated = replace(programme(), enrollments=(over,))

    back = suppose(stated, WEEK, Admitted(P1, CohortId("tidewater"), TUESDAY))
    again = suppose(back, WEEK, Admitted(P1, CohortId("tidewater"), TUESDAY))

    assert {each.first for each in back.enrollments} == {over.first, TUESDAY}
    assert again == back


@pytest.mark.parametrize(
    "what",
    [
        Away(C1, Stretch(date(2026, 4, 1), date(2026, 4, 2))),
        Closed(date(2026, 4, 1)),
        Admitted(P1, CohortId("tidewater"), date(2026, 3, 16)),
    ],
)
def test_what_would_change_nothing_in_the_week_is_refused(what):
    with pytest.raises(Invalid, match="week of 2026-03-09"):
        suppose(programme(), WEEK, what)


def test_somebody_who_is_not_there_is_missing():
    for what in (
        Away(StaffId("c99"), Stretch(TUESDAY, TUESDAY)),
        CannotCome(ParticipantId("p99"), Stretch(TUESDAY, TUESDAY)),
    ):
        with pytest.raises(Missing, match="99"):
            suppose(programme(), WEEK, what)


@pytest.mark.parametrize(
    ("first", "last", "opens", "closes"),
    [
        (THURSDAY, TUESDAY, None, None),
        (TUESDAY, TUESDAY, time(9), None),
        (TUESDAY, TUESDAY, time(9), time(9)),
    ],
)
def test_a_stretch_that_makes_no_sense_is_refused(first, last, opens, closes):
    with pytest.raises(ValueError, match=r"day|hours"):
        Stretch(first, last, opens, closes)

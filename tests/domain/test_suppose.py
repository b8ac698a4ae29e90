"""Supposing a change changes what was asked about, in one week, and nothing else."""

from dataclasses import replace
from datetime import date, time

import pytest

from tests.make import WEEK, enrollment, participant, programme
from vioP.domain.availability import Hours
from vioP.domain.errors import Invalid, Missing
from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.suppose import (
    Admitted,
    Away,
    CannotCome,
    Closed,
    Discharged,
    Stretch,
    suppose,
)

TUESDAY, THURSDAY = date(2026, 3, 10), date(2026, 3, 12)
P1, C1 = ParticipantId("p1"), StaffId("c1")


def hours_of(stated, who: str) -> list[Hours]:
    people = [*stated.staff, *stated.participants]
    return list(next(each.hours for each in people if each.id == who))


def test_a_clinician_away_loses_those_hours_and_nobody_else_does():
    before = programme()

    after = suppose(before, WEEK, Away(C1, Stretch(TUESDAY, TUESDAY, time(10), time(12))))

    kept = hours_of(before, "c1")
    tuesday = [each for each in kept if each.weekday == 1]
    assert hours_of(after, "c1") == [
        kept[0],
        replace(tuesday[0], closes=time(10)),
        replace(tuesday[0], opens=time(12)),
        *kept[2:],
    ]
    assert hours_of(after, "c2") == hours_of(before, "c2")
    assert replace(after, staff=before.staff) == before


def test_whole_days_away_leave_the_other_days():
    after = suppose(programme(), WEEK, Away(C1, Stretch(TUESDAY, THURSDAY)))

    assert {each.weekday for each in hours_of(after, "c1")} == {0, 4}


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

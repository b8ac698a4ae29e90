"""Patterns and facilitators for the next term."""

from dataclasses import replace
from datetime import date, time

from tests.make import clinician, cohort, participant, programme
from vioP.domain.availability import every_day
from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.people import Licence
from vioP.domain.time import Week
from vioP.planner.template import propose

WEEK = Week(date(2026, 3, 16))


def test_a_cohort_that_suits_everybody_stays():
    plain = programme()
    [found] = propose(plain, WEEK)
    assert not found.is_new
    assert found.after.price == 0


def test_a_cohort_moves_to_hours_its_members_have():
    plain = programme()
    people = tuple(
        replace(each, hours=every_day(time(15), time(20))) for each in plain.participants
    )
    [found] = propose(replace(plain, participants=people), WEEK)
    assert found.before.cannot_come == 2 * len(people)
    assert found.after.cannot_come == 0
    assert found.after.pattern.at >= time(15)
    assert found.after.hosts == found.before.hosts


def test_a_facilitator_licensed_for_everybody_is_found():
    plain = programme()
    people = tuple(replace(each, state="AZ") for each in plain.participants)
    other = clinician("c9", licences=(Licence("AZ"),))
    [found] = propose(
        replace(plain, participants=people, staff=(*plain.staff, other)), WEEK
    )
    assert len(found.before.uncovered) == len(people)
    assert found.after.uncovered == ()
    assert StaffId("c9") in found.after.hosts


def test_no_facilitator_holds_two_cohorts_at_once():
    plain = programme()
    late = replace(
        plain,
        cohorts=(plain.cohorts[0], cohort("ridge", at=time(3))),
        participants=(*plain.participants, participant("p9")),
        enrollments=(
            *plain.enrollments,
            replace(
                plain.enrollments[0],
                id="p9-ridge",
                participant_id=ParticipantId("p9"),
                cohort_id=CohortId("ridge"),
            ),
        ),
    )
    first, second = propose(late, WEEK)
    assert second.is_new
    shared = set(first.after.hosts) & set(second.after.hosts)
    assert shared
    assert not (
        set(first.after.pattern.days) & set(second.after.pattern.days)
        and abs(first.after.pattern.at.hour - second.after.pattern.at.hour) < 2
    )

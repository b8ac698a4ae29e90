"""Each rule, broken on purpose, is found; a sound week is not accused."""

from dataclasses import replace

import pytest

from tests.planner.weeks import (
    DAY,
    MEETING,
    NEED,
    NINE,
    NOON,
    TEN,
    WEEK,
    clinician,
    meeting,
    need,
    participant,
    week,
)
from vioP.planner.problem import (
    Coverage,
    Licence,
    Place,
    Placement,
    Role,
    Rule,
    Solution,
    Stay,
    Unplaced,
)
from vioP.planner.verify import verify

ONE = NOON + 60
PLACEMENT = Placement("n1", "c1", ONE, ONE + 50)
PLACE = Place("m1", "p1")
# A meeting in the morning and an appointment after lunch.
PROBLEM = week(meetings=(MEETING,))
SOLUTION = Solution((PLACEMENT,), (PLACE,), ())


def test_a_sound_week_is_not_accused():
    assert verify(PROBLEM, SOLUTION) == ()


OTHER_PROBLEMS = [
    (Rule.CLINICIAN_HOURS, {"clinicians": (clinician(available=((NINE, ONE),)),)}),
    (Rule.CLINICIAN_HOURS, {"clinicians": (clinician(available=((TEN, 1020),)),)}),
    (Rule.PARTICIPANT_HOURS, {"participants": (participant(available=((NINE, ONE),)),)}),
    (Rule.LICENCE, {"clinicians": (clinician(licences=(Licence("CA", WEEK),)),)}),
    (Rule.LICENCE, {"clinicians": (clinician(licences=(Licence("TX", (0, ONE)),)),)}),
    (Rule.LICENCE, {"clinicians": (clinician(licences=(Licence("TX", (NOON, DAY)),)),)}),
    (Rule.ROLE, {"needs": (need(role=Role.PRESCRIBER),)}),
    (Rule.LANGUAGE, {"participants": (participant(language="es"),)}),
    (Rule.CLINICIAN_OVERLAP, {"clinician_buffer": 61}),
    (Rule.PARTICIPANT_OVERLAP, {"participant_buffer": 61}),
    (Rule.CLINICIAN_DAY, {"clinicians": (clinician(max_day=229),)}),
    (Rule.CLINICIAN_WEEK, {"clinicians": (clinician(max_week=229),)}),
    (Rule.PARTICIPANT_DAY, {"participants": (participant(max_day=229),)}),
    (Rule.ROOMS, {"rooms": 0}),
    (Rule.CAPACITY, {"meetings": (meeting(capacity=0),)}),
    (Rule.ENROLLMENT, {"needs": (need(within=((0, NOON),)),)}),
    (Rule.ENROLLMENT, {"meetings": (meeting(attendees=()),)}),
    (Rule.ENROLLMENT, {"participants": ()}),
    (Rule.ENROLLMENT, {"needs": (NEED, need(id="n2"))}),
    (Rule.ENROLLMENT, {"meetings": (meeting(attendees=("p1", "p2")),)}),
    (Rule.ENROLLMENT, {"meetings": ()}),
    (Rule.ENROLLMENT, {"needs": ()}),
    (Rule.CLINICIAN_UNKNOWN, {"needs": (need(clinicians=()),)}),
    (Rule.CLINICIAN_UNKNOWN, {"meetings": (meeting(hosts=("c1", "c9")),)}),
    (Rule.GRID, {"grid": 7}),
    (Rule.PIN, {"needs": (need(pinned=ONE + 5),)}),
    (Rule.PHASE, {"meetings": (meeting(barred=(("p1", Rule.PHASE),)),)}),
    (Rule.WINDOW, {"meetings": (meeting(barred=(("p1", Rule.WINDOW),)),)}),
    (Rule.UNITS, {"meetings": (meeting(barred=(("p1", Rule.UNITS),)),)}),
    (Rule.TOO_FEW, {"meetings": (meeting(barred=(("p1", Rule.TOO_FEW),)),)}),
    (Rule.LICENCE, {"participants": (participant(travels=(Stay("CA", (0, DAY)),)),)}),
    (Rule.LICENCE, {"participants": (participant(travels=(Stay("TX", (NINE, TEN)),)),)}),
    (Rule.GRID, {"needs": (need(minutes=45),)}),
]


@pytest.mark.parametrize(("rule", "changes"), OTHER_PROBLEMS)
def test_a_week_is_wrong_for_another_problem(rule, changes):
    found = verify(replace(PROBLEM, **changes), SOLUTION)

    assert {each.rule for each in found} == {rule}


OTHER_SOLUTIONS = [
    ({Rule.GRID}, {"placements": (Placement("n1", "c1", ONE + 1, ONE + 51),)}),
    ({Rule.CLINICIAN_UNKNOWN}, {"placements": (Placement("n1", "c9", ONE, ONE + 50),)}),
    (
        {Rule.CLINICIAN_OVERLAP, Rule.PARTICIPANT_OVERLAP},
        {"placements": (Placement("n1", "c1", TEN, TEN + 50),)},
    ),
    ({Rule.CLINICIAN_OVERLAP}, {"placements": (Placement("n1", "c1", NOON, NOON + 50),)}),
    ({Rule.ENROLLMENT}, {"placements": ()}),
    ({Rule.ENROLLMENT}, {"places": ()}),
    ({Rule.ENROLLMENT}, {"places": (PLACE, Place("m1", "p2"))}),
    ({Rule.ENROLLMENT}, {"places": (PLACE, Place("m9", "p1"))}),
    ({Rule.ENROLLMENT}, {"unplaced": (Unplaced("n1", ()),)}),
    ({Rule.ENROLLMENT}, {"unplaced": (Unplaced("m1/p1", ()),)}),
    ({Rule.ENROLLMENT}, {"unplaced": (Unplaced("n9", ()),)}),
]


@pytest.mark.parametrize(("rules", "changes"), OTHER_SOLUTIONS)
def test_another_week_is_wrong_for_the_problem(rules, changes):
    found = verify(PROBLEM, replace(SOLUTION, **changes))

    assert {each.rule for each in found} == rules


def test_an_appointment_twice_is_an_overlap_and_an_answer_too_many():
    found = verify(PROBLEM, replace(SOLUTION, placements=(PLACEMENT, PLACEMENT)))

    assert {each.rule for each in found} == {
        Rule.CLINICIAN_OVERLAP,
        Rule.ENROLLMENT,
        Rule.PARTICIPANT_OVERLAP,
    }


def test_a_host_of_two_meetings_at_once_is_seen_though_nobody_attends():
    meetings = tuple(meeting(id=each, attendees=()) for each in ("m1", "m2"))

    [found] = verify(week(meetings=meetings, needs=()), Solution((), (), ()))

    assert found.rule is Rule.CLINICIAN_OVERLAP
    assert (
        found.what
        == "c1 has m1 (540 to 720) and m2 (540 to 720), less than 10 minutes apart."
    )


@pytest.mark.parametrize(
    ("coverage", "licensed", "is_sound"),
    [
        (Coverage.ANY, "c2", True),
        (Coverage.LEAD, "c1", True),
        (Coverage.LEAD, "c2", False),
        (Coverage.ALL, "c1", False),
    ],
)
def test_coverage_is_checked(coverage, licensed, is_sound):
    problem = week(
        clinicians=tuple(
            clinician(id=each, licences=(Licence("TX", WEEK),) if each == licensed else ())
            for each in ("c1", "c2")
        ),
        meetings=(meeting(hosts=("c1", "c2")),),
        needs=(),
        coverage=coverage,
    )

    found = verify(problem, Solution((), (PLACE,), ()))

    assert [each.rule for each in found] == ([] if is_sound else [Rule.LICENCE])


def test_two_people_who_are_kept_apart_are_not_in_one_meeting():
    problem = week(
        participants=(participant(), participant(id="p2")),
        meetings=(meeting(attendees=("p1", "p2")),),
        needs=(),
        apart=(("p2", "p1"),),
    )

    [found] = verify(problem, Solution((), (PLACE, Place("m1", "p2")), ()))

    assert found.rule is Rule.APART
    assert found.what == "p2 and p1 are both in m1 (540 to 720)."


def test_who_travels_is_treated_by_whoever_is_licensed_there():
    """Licensed at home only in the morning's place: the afternoon is spent elsewhere."""
    traveller = participant(travels=(Stay("CA", (NOON, DAY)),))
    abroad = clinician(licences=(Licence("TX", WEEK), Licence("CA", WEEK)))

    assert verify(replace(PROBLEM, participants=(traveller,)), SOLUTION)
    assert not verify(
        replace(PROBLEM, participants=(traveller,), clinicians=(abroad,)), SOLUTION
    )


def test_a_place_in_a_meeting_wants_a_host_who_is_understood():
    problem = replace(PROBLEM, participants=(participant(language="es"),), needs=())

    [found] = verify(problem, replace(SOLUTION, placements=()))

    assert found.rule is Rule.LANGUAGE
    assert found.what == "p1 in m1 (540 to 720): no host speaks es."


def test_an_appointment_wants_a_clinician_who_is_understood():
    problem = week(participants=(participant(language="es"),))

    [found] = verify(problem, Solution((PLACEMENT,), (), ()))

    assert found.rule is Rule.LANGUAGE
    assert found.what == "n1 (780 to 830): c1 and p1 have no language in common."


def test_minutes_over_midnight_count_on_both_days():
    placement = Placement("n1", "c1", DAY - 40, DAY + 40)
    around = ((DAY - 60, DAY + 60),)
    problem = week(
        clinicians=(clinician(available=around, max_day=40),),
        participants=(participant(available=around, max_day=39),),
        needs=(need(minutes=80),),
    )

    found = verify(problem, Solution((placement,), (), ()))

    assert [each.what for each in found] == [
        "p1 has 40 minutes on the day 0 to 1440, over 39.",
        "p1 has 40 minutes on the day 1440 to 2880, over 39.",
    ]

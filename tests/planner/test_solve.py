"""Each rule keeps something out of the week, and only that rule."""

from dataclasses import replace
from typing import Any

import pytest

from tests.planner.weeks import (
    DAY,
    DAYS,
    ELEVEN,
    FIVE,
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
from vioP.planner.problem import Licence, Placement, Role, Rule, Span
from vioP.planner.solve import solve
from vioP.planner.verify import verify

MORNING = ((NINE, NOON),)
HOUR = ((NINE, TEN),)
FULL_MORNING = meeting(attendees=())
# The participant sits in a meeting of another clinician.
ELSEWHERE = meeting(id="m2", hosts=("c2",))
OTHER = clinician(id="c2")


def both(hours: tuple[Span, ...], **changes: Any) -> dict[str, Any]:
    """The clinician and the participant have the same hours; a second clinician helps."""
    return {
        "clinicians": (clinician(available=hours, **changes), OTHER),
        "participants": (participant(available=hours),),
    }


OBSTACLES = [
    pytest.param(
        Rule.CLINICIAN_HOURS,
        {"clinicians": (clinician(available=((0, 500),)),)},
        id="hours",
    ),
    pytest.param(
        Rule.PARTICIPANT_HOURS,
        {"participants": (participant(available=((NINE, NINE + 30),)),)},
        id="participant's hours",
    ),
    pytest.param(
        Rule.LICENCE,
        {"clinicians": (clinician(licences=(Licence("CA", WEEK),)),)},
        id="licence",
    ),
    pytest.param(
        Rule.LICENCE,
        both(
            HOUR,
            licences=(
                Licence("TX", (0, NINE + 30)),
                Licence("TX", (NINE + 30, DAY)),
            ),
        ),
        id="two licences that meet in the middle",
    ),
    pytest.param(Rule.ROLE, {"needs": (need(role=Role.PRESCRIBER),)}, id="role"),
    pytest.param(
        Rule.LANGUAGE, {"participants": (participant(language="es"),)}, id="language"
    ),
    pytest.param(
        Rule.CLINICIAN_OVERLAP,
        {**both(MORNING), "meetings": (FULL_MORNING,)},
        id="a meeting nobody attends",
    ),
    pytest.param(
        Rule.CLINICIAN_OVERLAP,
        {
            **both(((NINE, NOON + 55),)),
            "meetings": (FULL_MORNING,),
        },
        id="too little time after a meeting",
    ),
    pytest.param(
        Rule.PARTICIPANT_OVERLAP,
        {
            **both(MORNING),
            "meetings": (ELSEWHERE,),
        },
        id="a meeting of the participant",
    ),
    pytest.param(
        Rule.PARTICIPANT_OVERLAP,
        {
            **both(((NINE, NOON + 50),)),
            "meetings": (ELSEWHERE,),
            "participant_buffer": 5,
        },
        id="no pause for the participant",
    ),
    pytest.param(Rule.CLINICIAN_DAY, {"clinicians": (clinician(max_day=45),)}, id="day"),
    pytest.param(Rule.CLINICIAN_WEEK, {"clinicians": (clinician(max_week=45),)}, id="week"),
    pytest.param(
        Rule.PARTICIPANT_DAY, {"participants": (participant(max_day=45),)}, id="their day"
    ),
    pytest.param(Rule.ROOMS, {"rooms": 0}, id="no room at all"),
    pytest.param(
        Rule.ROOMS,
        {
            **both(MORNING),
            "meetings": (meeting(hosts=("c2",), attendees=()),),
            "rooms": 1,
        },
        id="a meeting has the only room",
    ),
    pytest.param(
        Rule.ENROLLMENT, {"needs": (need(within=((0, NINE + 40),)),)}, id="within"
    ),
    pytest.param(Rule.ENROLLMENT, {"needs": (need(participant="p9"),)}, id="a stranger"),
    pytest.param(
        Rule.CLINICIAN_UNKNOWN, {"needs": (need(clinicians=()),)}, id="nobody named"
    ),
    pytest.param(
        Rule.CLINICIAN_UNKNOWN, {"needs": (need(clinicians=("c9",)),)}, id="nobody known"
    ),
    pytest.param(
        Rule.GRID,
        {
            "clinicians": (clinician(available=((543, 594),)),),
            "participants": (participant(available=((543, 594),)),),
        },
        id="grid",
    ),
]


@pytest.mark.parametrize(("rule", "obstacle"), OBSTACLES)
def test_an_appointment_is_unplaced_because_of(rule, obstacle):
    assert solve(week()).unplaced == ()

    problem = week(**obstacle)
    solution = solve(problem)

    assert solution.placements == ()
    [unplaced] = solution.unplaced
    assert unplaced.need == "n1"
    assert unplaced.rules[0] is rule
    assert verify(problem, solution) == ()


def test_an_interpreter_makes_any_language_do():
    problem = week(
        participants=(participant(language="es", interpreter=True),), meetings=(meeting(),)
    )

    assert solve(problem).unplaced == ()


def test_the_rule_that_rejects_most_is_named_first():
    problem = week(
        clinicians=(clinician(available=((NINE, TEN),)),),
        meetings=(meeting(attendees=()),),
    )

    [unplaced] = solve(problem).unplaced

    assert unplaced.rules == (Rule.CLINICIAN_HOURS, Rule.CLINICIAN_OVERLAP)


def test_a_new_appointment_goes_to_the_preferred_clinician():
    problem = week(clinicians=(clinician(), OTHER), needs=(need(clinicians=("c2", "c1")),))

    assert solve(problem).placements == (Placement("n1", "c2", NINE, NINE + 50),)


def test_a_new_appointment_goes_beside_a_session_of_the_same_day():
    on_tuesday = meeting(start=DAY + ELEVEN, end=DAY + NOON, hosts=("c2",))
    problem = week(clinicians=(clinician(), OTHER), meetings=(on_tuesday,))

    [placement] = solve(problem).placements

    assert placement.start in {DAY + ELEVEN - 50, DAY + NOON}


def test_who_can_meet_only_then_comes_before_who_can_meet_always():
    problem = week(
        participants=(participant(), participant(id="p2", available=HOUR)),
        needs=(need(), need(id="n2", participant="p2")),
    )

    solution = solve(problem)

    assert solution.unplaced == ()
    assert Placement("n2", "c1", NINE, NINE + 50) in solution.placements


def test_an_appointment_moves_to_make_room_for_one_that_has_no_other_time():
    problem = week(
        participants=(participant(), participant(id="p2", available=HOUR)),
        needs=(
            need(previous=NINE, previous_clinician="c1"),
            need(id="n2", participant="p2"),
        ),
    )

    solution = solve(problem)

    assert solution.unplaced == ()
    assert solution.placements[0].start == TEN
    assert solution.placements[1].start == NINE
    assert verify(problem, solution) == ()


def test_nothing_moves_where_moving_makes_no_room():
    tight = participant(id="p2", available=HOUR)
    problem = week(
        participants=(participant(available=HOUR), tight),
        needs=(
            need(previous=NINE, previous_clinician="c1"),
            need(id="n2", participant="p2"),
        ),
    )

    solution = solve(problem)

    assert solution.placements == (Placement("n1", "c1", NINE, NINE + 50),)
    assert [each.need for each in solution.unplaced] == ["n2"]


def test_a_session_over_midnight_counts_for_both_days():
    late = ((DAY - 60, DAY + 60),)
    problem = week(
        clinicians=(clinician(available=late, max_day=40),),
        participants=(participant(available=late),),
        needs=(need(minutes=80),),
    )

    [placement] = solve(problem).placements

    assert placement.start == DAY - 40


def test_a_day_that_a_meeting_has_filled_takes_nothing_more():
    long_day = meeting(start=NINE, end=FIVE - 60, attendees=())
    problem = week(
        clinicians=(
            clinician(available=((NINE, FIVE), (DAY + NINE, DAY + TEN)), max_day=420),
        ),
        meetings=(long_day,),
    )

    assert solve(problem).placements[0].start == DAY + NINE


def test_each_appointment_counts_towards_the_next():
    needs = tuple(need(id=f"n{each}") for each in range(1, 4))
    problem = week(clinicians=(clinician(max_week=100),), needs=needs)

    solution = solve(problem)

    assert len(solution.placements) == 2
    assert solution.unplaced[0].rules[0] is Rule.CLINICIAN_WEEK


def test_a_room_is_free_again_when_a_session_ends():
    problem = week(
        clinicians=(clinician(available=((NINE, NOON + 50),)), OTHER),
        meetings=(meeting(hosts=("c2",), attendees=()),),
        rooms=1,
    )

    assert solve(problem).placements[0].start == NOON


def test_days_are_the_clinician_s_own():
    # In this zone the day turns at 10:00, so the clinician's Monday ends mid-morning.
    turning = tuple((start + TEN, end + TEN) for start, end in DAYS)
    problem = week(
        clinicians=(clinician(days=turning, max_day=50, available=((NINE, NOON),)),),
        needs=(need(), need(id="n2", previous=TEN)),
    )

    assert len(solve(problem).placements) == 2
    assert len(solve(replace(problem, clinicians=(clinician(max_day=50),))).placements) == 2

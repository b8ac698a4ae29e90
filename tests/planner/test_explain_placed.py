"""What a coordinator reads about an appointment that has its time."""

from tests.planner.weeks import (
    DAY,
    NINE,
    NOON,
    TEN,
    clinician,
    meeting,
    need,
    participant,
    week,
)
from vioP.planner.explain import Explanation, explain
from vioP.planner.problem import WeekProblem
from vioP.planner.solve import solve


def _about(problem: WeekProblem) -> Explanation:
    return explain(problem, solve(problem), "n1")


def test_what_is_kept_says_so():
    found = _about(week(needs=(need(previous=TEN, previous_clinician="c1"),)))

    assert found == Explanation("n1", ("n1 is kept from last week, at the same time.",), ())


def test_what_moved_says_how_far_and_why():
    problem = week(
        meetings=(meeting(attendees=()),),
        needs=(need(previous=TEN, previous_clinician="c1"),),
    )

    assert _about(problem).reasons == (
        (
            "n1 is as near to last week's time as was free (2 hours 10 minutes later), because "
            "c1 is busy then."
        ),
    )


def test_what_changed_hands_says_why():
    problem = week(
        clinicians=(clinician(licences=()), clinician(id="c2")),
        needs=(need(clinicians=("c1", "c2"), previous=TEN, previous_clinician="c1"),),
    )

    assert _about(problem).reasons == (
        "n1 is kept from last week, at the same time.",
        "It is with c2 because c1 holds no licence for TX then.",
    )


def test_a_clinician_who_is_gone_is_mentioned():
    found = _about(week(needs=(need(previous=TEN, previous_clinician="c9"),)))

    assert found.reasons[1] == (
        "c9 gave it last week, but is no longer among those who may."
    )


def test_what_is_new_is_at_the_first_time_or_beside_a_session():
    tuesday = meeting(start=DAY + TEN, end=DAY + NOON, hosts=("c2",))
    people = (clinician(), clinician(id="c2"))

    assert _about(week()).reasons == ("It is the first time both p1 and c1 are free.",)
    assert _about(week(clinicians=people, meetings=(tuesday,))).reasons == (
        "p1 already has a session that day; it is a time near to it at which c1 is free.",
    )


def test_a_preferred_clinician_who_is_unknown_is_mentioned():
    found = _about(week(needs=(need(clinicians=("c9", "c1")),)))

    assert (
        found.reasons[-1] == "It is with c1 because c9 is not among this week's clinicians."
    )


def test_a_time_off_the_grid_is_mentioned():
    found = _about(week(needs=(need(previous=TEN + 1, previous_clinician="c1"),)))

    assert found.reasons == (
        (
            "n1 is as near to last week's time as was free (1 minute earlier), because last "
            "week's time is off the 5 minute grid."
        ),
    )


def test_what_made_room_for_another_says_so():
    problem = week(
        participants=(participant(), participant(id="p2", available=((NINE, TEN),))),
        needs=(
            need(previous=NINE, previous_clinician="c1"),
            need(id="n2", participant="p2"),
        ),
    )

    assert _about(problem).reasons[0].endswith("because c1 is busy then.")

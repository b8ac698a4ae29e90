"""What a coordinator reads about one need or one place."""

from typing import Any

import pytest

from tests.planner.weeks import (
    DAY,
    NINE,
    NOON,
    TEN,
    WEEK,
    clinician,
    group_week,
    meeting,
    need,
    participant,
    week,
)
from vioP.planner.explain import Explanation, explain
from vioP.planner.problem import (
    Coverage,
    Licence,
    Role,
    Rule,
    Solution,
    Unplaced,
    WeekProblem,
)
from vioP.planner.solve import solve

HOUR = ((NINE, TEN),)
MORNING = ((NINE, NOON),)
CALIFORNIAN = (Licence("CA", WEEK),)


def _about(problem: WeekProblem, need_id: str = "n1") -> Explanation:
    return explain(problem, solve(problem), need_id)


def test_without_a_licence_those_who_hold_one_are_named():
    problem = week(
        clinicians=(
            clinician(licences=CALIFORNIAN),
            clinician(id="c2", available=HOUR),
            clinician(id="c3", available=((NINE, TEN + 5),)),
            clinician(id="c4", role=Role.PRESCRIBER),
            clinician(id="c5", languages=("es",)),
        )
    )

    assert _about(problem) == Explanation(
        "n1",
        ("c1 holds no licence for TX in this week.",),
        (
            (
                "Choose a therapist licensed in TX who speaks en: c3 (4 free starts), "
                "c2 (3 free starts)."
            ),
        ),
    )


def test_where_nobody_is_licensed_it_says_so():
    found = _about(week(clinicians=(clinician(licences=CALIFORNIAN),)))

    assert found.remedies == (
        (
            "There is no other therapist licensed in TX who speaks en: find one, or end the "
            "service plan n1."
        ),
    )


def test_a_busy_clinician_can_widen_hours_or_hand_over():
    problem = week(
        clinicians=(clinician(available=MORNING), clinician(id="c2", available=HOUR)),
        meetings=(meeting(attendees=()),),
    )

    assert _about(problem) == Explanation(
        "n1",
        ("c1 has no free 50 minutes inside p1's hours.",),
        (
            (
                "Widen p1's hours or c1's working hours, or let c2 (licensed, 3 free starts) "
                "take it."
            ),
        ),
    )


def test_another_language_can_be_interpreted():
    problem = week(participants=(participant(language="es"),))

    found = _about(problem)

    assert found.reasons == ("c1 does not speak p1's es.",)
    assert found.remedies[-1] == "Book an interpreter for p1; then c1 can take it."


OBSTACLES = [
    (
        {"needs": (need(clinicians=()),)},
        "No clinician is named for n1.",
        "Choose a therapist",
    ),
    (
        {"needs": (need(clinicians=("c9",)),)},
        "c9 is not among this week's clinicians.",
        "Choose a therapist",
    ),
    (
        {"participants": ()},
        "p1 is not among this week's participants.",
        "Add p1 to the program, or end the service plan n1.",
    ),
    (
        {"needs": (need(role=Role.PRESCRIBER),)},
        "c1 is a therapist; n1 needs a prescriber.",
        "There is no other prescriber",
    ),
    (
        {"participants": (participant(available=()),)},
        "p1 has no 50 minutes of hours this week.",
        "Widen p1's hours.",
    ),
    (
        {"needs": (need(within=()),)},
        "p1 is enrolled for no 50 minutes of their hours.",
        "Check the dates of p1's enrollment.",
    ),
    (
        {"clinicians": (clinician(available=((0, 100),)),)},
        "c1's hours and p1's share no 50 minutes.",
        "Widen p1's hours or c1's working hours.",
    ),
    (
        {"clinicians": (clinician(available=HOUR, licences=(Licence("TX", (TEN, DAY)),)),)},
        "c1's licence for TX covers none of 3 free starts they share.",
        "Renew c1's licence.",
    ),
    (
        {"needs": (need(pinned=0),)},
        "n1 is pinned to a time outside p1's hours.",
        "Take the pin of n1 back, or pin another time.",
    ),
    (
        {"needs": (need(pinned=NINE),), "meetings": (meeting(attendees=()),)},
        "n1 is pinned to a time when c1 is busy.",
        "Take the pin of n1 back, or pin another time.",
    ),
    (
        {"clinicians": (clinician(max_week=40),)},
        "c1 would pass 40 minutes in the week.",
        "Raise c1's weekly maximum.",
    ),
    (
        {"clinicians": (clinician(available=HOUR, max_day=40),)},
        "c1 would pass 40 minutes in the day at each of the 3 free starts.",
        "Raise c1's daily maximum.",
    ),
    (
        {"clinicians": (clinician(available=HOUR),), "meetings": (meeting(hosts=("c2",)),)},
        "p1 is in other sessions at each of the 3 free starts that c1 has.",
        "Widen p1's hours or c1's working hours",
    ),
    (
        {
            "clinicians": (clinician(available=HOUR),),
            "participants": (participant(max_day=9),),
        },
        "p1 would pass 9 minutes in the day at each of the 3 free starts.",
        "Raise p1's daily maximum.",
    ),
    (
        {"clinicians": (clinician(available=((NINE, NINE + 50),)),), "rooms": 0},
        "All 0 video rooms are taken at the only free start that both have.",
        "Allow more than 0 video rooms.",
    ),
]


@pytest.mark.parametrize(("changes", "reason", "remedy"), OBSTACLES)
def test_every_obstacle_has_its_words(changes, reason, remedy):
    # The meeting of another clinician, where there is one, still gives its places.
    problem = week(**changes)
    if problem.meetings:
        other = clinician(id="c2", role=Role.PRESCRIBER)
        problem = week(**{**changes, "clinicians": (*problem.clinicians, other)})

    found = _about(problem)

    assert found.reasons == (reason,)
    assert found.remedies[0].startswith(remedy)


def test_what_fits_after_all_asks_for_another_build():
    stale = Solution((), (), (Unplaced("n1", ()),))

    found = explain(week(clinicians=(clinician(available=HOUR),)), stale, "n1")

    assert found.reasons == ("n1 fits now: c1 has 3 free starts for it.",)
    assert found.remedies == ("Build the week again.",)


def test_a_place_that_fits_after_all_asks_for_another_build():
    stale = Solution((), (), (Unplaced("m1/p1", ()),))

    found = explain(group_week(), stale, "m1/p1")

    assert found.reasons == ("p1 fits into m1 now.",)
    assert found.remedies == ("Build the week again.",)


def test_a_full_meeting_says_how_full_and_where_a_place_is_left():
    problem = group_week(
        participants=tuple(participant(id=each) for each in ("p1", "p2", "p3")),
        meetings=(
            meeting(id="harbor:2027-03-01", attendees=("p1", "p2"), capacity=1),
            meeting(
                id="tide:2027-03-02", start=DAY + NINE, end=DAY + NOON, attendees=("p3",)
            ),
        ),
    )

    assert _about(problem, "harbor:2027-03-01/p2") == Explanation(
        "harbor:2027-03-01/p2",
        ("harbor on 2027-03-01 is full (1 of 1).",),
        (
            (
                "Raise the capacity of harbor:2027-03-01, or offer p2 a place in "
                "tide:2027-03-02 (1 of 10)."
            ),
        ),
    )


@pytest.mark.parametrize(
    ("coverage", "reason"),
    [
        (Coverage.ANY, "None of the hosts of m1 (c1) holds a licence for TX then."),
        (Coverage.LEAD, "The first of the hosts of m1 (c1) holds no licence for TX then."),
        (Coverage.ALL, "Not all of the hosts of m1 (c1) hold a licence for TX then."),
    ],
)
def test_a_meeting_without_a_licence_names_who_could_host(coverage, reason):
    problem = group_week(
        clinicians=(
            clinician(licences=()),
            clinician(id="c2"),
            clinician(id="c3", available=HOUR),
        ),
        coverage=coverage,
    )

    found = _about(problem, "m1/p1")

    assert found.reasons == (reason,)
    assert found.remedies == (
        "Add one of these as a host, each free then and licensed in TX who speaks en: c2.",
    )


def barred(rule: Rule) -> dict[str, Any]:
    return {"meetings": (meeting(barred=(("p1", rule),)),)}


PLACES = [
    ({"clinicians": ()}, "Nobody who hosts m1 is among this week's clinicians."),
    (
        {"participants": (participant(language="es"),)},
        "None of the hosts of m1 (c1) speaks es.",
    ),
    (
        {"participants": (participant(max_day=90),)},
        "m1 would bring p1 to 180 minutes that day; the most is 90.",
    ),
    ({"participants": ()}, "p1 is not among this week's participants."),
    (barred(Rule.PHASE), "m1 is for a phase that is not open to p1."),
    (
        barred(Rule.WINDOW),
        "m1 is outside the hours of the program's day where p1 is.",
    ),
    (barred(Rule.UNITS), "No authorized unit is left for p1 on that day."),
    (
        barred(Rule.TOO_FEW),
        "m1 is not held for 1; the program asks for at least 1.",
    ),
]


@pytest.mark.parametrize(("changes", "reason"), PLACES)
def test_every_missing_place_has_its_words(changes, reason):
    found = _about(group_week(**changes), "m1/p1")

    assert found.reasons == (reason,)
    assert found.remedies


def test_two_meetings_at_once_are_explained():
    second = meeting(id="m2", hosts=("c2",))
    problem = group_week(
        clinicians=(clinician(), clinician(id="c2")),
        participants=(participant(max_day=360),),
        meetings=(meeting(), second),
    )

    found = _about(problem, "m2/p1")

    assert found.reasons == ("p1 is in 1 other session at the time of m2.",)
    assert found.remedies == ("End one of p1's enrollments that meet at the same time.",)


def test_a_place_that_is_given_says_why():
    assert _about(group_week(), "m1/p1") == Explanation(
        "m1/p1", ("p1 is enrolled and m1 has a place.",), ()
    )


def test_what_nobody_asked_for_cannot_be_explained():
    with pytest.raises(KeyError):
        explain(week(), solve(week()), "n9")

"""Who gets a place in a meeting, and which rule keeps somebody out."""

import pytest

from tests.planner.weeks import (
    NOON,
    TEXAS,
    clinician,
    group_week,
    meeting,
    nothing_placed,
    participant,
)
from vioP.planner.problem import Coverage, Licence, Place, Rule, Stay, Unplaced
from vioP.planner.solve import solve
from vioP.planner.verify import verify

OTHER = clinician(id="c2")

NO_PLACE = [
    pytest.param(Rule.LICENCE, {"clinicians": (clinician(licences=()),)}, id="licence"),
    pytest.param(
        Rule.LICENCE,
        {"clinicians": (clinician(licences=(Licence("TX", (0, NOON - 1)),)),)},
        id="a licence that ends before the meeting",
    ),
    pytest.param(
        Rule.LANGUAGE, {"participants": (participant(language="es"),)}, id="language"
    ),
    pytest.param(
        Rule.PARTICIPANT_DAY, {"participants": (participant(max_day=179),)}, id="their day"
    ),
    pytest.param(Rule.CAPACITY, {"meetings": (meeting(capacity=0),)}, id="capacity"),
    *[
        pytest.param(rule, {"meetings": (meeting(barred=(("p1", rule),)),)}, id=rule.value)
        for rule in (Rule.PHASE, Rule.WINDOW, Rule.UNITS, Rule.TOO_FEW)
    ],
    pytest.param(
        Rule.LICENCE,
        {"participants": (participant(travels=(Stay("CA", (0, NOON)),)),)},
        id="a journey",
    ),
    pytest.param(Rule.ENROLLMENT, {"participants": ()}, id="a stranger"),
    pytest.param(Rule.CLINICIAN_UNKNOWN, {"clinicians": ()}, id="unknown hosts"),
]


@pytest.mark.parametrize(("rule", "obstacle"), NO_PLACE)
def test_somebody_has_no_place_in_a_meeting_because_of(rule, obstacle):
    assert solve(group_week()).places == (Place("m1", "p1"),)

    problem = group_week(**obstacle)
    solution = solve(problem)

    assert solution.places == ()
    assert [(each.need, each.rules) for each in solution.unplaced] == [("m1/p1", (rule,))]
    assert verify(problem, solution) == verify(problem, nothing_placed(problem))


@pytest.mark.parametrize(("buffer", "places"), [(0, 2), (5, 1)])
def test_somebody_is_in_one_meeting_at_a_time(buffer, places):
    afterwards = meeting(id="m2", start=NOON, end=NOON + 60, hosts=("c2",))
    problem = group_week(
        clinicians=(clinician(), OTHER),
        meetings=(afterwards, meeting()),
        participant_buffer=buffer,
    )

    solution = solve(problem)

    assert len(solution.places) == places
    assert all(each.rules == (Rule.PARTICIPANT_OVERLAP,) for each in solution.unplaced)


def test_of_two_people_kept_apart_one_has_a_place():
    problem = group_week(
        participants=(participant(), participant(id="p2")),
        meetings=(meeting(attendees=("p1", "p2")),),
        apart=(("p1", "p2"),),
    )

    solution = solve(problem)

    assert [each.participant for each in solution.places] == ["p1"]
    assert solution.unplaced == (Unplaced("m1/p2", (Rule.APART,)),)


def test_a_full_meeting_takes_people_in_the_order_of_their_identifiers():
    people = tuple(participant(id=each) for each in ("p3", "p1", "p2"))
    problem = group_week(
        participants=people, meetings=(meeting(attendees=("p3", "p1", "p2"), capacity=2),)
    )

    solution = solve(problem)

    assert [each.participant for each in solution.places] == ["p1", "p2"]
    assert [each.need for each in solution.unplaced] == ["m1/p3"]


@pytest.mark.parametrize(
    ("coverage", "licensed", "is_placed"),
    [
        (Coverage.ANY, ("c1",), True),
        (Coverage.ANY, ("c2",), True),
        (Coverage.ANY, (), False),
        (Coverage.LEAD, ("c1",), True),
        (Coverage.LEAD, ("c2",), False),
        (Coverage.ALL, ("c1",), False),
        (Coverage.ALL, ("c1", "c2"), True),
    ],
)
def test_coverage_says_which_hosts_must_be_licensed(coverage, licensed, is_placed):
    problem = group_week(
        clinicians=tuple(
            clinician(id=each, licences=(TEXAS,) if each in licensed else ())
            for each in ("c1", "c2")
        ),
        meetings=(meeting(hosts=("c1", "c2")),),
        coverage=coverage,
    )

    solution = solve(problem)

    assert bool(solution.places) is is_placed
    assert verify(problem, solution) == ()

"""Parts that share nobody are found, and planned apart they make a whole week."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planner.weeks import (
    clinician,
    meeting,
    need,
    nothing_placed,
    participant,
    problems,
    week,
)
from vioP.dice import seeded
from vioP.planner.improve import improve
from vioP.planner.pods import is_sound, merge, split
from vioP.planner.problem import Licence, Rule, WeekProblem
from vioP.planner.solve import solve
from vioP.planner.verify import verify


def joined(one: WeekProblem, other: WeekProblem) -> WeekProblem:
    """Two weeks as one, everybody of the second under another name."""

    def named(name: str) -> str:
        return f"other-{name}"

    return replace(
        one,
        clinicians=(
            *one.clinicians,
            *(replace(each, id=named(each.id)) for each in other.clinicians),
        ),
        participants=(
            *one.participants,
            *(replace(each, id=named(each.id)) for each in other.participants),
        ),
        meetings=(
            *one.meetings,
            *(
                replace(
                    each,
                    id=named(each.id),
                    hosts=tuple(map(named, each.hosts)),
                    attendees=tuple(map(named, each.attendees)),
                )
                for each in other.meetings
            ),
        ),
        needs=(
            *one.needs,
            *(
                replace(
                    each,
                    id=named(each.id),
                    participant=named(each.participant),
                    clinicians=tuple(map(named, each.clinicians)),
                    previous_clinician=each.previous_clinician
                    and named(each.previous_clinician),
                )
                for each in other.needs
            ),
        ),
    )


@settings(max_examples=80, deadline=None)
@given(problems(), problems())
def test_splitting_loses_nothing_and_shares_nobody(one, other):
    whole = joined(one, other)

    parts = split(whole)

    for noun in ("needs", "meetings"):
        found = [each for part in parts for each in getattr(part, noun)]
        assert sorted(each.id for each in found) == sorted(
            each.id for each in getattr(whole, noun)
        )
    for noun in ("clinicians", "participants"):
        names = [each.id for part in parts for each in getattr(part, noun)]
        assert len(names) == len(set(names))
        assert set(names) <= {each.id for each in getattr(whole, noun)}


@settings(max_examples=80, deadline=None)
@given(problems(), problems(), st.integers(0, 99))
def test_what_pods_make_together_the_judge_accepts_but_for_rooms(one, other, seed):
    whole = joined(one, other)
    inherent = set(verify(whole, nothing_placed(whole)))

    made = merge(
        whole, [improve(each, solve(each), seeded(seed), 30) for each in split(whole)]
    )

    new = set(verify(whole, made)) - inherent
    assert {each.rule for each in new} <= {Rule.ROOMS}
    assert is_sound(whole, made) == (not new)


@settings(max_examples=40, deadline=None)
@given(problems(), problems())
def test_pods_place_as_much_as_the_whole_when_rooms_are_plenty(one, other):
    whole = replace(joined(one, other), rooms=99)

    made = merge(whole, map(solve, split(whole)))

    assert len(made.placements) == len(solve(whole).placements)
    assert set(made.places) == set(solve(whole).places)


def test_a_licence_separates_and_a_shared_clinician_joins():
    people = (participant(), participant(id="p2", state="CA"))
    two = (clinician(), clinician(id="c2", licences=(Licence("CA", (0, 9999)),)))
    needs = (
        need(clinicians=("c1", "c2")),
        need(id="n2", participant="p2", clinicians=("c1", "c2")),
    )
    apart = week(clinicians=two, participants=people, needs=needs)
    both = replace(two[1], licences=(*two[0].licences, *two[1].licences))

    assert [[each.id for each in part.needs] for part in split(apart)] == [["n1"], ["n2"]]
    assert split(replace(apart, clinicians=(two[0], both))) != split(apart)
    assert len(split(replace(apart, clinicians=(two[0], both)))) == 1
    shared = meeting(hosts=("c1",), attendees=("p1", "p2"))
    assert len(split(replace(apart, meetings=(shared,)))) == 1


def test_more_sessions_than_rooms_are_noticed_after_the_merge():
    people = (participant(), participant(id="p2"))
    needs = (
        need(within=((540, 590),)),
        need(id="n2", participant="p2", clinicians=("c2",), within=((540, 590),)),
    )
    problem = week(
        clinicians=(clinician(), clinician(id="c2")),
        participants=people,
        needs=needs,
        rooms=1,
    )
    assert len(split(problem)) == 2

    made = merge(problem, map(solve, split(problem)))

    assert not is_sound(problem, made)
    assert is_sound(problem, solve(problem))

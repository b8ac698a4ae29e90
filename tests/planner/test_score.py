"""The score by wish says what the engine's own account says, and what each wish means."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planner.weeks import (
    DAY,
    NINE,
    NOON,
    clinician,
    meeting,
    need,
    participant,
    problems,
    week,
)
from vioP.dice import seeded
from vioP.domain.search import Found, Step, Wish, WishScore, thinned
from vioP.planner.improve import improve
from vioP.planner.problem import Place, Placement, Role, Solution, WeekProblem
from vioP.planner.score import score
from vioP.planner.search.from_week import stand
from vioP.planner.solve import solve


def counts(problem: WeekProblem, solution: Solution) -> dict[Wish, int]:
    return {each.wish: each.count for each in score(problem, solution) if each.count}


@settings(max_examples=150, deadline=None)
@given(problems(), st.integers(0, 99), st.booleans())
def test_the_engine_and_the_score_agree(problem, seed, is_told):
    needs = tuple(
        replace(each, is_told=is_told and each.previous_clinician is not None)
        for each in problem.needs
    )
    problem = replace(problem, needs=needs)
    solution = improve(problem, solve(problem), seeded(seed), 40)
    standing = stand(problem, solution)
    if standing.frozen:
        return

    state = standing.state
    left_out = sum(state.price_of_appointment(each) for each in state.waiting_appointments)

    assert state.price() - left_out == Found(score(problem, solution)).score


def test_waits_are_counted_between_sessions_of_a_day_and_beyond_two_for_clinicians():
    problem = week(
        meetings=(meeting(start=NINE, end=NINE + 60),),
        needs=(need(), need(id="n2")),
        clinicians=(clinician(max_week=2400),),
    )
    solution = Solution(
        (
            Placement("n1", "c1", NOON + 60, NOON + 110),  # three hours after the group
            Placement("n2", "c1", DAY + NINE, DAY + NINE + 50),
        ),
        (Place("m1", "p1"),),
        (),
    )

    assert counts(problem, solution) == {
        Wish.PARTICIPANT_DAYS: 2,
        Wish.PARTICIPANT_WAITS: 6,
        Wish.CLINICIAN_DAYS: 2,
        Wish.CLINICIAN_WAITS: 4,
    }


def test_another_time_another_clinician_and_a_broken_promise_each_have_their_price():
    problem = week(
        clinicians=(clinician(), clinician(id="c2")),
        participants=(participant(),),
        needs=(
            need(
                clinicians=("c1", "c2"),
                previous=NINE,
                previous_clinician="c1",
                is_told=True,
            ),
        ),
    )
    moved = Solution((Placement("n1", "c2", NINE + 95, NINE + 145),), (), ())

    assert counts(problem, moved) == {
        Wish.PARTICIPANT_DAYS: 1,
        Wish.CLINICIAN_DAYS: 1,
        Wish.OTHER_THERAPIST: 1,
        Wish.OTHER_TIME: 1,
        Wish.TIME_AWAY: 3,
        Wish.TOLD_OTHERWISE: 1,
    }


def test_hours_somebody_likes_and_moves_of_the_weeks_before_have_their_price():
    problem = week(
        participants=(participant(wished=((NINE, NINE + 60),)),),
        needs=(need(previous=NINE, previous_clinician="c1", moves=2),),
    )
    stays, moved = (
        Solution((Placement("n1", "c1", at, at + 50),), (), ()) for at in (NINE, NOON)
    )

    assert counts(problem, moved)[Wish.OUTSIDE_PREFERRED] == 1
    assert counts(problem, moved)[Wish.MOVED_AGAIN] == 2
    assert not {Wish.OUTSIDE_PREFERRED, Wish.MOVED_AGAIN} & counts(problem, stays).keys()


def test_a_therapist_is_overloaded_above_85_percent_and_a_prescriber_never():
    def over(role: Role) -> int:
        problem = week(
            clinicians=(clinician(max_week=100, role=role),),
            needs=(need(minutes=120, role=role),),
        )
        placed = Solution((Placement("n1", "c1", NINE, NINE + 120),), (), ())
        return counts(problem, placed).get(Wish.OVERLOAD, 0)

    assert over(Role.THERAPIST) == 1  # 35 minutes above 85 are one whole half hour
    assert over(Role.PRESCRIBER) == 0


def test_how_far_a_draft_is_from_the_best_possible():
    wishes = (WishScore(Wish.PARTICIPANT_DAYS, 35, 3),)

    assert Found(wishes, bound=100).at_most_over == 5
    assert Found(wishes).at_most_over is None
    assert Found(wishes, bound=0).at_most_over is None


def test_a_long_trace_is_kept_as_a_few_falls():
    trace = tuple(Step(each / 10, 0, 1000 - each // 2) for each in range(500))

    kept = thinned(trace, most=20)

    assert len(kept) == 20
    assert (kept[0], kept[-1]) == (trace[0], trace[-1])
    assert all(one.score > other.score for one, other in pairwise(kept[:-1]))
    assert thinned(trace[:3]) == (trace[0], trace[2])

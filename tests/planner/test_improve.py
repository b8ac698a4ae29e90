"""A placed week gets better, never worse."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planner.weeks import NINE, NOON, clinician, need, participant, problems, week
from vioP.dice import seeded
from vioP.planner.improve import improve
from vioP.planner.problem import WeekProblem
from vioP.planner.solve import solve
from vioP.planner.verify import verify

HOUR = 60


def at(hour: int, *, hours: int = 1) -> tuple[int, int]:
    return (NINE + hour * HOUR, NINE + (hour + hours) * HOUR)


def test_three_people_move_up_so_that_a_newcomer_has_a_place():
    people = tuple(participant(id=f"p{each}") for each in range(4))
    used_to = tuple(
        need(
            id=f"n{each}",
            participant=f"p{each}",
            within=(at(each, hours=2),),
            previous=at(each)[0],
            previous_clinician="c1",
        )
        for each in range(3)
    )
    newcomer = need(id="n3", participant="p3", within=(at(0),))
    problem = week(
        clinicians=(clinician(available=(at(0, hours=4),)),),
        participants=people,
        needs=(*used_to, newcomer),
        clinician_buffer=0,
    )
    first = solve(problem)
    assert [each.need for each in first.unplaced] == ["n3"]

    better = improve(problem, first, seeded(1), 2000)

    assert better.unplaced == ()
    assert verify(problem, better) == ()


def test_what_people_were_told_moves_for_a_place_and_for_nothing_else():
    """A gap between a told appointment and another is not worth a second letter."""

    def gappy(*, is_told: bool) -> WeekProblem:
        apart = need(
            id="n1", previous=at(0)[0], previous_clinician="c1", is_told=is_told,
            within=(at(0, hours=8),),
        )  # fmt: skip
        late = need(id="n2", within=(at(7),))
        return week(
            clinicians=(clinician(available=(at(0, hours=8),)),), needs=(apart, late)
        )

    def start(problem: WeekProblem) -> int:
        better = improve(problem, solve(problem), seeded(1), 500)
        return next(each.start for each in better.placements if each.need == "n1")

    assert start(gappy(is_told=False)) != at(0)[0]
    assert start(gappy(is_told=True)) == at(0)[0]


def test_a_pin_stays_though_everything_else_would_be_better():
    others = tuple(need(id=f"n{each}") for each in (2, 3))
    problem = week(needs=(need(pinned=at(6)[0], previous=at(0)[0]), *others))

    better = improve(problem, solve(problem), seeded(1), 500)

    assert better.unplaced == ()
    assert next(each.start for each in better.placements if each.need == "n1") == at(6)[0]


def test_an_appointment_is_drawn_into_the_hours_somebody_likes():
    afternoons = tuple((day * 1440 + NOON, day * 1440 + NOON + 120) for day in range(5))
    problem = week(participants=(participant(wished=afternoons),))

    [first] = solve(problem).placements
    [better] = improve(problem, solve(problem), seeded(1), 500).placements

    assert first.start == better.start == NOON


def test_who_was_moved_often_is_moved_last():
    """Two people share an hour that a pin takes half of: who was moved before stays."""

    def who_moves(first: int, second: int) -> str:
        needs = tuple(
            need(
                id=f"n{each}",
                participant=f"p{each}",
                previous=at(each)[0],
                previous_clinician="c1",
                within=(at(0, hours=8),),
                moves=moves,
            )
            for each, moves in ((1, first), (2, second))
        )
        newcomer = need(id="n3", participant="p3", minutes=60, within=(at(1, hours=2),))
        problem = week(
            clinicians=(clinician(available=(at(1, hours=3),)),),
            participants=tuple(participant(id=f"p{each}") for each in (1, 2, 3)),
            needs=(*needs, newcomer),
            clinician_buffer=0,
        )
        better = improve(problem, solve(problem), seeded(1), 2000)
        assert better.unplaced == ()
        return next(
            each.need
            for each in better.placements
            if each.need != "n3"
            and each.start != next(n.previous for n in needs if n.id == each.need)
        )

    assert who_moves(0, 3) == "n1"
    assert who_moves(3, 0) == "n2"


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(0, 99))
def test_nothing_is_lost_no_rule_broken_and_the_same_dice_give_the_same_week(problem, seed):
    first = solve(problem)

    better = improve(problem, first, seeded(seed), 60)

    assert verify(problem, better) == verify(problem, first)
    assert len(better.unplaced) <= len(first.unplaced)
    assert improve(problem, first, seeded(seed), 60) == better

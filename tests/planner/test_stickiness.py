"""What stood last week stays, and only what must move moves."""

from dataclasses import replace

from tests.planner.weeks import (
    DAY,
    NINE,
    NOON,
    OFFICE,
    TEN,
    clinician,
    meeting,
    need,
    participant,
    week,
)
from vioP.planner.problem import Placement, WeekProblem
from vioP.planner.solve import solve
from vioP.planner.verify import verify

THREE = NINE + 360


def _settled(problem: WeekProblem) -> WeekProblem:
    """The same week once more, with everything where it was placed."""
    placed = {each.need: each for each in solve(problem).placements}
    return replace(
        problem,
        needs=tuple(
            replace(
                each,
                previous=placed[each.id].start,
                previous_clinician=placed[each.id].clinician,
            )
            for each in problem.needs
        ),
    )


def test_an_appointment_stays_though_an_earlier_time_is_free():
    problem = week(needs=(need(previous=3 * DAY + THREE, previous_clinician="c1"),))

    [placement] = solve(problem).placements

    assert placement.start == 3 * DAY + THREE


def test_an_appointment_stays_with_whoever_gave_it():
    problem = week(
        clinicians=(clinician(), clinician(id="c2")),
        needs=(need(clinicians=("c1", "c2"), previous=THREE, previous_clinician="c2"),),
    )

    assert solve(problem).placements == (Placement("n1", "c2", THREE, THREE + 50),)


def test_an_appointment_keeps_its_time_when_its_clinician_has_gone():
    problem = week(needs=(need(previous=THREE, previous_clinician="c9"),))

    assert solve(problem).placements == (Placement("n1", "c1", THREE, THREE + 50),)


def test_an_appointment_that_must_move_goes_to_the_nearest_time_of_its_day():
    problem = week(
        meetings=(meeting(attendees=()),),
        needs=(need(previous=TEN, previous_clinician="c1"),),
    )

    [placement] = solve(problem).placements

    # The next morning at ten would keep the clock reading, but not the weekday.
    assert placement.start == NOON + 10


def test_a_time_off_the_grid_moves_to_the_nearest_on_it():
    problem = week(needs=(need(previous=TEN + 4, previous_clinician="c1"),), grid=15)

    assert solve(problem).placements[0].start == TEN


def test_leave_moves_only_the_appointments_it_covers():
    people = tuple(participant(id=f"p{each}") for each in range(1, 6))
    needs = tuple(need(id=f"n{each}", participant=f"p{each}") for each in range(1, 6))
    before = _settled(week(participants=people, needs=needs))
    first = min(before.needs, key=lambda each: each.previous or 0)
    after = replace(
        before, clinicians=(clinician(available=((TEN, NINE + 480), *OFFICE[1:])),)
    )

    solution = solve(after)

    moved = {
        each.need
        for each in solution.placements
        if each not in set(solve(before).placements)
    }
    assert moved == {first.id}
    assert verify(after, solution) == ()


def test_somebody_new_moves_nobody():
    before = _settled(week())
    newcomer = need(id="n0", participant="p0")
    after = replace(
        before,
        participants=(*before.participants, participant(id="p0")),
        needs=(newcomer, *before.needs),
    )

    solution = solve(after)

    assert set(solve(before).placements) < set(solution.placements)
    assert solution.unplaced == ()

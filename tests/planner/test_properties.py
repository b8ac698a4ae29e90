"""What holds for any week, however cramped and mistaken."""

from dataclasses import replace
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.planner.weeks import nothing_placed, problems
from vioP.planner.explain import explain
from vioP.planner.problem import Place, Placement, Solution, WeekProblem
from vioP.planner.solve import solve
from vioP.planner.verify import verify


def _shuffled(values: tuple[Any, ...], random: Any) -> tuple[Any, ...]:
    return tuple(random.sample(values, len(values)))


def _with(solution: Solution, placement: Placement) -> Solution:
    """A solution with one more appointment, or with one elsewhere."""
    others = [each for each in solution.placements if each.need != placement.need]
    left = [each for each in solution.unplaced if each.need != placement.need]
    return replace(solution, placements=(*others, placement), unplaced=tuple(left))


@settings(max_examples=60, deadline=None)
@given(problems())
def test_a_solution_breaks_no_rule_that_the_problem_itself_does_not_break(problem):
    assert verify(problem, solve(problem)) == verify(problem, nothing_placed(problem))


@settings(max_examples=20, deadline=None)
@given(problems())
def test_what_is_unplaced_fits_nowhere(problem):
    solution = solve(problem)
    inherent = verify(problem, solution)
    unplaced = {each.need for each in solution.unplaced}

    for need in (each for each in problem.needs if each.id in unplaced):
        for clinician in need.clinicians:
            for start in range(0, 480, problem.grid):
                tried = Placement(need.id, clinician, start, start + need.minutes)
                assert verify(problem, _with(solution, tried)) != inherent


@settings(max_examples=20, deadline=None)
@given(problems())
def test_who_has_no_place_fits_into_no_meeting(problem):
    solution = solve(problem)
    inherent = verify(problem, solution)

    for each in solution.unplaced:
        meeting, slash, participant = each.need.partition("/")
        if slash:
            left = tuple(other for other in solution.unplaced if other != each)
            places = (*solution.places, Place(meeting, participant))
            # Appointments came after places, so they are no excuse.
            appointments_gone = replace(
                solution, places=places, placements=(), unplaced=left
            )
            before = replace(solution, placements=(), unplaced=left)
            found = {violation.rule for violation in verify(problem, appointments_gone)}
            assert found
            assert verify(problem, appointments_gone) != verify(problem, before)
    assert inherent == verify(problem, nothing_placed(problem))


@settings(max_examples=20, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_in_which_a_week_is_told_does_not_matter(problem, random):
    told_otherwise = WeekProblem(
        clinicians=_shuffled(problem.clinicians, random),
        participants=_shuffled(problem.participants, random),
        meetings=tuple(
            replace(each, attendees=_shuffled(each.attendees, random))
            for each in _shuffled(problem.meetings, random)
        ),
        needs=_shuffled(problem.needs, random),
        grid=problem.grid,
        clinician_buffer=problem.clinician_buffer,
        participant_buffer=problem.participant_buffer,
        rooms=problem.rooms,
        coverage=problem.coverage,
        apart=problem.apart,
    )

    assert solve(told_otherwise) == solve(problem)


@settings(max_examples=20, deadline=None)
@given(problems())
def test_a_week_that_is_repeated_does_not_change(problem):
    solution = solve(problem)
    placed = {each.need: each for each in solution.placements}
    assume(placed)
    again = replace(
        problem,
        needs=tuple(
            replace(
                each,
                previous=placed[each.id].start,
                previous_clinician=placed[each.id].clinician,
            )
            for each in problem.needs
            if each.id in placed
        ),
    )

    assert solve(again).placements == solution.placements


@settings(max_examples=20, deadline=None)
@given(problems(), st.data())
def test_a_week_that_is_tampered_with_is_noticed(problem, data):
    solution = solve(problem)
    assume(solution.placements)
    placement = data.draw(st.sampled_from(solution.placements))
    clinician = next(each for each in problem.clinicians if each.id == placement.clinician)
    inherent = verify(problem, solution)

    off_grid = replace(placement, start=placement.start + 1, end=placement.end + 1)
    with_a_stranger = replace(placement, clinician="stranger")
    unlicensed = replace(
        problem,
        clinicians=tuple(
            replace(each, licences=()) if each is clinician else each
            for each in problem.clinicians
        ),
    )

    assert verify(problem, _with(solution, off_grid)) != inherent
    assert verify(problem, _with(solution, with_a_stranger)) != inherent
    assert verify(unlicensed, solution) != inherent


@settings(max_examples=30, deadline=None)
@given(problems())
def test_everything_can_be_explained(problem):
    solution = solve(problem)
    placed = {each.need for each in solution.placements}
    placed |= {f"{each.meeting}/{each.participant}" for each in solution.places}

    for need in [*placed, *(each.need for each in solution.unplaced)]:
        found = explain(problem, solution, need)
        assert found.reasons
        assert bool(found.remedies) == (need not in placed)
        assert not any("fits" in reason for reason in found.reasons)

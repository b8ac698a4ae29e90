"""One change of a published week: what must move moves, and it can be taken back."""

import re
from typing import Any

import pytest

from tests.planner.exchange_weeks import make_week
from vioP.dice import seeded
from vioP.planner.exchange_read import read_problem
from vioP.planner.explain_exchange import explain_appointment
from vioP.planner.problem import Role
from vioP.planner.recommend import recommend
from vioP.planner.repair import Repair
from vioP.planner.replan import Replanner
from vioP.planner.search.compiled import placed
from vioP.planner.search.from_exchange import UNPLACED
from vioP.planner.solve_exchange import Budget, SolvedExchange, solve_exchange
from vioP.planner.verify_exchange import verify_exchange

DAY = 1440


def published(people: int = 60, seed: int = 1) -> tuple[SolvedExchange, Replanner, Any]:
    data = make_week(people, seed, weekly=True)
    problem = read_problem(data)
    solved = solve_exchange(problem, Budget(0, lambda: 0, 1500), seeded(1))
    assert solved.state.waiting == 0
    return solved, Replanner(solved.compiled, solved.state, seeded(2)), data


def without(spans: list[list[int]], gone: tuple[int, int]) -> list[list[int]]:
    left = []
    for a, b in spans:
        for c, d in ((a, min(b, gone[0])), (max(a, gone[1]), b)):
            if c < d:
                left.append([c, d])
    return left


def holds(solved: SolvedExchange, data: Any) -> None:
    """What stands now breaks no rule of the changed problem."""
    judged = verify_exchange(read_problem(data), placed(solved.compiled, solved.state))
    assert judged.broken == ()


def test_a_sick_call_moves_the_days_appointments_and_nothing_else():
    solved, replanner, data = published()
    worker, start = next(at for at in solved.state.appointment_at if at)
    who = next(each for each in data["clinicians"] if each["id"] == f"c{worker}")
    day = start * solved.compiled.week.slot // DAY
    away = (day * DAY, day * DAY + DAY)
    theirs = {
        solved.compiled.week.appointments[each].id
        for each in solved.state.roster[worker]
        if day == at_of(solved, each) // DAY
    }

    repair = replanner.clinician_away(who["id"], [away])

    assert {each.need for each in repair.moves if each.forced} == theirs
    # Their groups stay, so their hours of groups do not count as broken here.
    who["available"] = [
        *without(who["available"], away),
        *(
            m
            for g in data["groups"]
            if who["id"] in g["facilitators"]
            for m in g["meetings"]
        ),
    ]
    holds(solved, data)
    assert all(each.before != each.after for each in repair.moves)


def at_of(solved: SolvedExchange, appointment: int) -> int:
    at = solved.state.appointment_at[appointment]
    return -1 if at is None else at[1] * solved.compiled.week.slot


def test_changed_hours_move_the_appointment_that_no_longer_fits():
    solved, replanner, data = published()
    told = placed(solved.compiled, solved.state)
    before = verify_exchange(read_problem(data), told).soft
    need = next(each for each in data["appointments"] if each["previous_start"] is not None)
    number = data["appointments"].index(need)
    start = at_of(solved, number)
    who = next(each for each in data["participants"] if each["id"] == need["participant"])
    who["available"] = without(who["available"], (start, start + need["minutes"]))

    repair = replanner.participant_hours(who["id"], [(a, b) for a, b in who["available"]])

    assert need["id"] in {each.need for each in repair.moves}
    plan = placed(solved.compiled, solved.state)
    data["published"] = {
        "groups": {},
        "appointments": {each: list(at) for each, at in told.appointments.items()},
    }
    assert repair.price == verify_exchange(read_problem(data), plan).soft - before
    assert repair.told == (who["id"],)
    holds(solved, data)


def test_changed_hours_change_the_group_that_can_no_longer_be_attended():
    solved, replanner, data = published(120)
    week = solved.compiled.week
    seat = next(n for n, each in enumerate(week.seats) if len(each.options) > 1)
    who = data["participants"][week.seats[seat].person]
    module = who["modules"][week.people[week.seats[seat].person].seats.index(seat)]
    circle = solved.state.seat_at[seat]
    assert circle is not None
    meeting = data["groups"][circle]["meetings"][0]
    who["available"] = without(who["available"], (meeting[0], meeting[1]))

    repair = replanner.participant_hours(who["id"], [(a, b) for a, b in who["available"]])

    moved = next(each for each in repair.moves if each.need == f"{who['id']}/{module}")
    assert moved.forced
    assert moved.before == data["groups"][circle]["id"]
    assert moved.after != moved.before
    holds(solved, data)


def test_a_closure_moves_what_was_then():
    solved, replanner, _ = published()
    closed = (2 * DAY, 3 * DAY)
    then = {
        each.id
        for number, each in enumerate(solved.compiled.week.appointments)
        if closed[0] <= at_of(solved, number) < closed[1]
    }
    assert then

    repair = replanner.closure([closed])

    assert {each.need for each in repair.moves if each.forced} == then
    after = placed(solved.compiled, solved.state).appointments
    assert not [each for each, (_, at) in after.items() if closed[0] <= at < closed[1]]


def test_a_discharge_moves_nobody_and_admitting_again_finds_a_week():
    solved, replanner, data = published()

    before = verify_exchange(read_problem(data), placed(solved.compiled, solved.state)).soft
    gone = replanner.discharge("p3")
    fewer = {**data, "participants": [p for p in data["participants"] if p["id"] != "p3"]}
    fewer["appointments"] = [a for a in data["appointments"] if a["participant"] != "p3"]
    after = verify_exchange(read_problem(fewer), placed(solved.compiled, solved.state)).soft
    assert gone.price == after - before
    assert gone.told == ("p3",)
    assert {each.after for each in gone.moves} == {None}
    assert gone.price < 0
    back = replanner.admit("p3")

    assert back.told == ("p3",)
    assert back.unplaced == ()
    holds(solved, data)


@pytest.mark.parametrize("kind", range(4))
def test_what_if_leaves_no_trace(kind):
    solved, replanner, _ = published()
    before, price = placed(solved.compiled, solved.state), solved.state.price()

    def change() -> Repair:
        match kind:
            case 0:
                return replanner.clinician_away("c0", [(0, 3 * DAY)])
            case 1:
                return replanner.participant_hours("p1", [(0, 300)])
            case 2:
                return replanner.discharge("p2")
            case _:
                return replanner.closure([(DAY, 2 * DAY)])

    first = change()
    assert first.moves
    first.undo()

    assert placed(solved.compiled, solved.state) == before
    assert solved.state.price() == price
    assert {each.need for each in change().moves if each.forced} == {
        each.need for each in first.moves if each.forced
    }


def test_what_finds_no_place_is_said_and_the_rest_stays():
    _, replanner, data = published()
    need = data["appointments"][0]
    repair = replanner.participant_hours(need["participant"], [])
    assert need["id"] in repair.unplaced
    assert repair.told == (need["participant"],)


def test_a_substitute_is_licensed_for_everybody_and_free():
    solved, replanner, data = published(120)
    checked = 0
    for group in data["groups"]:
        for meeting in group["meetings"]:
            for name in replanner.substitutes(group["id"], tuple(meeting)):
                who = next(each for each in data["clinicians"] if each["id"] == name)
                number = solved.compiled.number_of_circle(group["id"])
                for seat in solved.state.members[number]:
                    person = solved.compiled.week.seats[seat].person
                    assert data["participants"][person]["state"] in who["states"]
                assert name not in group["facilitators"]
                assert any(a <= meeting[0] and meeting[1] <= b for a, b in who["available"])
                checked += 1
    assert checked


def test_recommended_weeks_move_nobody_and_cost_what_they_say():
    solved, replanner, data = published(120)
    for name in ("p1", "p7", "p30"):
        replanner.discharge(name)
        without_them, price = placed(solved.compiled, solved.state), solved.state.price()
        found = recommend(solved.compiled, solved.state, name, seeded(1))

        assert placed(solved.compiled, solved.state) == without_them
        assert found
        assert [each.price for each in found] == sorted(each.price for each in found)
        person = solved.compiled.week.people[replanner.people[name]]
        best = found[0]
        for seat, (_, group) in zip(person.seats, best.groups, strict=True):
            solved.state.seat(seat, solved.compiled.number_of_circle(group))
        needs = {each.id: n for n, each in enumerate(solved.compiled.week.appointments)}
        for need, clinician, start in best.appointments:
            at = start // solved.compiled.week.slot
            solved.state.put(needs[need], solved.compiled.number_of_worker(clinician), at)
        missing = len(best.groups) * 3 + len(best.appointments)
        assert solved.state.price() - price == best.price - missing * UNPLACED
        holds(solved, data)


def test_a_placed_week_can_be_explained_need_by_need():
    solved, _, _ = published()
    solved.state.lift(0)
    found = explain_appointment(solved.compiled, solved.state, 0)
    need = solved.compiled.problem.appointments[0]
    kind = "individual session" if need.role is Role.THERAPIST else "psychiatry check-in"
    assert found.need == need.id
    assert found.reasons[0] == f"{need.participant} has no {kind}."
    # It was lifted just now, so at least one time is left after every rule.
    left = re.search(r"(\d+) times with (\d+) with a free room", found.reasons[2])
    assert left is not None
    assert int(left[1]) >= int(left[2]) >= 1

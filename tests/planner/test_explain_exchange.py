"""What finds no place says where its options went, and what would help."""

from typing import Any

from tests.planner.exchange_weeks import make_week
from vioP.dice import seeded
from vioP.planner.exchange import ExchangeUnplaced
from vioP.planner.exchange_read import read_problem
from vioP.planner.explain_exchange import explain_unplaced
from vioP.planner.solve_exchange import Budget, solve_exchange


def explained(data: dict[str, Any]) -> dict[str, ExchangeUnplaced]:
    solved = solve_exchange(read_problem(data), Budget(0.0, lambda: 0.0, 200), seeded(1))
    return {each.need: each for each in explain_unplaced(solved.compiled, solved.state)}


def test_an_appointment_nobody_is_licensed_for_names_who_would_have_time():
    data = make_week(12)
    need = data["appointments"][0]
    who = next(each for each in data["participants"] if each["id"] == need["participant"])
    who["modules"] = []
    for each in data["clinicians"]:
        each["states"] = [state for state in each["states"] if state != who["state"]]
    found = explained(data)[need["id"]]
    assert found.reasons[0] == f"{who['id']} has no individual session."
    assert f"0 licensed in {who['state']}" in found.reasons[1]
    assert any(f"no {who['state']} licence" in each for each in found.remedies)


def test_an_appointment_outside_everybodys_hours_asks_for_one_hour():
    data = make_week(12)
    need = data["appointments"][0]
    who = next(each for each in data["participants"] if each["id"] == need["participant"])
    who["modules"], who["available"] = [], [[0, 60]]
    found = explained(data)[need["id"]]
    assert "0 times with 0 within both people's hours" in found.reasons[2]
    assert any(f"Ask whether {who['id']} could make" in each for each in found.remedies)


def test_a_group_that_is_full_says_so():
    data = make_week(12)
    who = data["participants"][0]
    module = who["modules"][0]
    for group in data["groups"]:
        if group["module"] == module:
            group["capacity"] = group["minimum"] = 0
    found = explained(data)[f"{who['id']}/{module}"]
    assert "0 with a place left" in found.reasons[1]
    assert any("Raise the capacity" in each for each in found.remedies)


def test_a_group_in_no_language_asks_to_open_one():
    data = make_week(12)
    who = data["participants"][0]
    who["language"] = "fr"
    found = explained(data)[f"{who['id']}/{who['modules'][0]}"]
    assert "0 in fr" in found.reasons[1]
    assert found.remedies == (f"Open a group of {who['modules'][0]} in fr.",)

"""A problem from outside: every mistake is named, with where it is."""

import copy

import pytest

from tests.planner.exchange_weeks import make_week
from vioP.planner.exchange_read import MalformedProblem, read_plan, read_problem

DATA = make_week(4)


def notes_of(data) -> tuple[str, ...]:
    with pytest.raises(MalformedProblem) as caught:
        read_problem(data)
    return caught.value.found


def test_every_mistake_is_named_at_once():
    data = copy.deepcopy(DATA)
    data["grid"] = "half an hour"
    data["clinicians"][0]["role"] = "nurse"
    data["participants"][1]["available"] = [[600, 500], "later"]
    data["appointments"][0]["minutes"] = -5
    data["weights"]["kindness"] = 1
    data["groups"][1]["id"] = data["groups"][0]["id"]
    del data["rooms"]
    notes = "\n".join(notes_of(data))
    for expected in (
        "grid: must be a whole number, not 'half an hour'",
        "clinicians[0] c0: role: must be therapist or prescriber, not 'nurse'",
        "participants[1] p1: available[0]: must be [start, end]",
        "participants[1] p1: available[1]: must be [start, end]",
        "appointments[0] a0: minutes: must be from 1 to 1440, not -5",
        "there is no wish called 'kindness'",
        "groups[1] g0: another one has this id",
        "rooms: must be a whole number, not nothing",
    ):
        assert expected in notes


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (
            lambda d: d["appointments"][0].update(participant="nobody"),
            "no participant nobody",
        ),
        (lambda d: d["groups"][0].update(facilitators=["nobody"]), "no clinician nobody"),
        (lambda d: d["groups"][0].update(meetings=[[20000, 20060]]), "outside the week"),
        (
            lambda d: d["appointments"][0].update(pinned=["nobody", 0]),
            "no clinician nobody",
        ),
        (lambda d: d.update(grid=7), "7 minutes do not divide a day"),
        (lambda d: d.update(format="viop-week-problem/9"), "format: must be"),
        (lambda d: d.update(participants=[7]), "participants[0]: must be an object, not 7"),
        (lambda d: d.update(published=[]), "published: must be an object or null"),
        (
            lambda d: d["appointments"][0].update(pinned=["c0"]),
            "must be [clinician, start]",
        ),
    ],
)
def test_a_contradiction_is_named(change, note):
    data = copy.deepcopy(DATA)
    change(data)
    assert any(note in each for each in notes_of(data))


@pytest.mark.parametrize("data", [None, [], "text", 7, {}])
def test_what_is_no_problem_at_all_is_refused(data):
    assert notes_of(data)
    with pytest.raises(MalformedProblem):
        read_plan(data)


def test_a_primary_clinician_who_has_left_is_no_mistake():
    data = copy.deepcopy(DATA)
    data["appointments"][0]["primary"] = "left"
    assert read_problem(data).appointments[0].primary == "left"

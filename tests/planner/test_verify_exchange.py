"""Each rule of the exchange format is broken on purpose, and the judge says so."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.planner.exchange_weeks import make_week
from vioP.dice import seeded
from vioP.planner.exchange import Told, plan_as_json
from vioP.planner.exchange_read import read_plan, read_problem
from vioP.planner.solve_exchange import Budget, solve_exchange
from vioP.planner.verify_exchange import verify_exchange

JUDGE = Path(__file__).parents[3] / "shared/tools/week_judge.py"
DATA = make_week(30, weekly=True)
PLAN = solve_exchange(read_problem(DATA), Budget(0.0, lambda: 0.0, 300), seeded(1)).plan
NEED = next(iter(PLAN.appointments))
CLINICIAN, START = PLAN.appointments[NEED]
WHO = next(each["participant"] for each in DATA["appointments"] if each["id"] == NEED)
(PERSON, MODULE), GROUP = next(iter(PLAN.groups.items()))


def of(data: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in data[kind] if each["id"] == name)
    return found


def a_licence_is_lost(data):
    of(data, "clinicians", CLINICIAN)["states"] = []


def a_language_is_lost(data):
    of(data, "clinicians", CLINICIAN)["languages"] = []


def a_role_changes(data):
    for each in data["clinicians"]:
        if each["id"] == CLINICIAN:
            each["role"] = "prescriber" if each["role"] == "therapist" else "therapist"


def a_clinician_is_away(data):
    of(data, "clinicians", CLINICIAN)["available"] = []


def a_participant_is_away(data):
    of(data, "participants", WHO)["available"] = []


def a_group_is_small(data):
    of(data, "groups", GROUP)["capacity"] = 0


def a_group_speaks_otherwise(data):
    of(data, "groups", GROUP)["language"] = "fr"


def a_group_is_about_something_else(data):
    of(data, "groups", GROUP)["module"] = "other"


def nobody_leads(data):
    of(data, "groups", GROUP)["facilitators"] = []


def rooms_are_gone(data):
    data["rooms"] = 0


def a_clinicians_day_is_short(data):
    of(data, "clinicians", CLINICIAN)["max_day"] = 10


def a_clinicians_week_is_short(data):
    of(data, "clinicians", CLINICIAN)["max_week"] = 10


def a_participants_day_is_short(data):
    of(data, "participants", PERSON)["max_day"] = 10


def a_pin_is_elsewhere(data):
    of(data, "appointments", NEED)["pinned"] = [CLINICIAN, START + 30]


def the_grid_is_wide(data):
    data["grid"] = 1440


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (a_licence_is_lost, "clinician not licensed"),
        (a_language_is_lost, "clinician language"),
        (a_role_changes, "wrong role"),
        (a_clinician_is_away, "clinician not available"),
        (a_participant_is_away, "participant not available"),
        (a_group_is_small, "over capacity"),
        (a_group_speaks_otherwise, "group language"),
        (a_group_is_about_something_else, "wrong module"),
        (nobody_leads, "no facilitator licensed"),
        (rooms_are_gone, "more sessions than rooms"),
        (a_clinicians_day_is_short, "clinician's day too long"),
        (a_clinicians_week_is_short, "clinician's week too long"),
        (a_participants_day_is_short, "participant's day too long"),
        (a_pin_is_elsewhere, "pinned appointment moved"),
        (the_grid_is_wide, "off the grid"),
    ],
)
def test_a_broken_rule_is_found(spoil, rule):
    data = copy.deepcopy(DATA)
    assert verify_exchange(read_problem(data), PLAN).broken == ()
    spoil(data)
    found = verify_exchange(read_problem(data), PLAN).broken
    assert rule in {each[0] for each in found}


def moved(start: int, clinician: str = CLINICIAN) -> Told:
    return Told(PLAN.groups, {**PLAN.appointments, NEED: (clinician, start)})


@pytest.mark.parametrize(
    ("plan", "rule"),
    [
        (moved(1430), "over midnight"),
        (moved(START + 1), "off the grid"),
        (moved(START, "nobody"), "unknown clinician"),
        (
            Told(PLAN.groups, {**PLAN.appointments, "none": ("c0", 0)}),
            "unknown appointment",
        ),
        (Told({**PLAN.groups, (PERSON, MODULE): "none"}, {}), "unknown group"),
        (Told({**PLAN.groups, (PERSON, "none"): GROUP}, {}), "module not asked for"),
    ],
)
def test_a_plan_that_breaks_a_rule_is_found(plan, rule):
    found = verify_exchange(read_problem(DATA), plan).broken
    assert rule in {each[0] for each in found}


def test_two_sessions_at_once_are_found_for_both_people():
    mine = [each for each in DATA["appointments"] if each["participant"] == WHO]
    other = next(each for each in PLAN.appointments if each not in {n["id"] for n in mine})
    plan = Told(PLAN.groups, {**PLAN.appointments, other: (CLINICIAN, START)})
    found = {each[0] for each in verify_exchange(read_problem(DATA), plan).broken}
    assert "clinician twice at once" in found
    meeting = of(DATA, "groups", GROUP)["meetings"][0][0]
    own = next(each for each in DATA["appointments"] if each["participant"] == PERSON)
    at = (PLAN.appointments[own["id"]][0], meeting)
    plan = Told(PLAN.groups, {**PLAN.appointments, own["id"]: at})
    found = {each[0] for each in verify_exchange(read_problem(DATA), plan).broken}
    assert "participant twice at once" in found


@pytest.mark.skipif(not JUDGE.exists(), reason="the judge ../shared/tools is not here")
@pytest.mark.parametrize("weekly", [False, True])
@pytest.mark.parametrize("left_out", [0, 7])
def test_the_judge_from_outside_finds_the_same(tmp_path, weekly, left_out):
    data = make_week(25, 3, weekly=weekly)
    problem = read_problem(data)
    plan = solve_exchange(problem, Budget(0.0, lambda: 0.0, 100), seeded(1)).plan
    fewer = dict(list(plan.appointments.items())[left_out:])
    plan = Told(plan.groups, fewer)
    (tmp_path / "problem.json").write_text(json.dumps(data))
    written = plan_as_json(problem, plan, (), {})
    (tmp_path / "plan.json").write_text(json.dumps(written))
    assert read_plan(written) == plan
    ran = subprocess.run(  # noqa: S603
        [
            sys.executable,
            JUDGE,
            tmp_path / "problem.json",
            tmp_path / "plan.json",
            "--json",
        ],
        capture_output=True,
        check=True,
    )
    theirs = json.loads(ran.stdout)
    ours = verify_exchange(problem, plan)
    assert (theirs["hard"], theirs["unplaced"], theirs["soft"]) == (
        0,
        ours.unplaced,
        ours.soft,
    )
    assert {k: v for k, v in theirs["by_wish"].items() if v} == ours.by_wish

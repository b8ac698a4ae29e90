"""``viop plan solve`` and ``viop plan verify`` on files."""

import gzip
import json
from pathlib import Path

import pytest

from tests.planner.exchange_weeks import make_week
from vioP import cli
from vioP.__main__ import Composition


@pytest.fixture
def problem(tmp_path):
    file = tmp_path / "week.json.gz"
    file.write_bytes(gzip.compress(json.dumps(make_week(20)).encode()))
    return file


def main(args: list[str]) -> int:
    return cli.main(args, Composition())


def solve(problem: Path, out: Path, *more: str) -> int:
    return main(["plan", "solve", "--problem", str(problem), "--out", str(out), *more])


def test_a_week_is_planned_and_judged(problem, tmp_path, capsys):
    out = tmp_path / "plan.json"
    assert solve(problem, out, "--iterations", "3000") == 0
    plan = json.loads(out.read_text())
    assert plan["format"] == "viop-week-plan/1"
    assert plan["unplaced"] == []
    assert plan["stats"]["iterations"] == 3000
    assert plan["stats"]["seconds"] > 0
    assert "hard 0 unplaced 0" in capsys.readouterr().out
    judged = ["plan", "verify", "--problem", str(problem), "--plan", str(out), "--json"]
    assert main(judged) == 0
    assert json.loads(capsys.readouterr().out)["hard"] == 0


def test_who_pays_most_is_named(problem, tmp_path, capsys):
    out = tmp_path / "plan.json"
    solve(problem, out, "--iterations", "300")
    capsys.readouterr()
    files = ["plan", "verify", "--problem", str(problem), "--plan", str(out)]
    main([*files, "--who", "3"])
    said = capsys.readouterr().out
    assert said.count(" pays ") == 3
    main([*files, "--who", "1000", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert sum(each["price"] for each in found["payers"]) == found["soft"]


def test_a_broken_plan_fails_verification(problem, tmp_path, capsys):
    out = tmp_path / "plan.json"
    solve(problem, out, "--iterations", "10")
    plan = json.loads(out.read_text())
    need = next(iter(plan["appointments"]))
    plan["appointments"][need][1] += 7
    out.write_text(json.dumps(plan))
    capsys.readouterr()
    assert main(["plan", "verify", "--problem", str(problem), "--plan", str(out)]) == 1
    assert "off the grid" in capsys.readouterr().out


def test_several_workers_keep_the_best_of_their_seeds(problem, tmp_path):
    alone = []
    for seed in ("1", "2"):
        solve(problem, tmp_path / "one.json", "--iterations", "60", "--seed", seed)
        alone.append(
            json.loads((tmp_path / "one.json").read_text())["stats"]["trace"][-1][1]
        )
    solve(problem, tmp_path / "two.json", "--iterations", "60", "--workers", "2")
    together = json.loads((tmp_path / "two.json").read_text())["stats"]["trace"][-1][1]
    assert together == min(alone)


def test_a_malformed_problem_is_refused_and_nothing_is_written(tmp_path, capsys):
    file, out = tmp_path / "week.json", tmp_path / "plan.json"
    data = make_week(4)
    data["grid"], data["rooms"] = "x", -1
    file.write_text(json.dumps(data))
    assert solve(file, out) == 1
    said = capsys.readouterr().err
    assert "grid: must be a whole number" in said
    assert "rooms: must be from 0" in said
    assert not out.exists()


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        (b"{", "is not JSON"),
        (b"\x1f\x8bnonsense", "cannot be read"),
        (None, "There is no file"),
    ],
)
def test_a_file_that_holds_no_problem_is_refused(tmp_path, capsys, raw, note):
    file = tmp_path / "week.json.gz"
    if raw is not None:
        file.write_bytes(gzip.compress(raw) if raw == b"{" else raw)
    assert solve(file, tmp_path / "plan.json") == 1
    assert note in capsys.readouterr().err


def test_verify_wants_a_week_or_two_files(capsys):
    assert main(["plan", "verify"]) == 1
    assert "--week" in capsys.readouterr().err


def test_a_plan_that_cannot_be_written_is_said_so_and_leaves_nothing(
    problem, tmp_path, capsys
):
    out = tmp_path / "a folder"
    out.mkdir()
    assert solve(problem, out, "--iterations", "1") == 1
    assert "cannot be written" in capsys.readouterr().err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a folder", "week.json.gz"]

"""No dependency may be older than the version that closed a hole known to us.

A list of our own, because none is within reach of every machine that runs the tests; add a
line when an advisory concerns us.
"""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Package: the first version without the hole, and which hole.
FLOORS = {
    "aiohttp": ((3, 13, 4), "CVE-2026-22815: trailers without a limit"),
    "icalendar": ((7, 3, 0), "a lone CR injects lines"),
    "jinja2": ((3, 1, 6), "CVE-2025-27516: out of the sandbox by the attr filter"),
}


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"\d+", text)[:3])


@pytest.mark.parametrize("package", FLOORS)
def test_what_is_installed_is_not_older_than_a_known_hole(package: str):
    floor, hole = FLOORS[package]

    assert numbers(version(package)) >= floor, hole


@pytest.mark.parametrize("package", FLOORS)
def test_nothing_older_than_a_known_hole_may_be_installed(package: str):
    floor, hole = FLOORS[package]
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]

    [bound] = [
        each.partition(">=")[2]
        for each in wanted
        if re.split(r"[^\w-]", each)[0] == package
    ]
    assert (*numbers(bound), 0, 0)[:3] >= floor, hole


def test_the_locks_hold_nothing_older():
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-server.lock"):
        held = dict(
            re.findall(r"^([\w-]+)==([\w.]+)", (ROOT / lock).read_text(), re.MULTILINE)
        )
        for package, (floor, hole) in FLOORS.items():
            assert numbers(held[package]) >= floor, hole


def test_tables_for_spreadsheets_are_written_in_one_place_which_guards_their_cells():
    """Cells are made harmless there: tests/web/test_reports.py."""
    writers = [
        str(file.relative_to(ROOT))
        for file in (ROOT / "vioP").rglob("*.py")
        if re.search(r"csv\.(writer|DictWriter)", file.read_text())
    ]
    assert writers == ["vioP/files/table_out.py"]

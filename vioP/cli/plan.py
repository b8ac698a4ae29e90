"""``viop plan``: build, show, verify, explain and publish a week; look ahead; plan from a file.

Only the options are here. What a part needs is loaded when it runs: planning from a file does
without the database and its third of a second.
"""

import argparse
from pathlib import Path
from typing import Any

from vioP.cli.composition import Later
from vioP.cli.say import takes_json, takes_week

_MOST_WEEKS = 26


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its parts."""
    parts = command.add_subparsers(dest="part", metavar="PART", required=True)
    for name, about in (
        ("build", "build a draft; nobody is told anything"),
        ("show", "show the newest draft"),
        ("verify", "judge the newest draft by every hard rule"),
        ("explain", "say why something stands where it does, or nowhere"),
        ("publish", "tell people what changed"),
    ):
        part = parts.add_parser(name, help=about)
        if name == "verify":
            part.add_argument(
                "--problem", type=Path, metavar="FILE", help="a week from a file"
            )
            part.add_argument(
                "--plan", type=Path, metavar="FILE", help="and the plan for it"
            )
            part.add_argument(
                "--who", type=int, metavar="N", help="with files: the N who pay most"
            )
        takes_week(part, required=name != "verify")
        takes_json(part)
        if name == "explain":
            part.add_argument("need", nargs="?", help="one need, such as p01-individual")
        part.set_defaults(run=Later("plan_week", name))
    _add_ahead(parts)
    _add_solve(parts.add_parser("solve", help="plan a week stated in a file"))


def _add_ahead(parts: Any) -> None:
    """The parts that look ahead."""
    for name, about in (
        ("forecast", "what the weeks ahead will be short of"),
        ("template", "when cohorts could meet next term, and who would hold them"),
        ("recommend", "where somebody fits without anybody moving"),
    ):
        part = parts.add_parser(name, help=about)
        takes_week(part)
        takes_json(part)
        if name == "forecast":
            part.add_argument("--weeks", type=_weeks, metavar="N")
        if name == "recommend":
            part.add_argument("participant", help="such as p01")
        part.set_defaults(run=Later("ahead", name))


def _add_solve(command: argparse.ArgumentParser) -> None:
    """Planning from a file."""
    command.add_argument("--problem", required=True, type=Path, metavar="FILE")
    command.add_argument("--out", required=True, type=Path, metavar="FILE")
    command.add_argument(
        "--budget",
        type=_seconds,
        default=10.0,
        metavar="SECONDS",
        help="seconds of one core, reading the problem included (default 10)",
    )
    command.add_argument("--seed", type=int, default=1, help="same seed, same throws")
    command.add_argument(
        "--iterations",
        type=_whole,
        metavar="N",
        help="search this often instead: the same plan on every machine",
    )
    command.add_argument(
        "--workers",
        type=_whole,
        default=1,
        metavar="N",
        help="search on so many cores, each with its own seed, and keep the best; 0 means all",
    )
    takes_json(command)
    command.set_defaults(run=Later("solve", "solve_file"))


def _weeks(text: str) -> int:
    value = int(text)
    if not 1 <= value <= _MOST_WEEKS:
        raise argparse.ArgumentTypeError(f"must be from 1 to {_MOST_WEEKS}")
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 86_400:  # noqa: PLR2004 - a day
        raise argparse.ArgumentTypeError("must be from 0 to 86400 seconds")
    return value


def _whole(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return value

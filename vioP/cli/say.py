"""How commands speak: results to stdout, as text or JSON; trouble to stderr."""

import argparse
import json
import sys
from typing import Any


def say(text: str) -> None:
    """Say something that was asked for."""
    print(text)


def say_json(value: Any) -> None:
    """Say something for a program to read."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def remark(text: str) -> None:
    """Say something beside the result: progress, or a choice that was made."""
    print(text, file=sys.stderr)


def complain(what: str, next_step: str = "") -> None:
    """Say what went wrong, and what to do next."""
    print(f"viop: {what}", file=sys.stderr)
    if next_step:
        print(f"      {next_step}", file=sys.stderr)


def takes_json(command: argparse.ArgumentParser) -> None:
    """Let a command answer in JSON."""
    command.add_argument("--json", action="store_true", help="answer in JSON")


def takes_week(command: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Let a command be told a week."""
    command.add_argument(
        "--week",
        required=required,
        metavar="DAY",
        help="any day of the week, such as 2027-03-08",
    )

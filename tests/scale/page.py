"""The performance page: each measurement writes its own section and leaves the others."""

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "performance.md"
_HEAD = """\
# Performance

Written by `make bench`: each section by its own measurement, on the machine it names. Seconds
are of the processor, not of the clock on the wall; trust ratios over absolutes.
"""


def write_section(title: str, text: str) -> None:
    """Put a section on the page, in place of the one of the same title."""
    old = PAGE.read_text() if PAGE.exists() else ""
    sections = {
        each.split("\n", 1)[0]: each
        for each in re.split(r"^## ", old, flags=re.MULTILINE)[1:]
    }
    sections[title] = f"{title}\n\n{text.strip()}\n\n{_machine()}\n\n"
    body = "".join(f"## {each}" for _, each in sorted(sections.items()))
    PAGE.write_text(f"{_HEAD}\n{body.rstrip()}\n")


def others() -> str:
    """How busy the machine was with everything, for figures by the clock on the wall."""
    return (
        f"The load of the whole machine was {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores; "
        "what is counted by the second shrinks with it."
    )


def load() -> str:
    """A word about what else the machine does; empty when that is little."""
    wanting = os.getloadavg()[0]
    cores = os.cpu_count() or 1
    return (
        f", where {wanting:.0f} programs wanted a turn at a time"
        if wanting > 2 * cores
        else ""
    )


def _machine() -> str:
    day = datetime.now(UTC).date()  # noqa: TID251 - when it was measured
    return (
        f"Measured on {platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, on {day}."
    )

"""Hours in a cell: ``mon-fri 09:00-12:00; tue 13:00-17:00``."""

import re
from datetime import time

from vioP.domain.availability import Hours
from vioP.files.rows import Row
from vioP.files.table import WEEKDAYS

_STRETCH = re.compile(r"(\w{3})(?:-(\w{3}))? (\d\d:\d\d)-(\d\d:\d\d)")


def stretches(row: Row, column: str) -> tuple[Hours, ...]:
    """The hours a cell names; what cannot be read is noted. An empty cell names none."""
    text = row.text(column)
    found: list[Hours] = []
    for part in filter(None, (each.strip() for each in text.split(";"))):
        hours = _stretch(part.lower())
        if hours is None:
            row.note(
                column,
                f"“{part}” are no hours.",
                "Write mon-fri 09:00-12:00; tue 13:00-17:00.",
            )
        else:
            found += hours
    return tuple(sorted(found))


def _stretch(part: str) -> list[Hours] | None:
    match = _STRETCH.fullmatch(part)
    if match is None:
        return None
    first, last, opens, closes = match.groups()
    try:
        days = range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)
        times = time.fromisoformat(opens), time.fromisoformat(closes)
        found = [Hours(day, *times) for day in days]
    except ValueError:
        return None
    return found or None

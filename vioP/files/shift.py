"""A programme's dates moved by whole weeks, so that a demo can run on the real clock."""

import re
from datetime import date, timedelta

from vioP.files.source import Source

_DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")


def shift_dates(source: Source, weeks: int) -> Source:
    """The same file with every date moved by a number of weeks; weekdays stay."""
    if not weeks:
        return source

    def moved(found: re.Match[str]) -> str:
        return str(date.fromisoformat(found[1]) + timedelta(weeks=weeks))

    return Source(source.name, _DAY.sub(moved, source.text))

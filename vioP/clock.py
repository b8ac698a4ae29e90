"""Clocks: the real one, and the demo's, which runs from a day of its own and can be moved."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from vioP.domain.time import Instant, instant, later


class SystemClock:
    """The machine's clock."""

    def now(self) -> Instant:
        """The present instant, in UTC."""
        return Instant(datetime.fromtimestamp(time.time(), UTC))  # noqa: TID251 - the clock


@dataclass(frozen=True, slots=True)
class MovableClock:
    """The demo's clock: real time plus an offset, kept in a file that every process reads."""

    file: Path

    def now(self) -> Instant:
        """The demo's present instant."""
        return later(SystemClock().now(), self.offset)

    @property
    def offset(self) -> timedelta:
        """How far this clock is from the real one."""
        if not self.file.exists():
            return timedelta()
        return timedelta(seconds=json.loads(self.file.read_text())["offset_seconds"])

    def move_to(self, moment: Instant) -> None:
        """Show this instant now, and run on from it."""
        self._keep(instant(moment) - SystemClock().now())

    def _keep(self, offset: timedelta) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        beside = self.file.with_suffix(".new")
        beside.write_text(json.dumps({"offset_seconds": offset.total_seconds()}))
        beside.replace(self.file)

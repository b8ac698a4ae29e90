"""APScheduler reads the machine's clock by itself; here that clock belongs to the world."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from types import ModuleType
from typing import Any

import apscheduler.executors.base
import apscheduler.schedulers.base
import apscheduler.triggers.interval

_READERS: tuple[ModuleType, ...] = (
    apscheduler.executors.base,
    apscheduler.schedulers.base,
    apscheduler.triggers.interval,
)


@contextmanager
def machine_time(now: Callable[[], datetime]) -> Iterator[None]:
    """Let APScheduler take this for the machine's clock while the block lasts."""

    class WorldTime(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return now().astimezone(tz)

    before = [vars(module)["datetime"] for module in _READERS]
    for module in _READERS:
        vars(module)["datetime"] = WorldTime
    try:
        yield
    finally:
        for module, kept in zip(_READERS, before, strict=True):
            vars(module)["datetime"] = kept

"""Ctrl-C, when it means: enough, take the best so far."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """While this lasts, Ctrl-C ends the search with the best plan instead of the program."""
    stopped: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        stopped.append(number)

    before = signal.signal(signal.SIGINT, note), signal.signal(signal.SIGTERM, note)
    try:
        yield lambda: not stopped
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])

"""An event loop whose time moves only when nothing is left to do.

Bytes on sockets of this machine are there at once, so a real web server and its clients run
on it as they are. Threads are not: what would go to one is done on the spot.
"""

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any


class Stalled(RuntimeError):
    """Nothing to do and nothing to wait for: the program would sleep for ever."""


class _Patience(selectors.EpollSelector):
    """Looks at sockets at once; instead of waiting for them it moves the time on."""

    loop: "VirtualLoop"

    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return sorted(
                ready, key=lambda each: each[0].fd
            )  # one order, whatever the kernel
        if timeout is None:
            raise Stalled("Nothing is left to do, and nothing to wait for.")
        self.loop.advance(timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop that begins at nought and waits for nothing."""

    def __init__(self) -> None:
        self._seconds = 0.0
        patience = _Patience()
        patience.loop = self
        super().__init__(patience)

    def time(self) -> float:
        """Seconds since the world began."""
        return self._seconds

    def advance(self, seconds: float) -> None:
        """Let time pass in which the program does nothing."""
        self._seconds += seconds

    def run_in_executor(  # type: ignore[override]  # a future is what callers await
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> "asyncio.Future[Any]":
        """Do it here and now: threads would make two runs differ."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - it belongs to whoever awaits the future
            future.set_exception(error)
        return future

"""A pace: so much at once and so much a second. Whoever is faster waits, and nobody else."""

import asyncio
import time


class Pace:
    """Gives turns: as many as were saved up at once, then one after the other.

    Args:
        at_once: How many may be saved up.
        a_second: How many are added each second.
    """

    def __init__(self, at_once: int, a_second: float) -> None:
        self._at_once = float(at_once)
        self._a_second = a_second
        self._saved = self._at_once
        self._seen = time.monotonic()

    async def turn(self) -> None:
        """Take a turn, once there is one."""
        now = time.monotonic()
        more = (now - self._seen) * self._a_second
        self._saved = min(self._at_once, self._saved + more) - 1
        self._seen = now
        if self._saved < 0:
            await asyncio.sleep(-self._saved / self._a_second)

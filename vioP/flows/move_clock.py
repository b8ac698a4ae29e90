"""Move the demo's clock: play everything that falls due on the way, in order."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from vioP.domain.time import Instant
from vioP.ports import Ports

_MOST_STEPS = 5000


class Movable(Protocol):
    """A clock that can be moved."""

    def move_to(self, moment: Instant) -> None:
        """Show this instant now, and run on from it."""
        ...


async def move_clock(
    ports: Ports, clock: Movable, run_due: Callable[[], Awaitable[int]], target: Instant
) -> None:
    """Go forward to an instant, stopping wherever a job is due, so that nothing is skipped.

    Args:
        ports: The surroundings; their clock is the one that moves.
        clock: The same clock, to be moved.
        run_due: Runs one batch of what is due, and says how many jobs that were.
        target: Where to stop. An instant in the past leaves the clock alone.
    """
    for _ in range(_MOST_STEPS):
        while await run_due():
            pass
        async with ports.store.read() as tx:
            due = await tx.jobs.next_due()
        if due is None or due >= target:
            break
        await _jump(ports, clock, due)
    await _jump(ports, clock, target)
    while await run_due():
        pass


async def _jump(ports: Ports, clock: Movable, moment: Instant) -> None:
    """Move on, and let nobody's browser be signed out for it."""
    by = moment - ports.clock.now()
    if by.total_seconds() <= 0:
        return
    async with ports.store.write() as tx:
        await tx.accounts.move_sessions(by)
    clock.move_to(moment)

"""Play arrivals, in the demo only: hosts start, and everybody joins but one."""

from collections.abc import Sequence
from datetime import timedelta

from vioP.domain.attendance import Evidence, Fact
from vioP.domain.errors import Missing
from vioP.domain.live import LiveSeat, LiveSession
from vioP.domain.time import later
from vioP.flows.mark_attendance import start_session
from vioP.ports import Ports

_SOON = timedelta(minutes=30)


async def play_arrivals(ports: Ports) -> LiveSession:
    """Let every session that is running, or about to, begin; its largest lacks one person.

    Returns:
        The session with somebody missing.

    Raises:
        Missing: No session with people is running or about to begin.
    """
    now = ports.clock.now()
    async with ports.store.read() as tx:
        sessions = await tx.live.between(now, later(now, _SOON))
    waiting = [each for each in sessions if each.seats and each.host_started_at is None]
    if not waiting:
        raise Missing("No session is about to begin. Move the clock to the next one first.")
    session = max(waiting, key=lambda each: len(each.seats))
    for each in waiting:
        await start_session(ports, each.id, each.lead_id)
        await _join(ports, each.seats[1:] if each is session else each.seats)
    return session


async def _join(ports: Ports, seats: Sequence[LiveSeat]) -> None:
    now = ports.clock.now()
    async with ports.store.write() as tx:
        for seat in seats:
            await tx.live.witness(
                seat.id,
                Evidence(Fact.JOIN_PRESSED, now, "demo"),
                recorded_at=now,
                key=f"demo:{seat.id}",
            )

"""Decide about time off: agreed, it is leave like any other; declined, they read why."""

from collections.abc import Sequence

from vioP.domain.errors import Invalid, TimeOffDecided
from vioP.domain.time_off import TimeOff, TimeOffState
from vioP.flows.note_leave import DaysAway, keep_leave
from vioP.ports import Ports


async def accept_time_off(ports: Ports, request_id: str, by: str) -> TimeOff:
    """Agree: the days are noted as leave, and drafts are stale by that. Nobody is told.

    Raises:
        TimeOffDecided: There is no such request any more; nothing was written.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        asked = await tx.time_off.settle(request_id, TimeOffState.ACCEPTED, "", by, now)
        if asked is None:
            raise TimeOffDecided
        await tx.audit.note(now, by, "time_off.accepted", request_id)
        await keep_leave(
            ports, tx, DaysAway(asked.staff_id, asked.first, asked.last, asked.id), by
        )
    return asked


async def decline_time_off(ports: Ports, request_id: str, answer: str, by: str) -> None:
    """Say no, and why.

    Raises:
        Invalid: No reason is given.
        TimeOffDecided: There is no such request any more; nothing was written.
    """
    if not answer:
        raise Invalid("Say why, in a few words: they will read it.")
    now = ports.clock.now()
    async with ports.store.write() as tx:
        state = TimeOffState.DECLINED
        if await tx.time_off.settle(request_id, state, answer, by, now) is None:
            raise TimeOffDecided
        await tx.audit.note(now, by, "time_off.declined", request_id)


async def show_time_off(ports: Ports) -> Sequence[TimeOff]:
    """Every request that waits for a decision, the earliest days first."""
    async with ports.store.read() as tx:
        return await tx.time_off.open()


async def count_time_off(ports: Ports) -> int:
    """How many requests wait for a decision."""
    async with ports.store.read() as tx:
        return await tx.time_off.count_open()

"""Show missed days: what is not held in the weeks to come, and when it could be instead."""

import asyncio
from collections.abc import Sequence

from vioP.domain.arrangement import arranged
from vioP.domain.programme import Programme
from vioP.domain.time import Week
from vioP.flows.build_week import read_told, state_week
from vioP.planner.from_programme import Circumstances, hold
from vioP.planner.make_up import MissedDay, missed_days, not_held
from vioP.ports import Ports


async def show_missed(
    ports: Ports, programme: Programme, weeks: Sequence[Week]
) -> Sequence[MissedDay]:
    """The days of some weeks that are not held and not made up for, in order.

    Most weeks miss none, and that is quickly seen; only the others are stated whole.
    """
    async with ports.store.read() as tx:
        leave = await tx.programme.leave()
        noted = [each.what for each in await tx.arrangements.noted()]
        now = ports.clock.now()
        told = {week: await read_told(tx, week, now) for week in weeks}
    found: list[MissedDay] = []
    for week in weeks:
        around = Circumstances(leave, (), now, arranged(noted), told[week])
        if await asyncio.to_thread(_misses_some, week, programme, around):
            stated = await state_week(ports, week)
            found += await asyncio.to_thread(missed_days, stated.statement)
    return found


def _misses_some(week: Week, programme: Programme, around: Circumstances) -> bool:
    held = hold(week, programme, around)
    return bool(not_held(held.arranged, held.meetings))

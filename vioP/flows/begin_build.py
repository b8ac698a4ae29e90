"""Begin a build: a small week is built at once, a large one by a worker, to be watched."""

from vioP.domain.time import Week
from vioP.flows.build_week import build_at_once, state_week
from vioP.flows.jobs import build_job
from vioP.ports import Ports


async def begin_build(ports: Ports, week: Week, by: str) -> bool:
    """Have a week built. Of two people who ask at once for a large one, both get one build.

    Returns:
        Whether the build is under way; otherwise the draft is there.

    Raises:
        NoProgramme: Nothing was imported yet.
    """
    stated = await state_week(ports, week)
    if not stated.is_large:
        await build_at_once(ports, stated, by)
        return False
    now = ports.clock.now()
    async with ports.store.write() as tx:
        await tx.builds.begin(week, now, by)
        await ports.jobs.defer(tx, [build_job(week, now)])
    return True

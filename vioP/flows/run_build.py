"""Run a build: a worker takes a week up that waits to be built, and builds it."""

import structlog

from vioP.domain.errors import DatabaseBusy, VioPError
from vioP.domain.time import Week
from vioP.flows.build_week import build_held, state_week, take_up
from vioP.ports import Ports

log = structlog.get_logger()


async def run_build(ports: Ports, week: Week) -> None:
    """Build a week, unless nobody asked for it or somebody is at it.

    Runs as a job, any number of times. A refusal is written where the page shows it; trying
    again by itself would only end the same way.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        held = await take_up(tx, week, now)
    if held is None:
        return
    try:
        stated = await state_week(ports, week)
        await build_held(ports, stated, held)
    except DatabaseBusy:
        raise  # which passes: the job runs again
    except VioPError as error:
        async with ports.store.write() as tx:
            await tx.builds.fail(held, str(error))
        await log.awarning("week.build_failed", code=error.code)

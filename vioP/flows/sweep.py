"""Sweep: rebuild whatever jobs were lost, from rows. Losing every job loses no fact."""

from datetime import timedelta

from vioP.domain.delivery import Channel
from vioP.domain.time import later
from vioP.flows.jobs import deliver_job, sweep_job, watch_job
from vioP.ports import Ports

EVERY = timedelta(minutes=1)
_AHEAD = timedelta(hours=1)
# A session whose last look was missed, say because this machine was down, gets it late.
_BEHIND = timedelta(days=2)


async def sweep(ports: Ports) -> None:
    """Queue every channel that has work, every session to be watched, and the next sweep."""
    now = ports.clock.now()
    async with ports.store.write() as tx:
        jobs = [sweep_job(later(now, EVERY))]
        for channel in Channel:
            due = await tx.deliveries.next_due(channel)
            if due is not None:
                jobs.append(deliver_job(channel, max(due, now)))
        window = later(now, -_BEHIND), later(now, _AHEAD)
        for session_id, starts in (await tx.live.watchable(*window)).items():
            jobs.append(watch_job(session_id, max(starts, now)))
        await ports.jobs.defer(tx, jobs)

"""Sweep: rebuild whatever jobs were lost, from rows. Losing every job loses no fact."""

from datetime import timedelta

from vioP.domain.delivery import AT_MOST_TRIES, Channel
from vioP.domain.time import later
from vioP.flows.apply_retention import next_night
from vioP.flows.jobs import (
    build_job,
    deliver_job,
    hear_carrier_job,
    look_ahead_job,
    put_out_job,
    remind_job,
    retention_job,
    sweep_job,
    watch_job,
    work_out_job,
)
from vioP.flows.look_ahead import next_look
from vioP.ports import Ports

EVERY = timedelta(minutes=1)
_AHEAD = timedelta(hours=1)
# A session whose last look was missed, say because this machine was down, gets it late.
_BEHIND = timedelta(days=2)


async def sweep(ports: Ports) -> None:
    """Queue channels with work, sessions to watch, what is planned, and the next looks."""
    now = ports.clock.now()
    async with ports.store.write() as tx:
        jobs = [sweep_job(later(now, EVERY)), remind_job(now)]
        for channel in Channel:
            due = await tx.deliveries.next_due(channel)
            if due is not None:
                jobs.append(deliver_job(channel, max(due, now)))
        window = later(now, -_BEHIND), later(now, _AHEAD)
        for session_id, starts in (await tx.live.watchable(*window)).items():
            jobs.append(watch_job(session_id, max(starts, now)))
        open_now = later(now, -_AHEAD), later(now, _AHEAD)
        jobs += [
            put_out_job(each, now) for each in await tx.rooms.with_unwelcome(*open_now)
        ]
        jobs += [build_job(week, now) for week in await tx.builds.under_way()]
        jobs += [work_out_job(each, now) for each in await tx.foresights.waiting()]
        if await tx.carrier_inbox.waiting(now, AT_MOST_TRIES):
            jobs.append(hear_carrier_job(now))
        zone = await tx.programme.zone()
        if zone is not None:
            jobs.append(look_ahead_job(next_look(now, zone)))
            jobs.append(retention_job(next_night(now, zone)))
        await ports.jobs.defer(tx, jobs)

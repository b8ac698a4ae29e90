"""Check the health of the house: the database, jobs, channels, rooms and disks."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import structlog

from vioP.disk import free_bytes
from vioP.domain.health import (
    FAILS_OFTEN,
    JOB_PATIENCE,
    LEAST_FREE,
    MESSAGE_PATIENCE,
    Health,
    Trouble,
    Vitals,
    judge,
    without_database,
)
from vioP.domain.time import later
from vioP.ports import Ports

log = structlog.get_logger()

_PATIENCE = 3.0  # seconds; a database that takes longer does not answer


async def check_health(ports: Ports, places: Sequence[Path]) -> Health:
    """Say of each part whether it does its work. Changes nothing, and never raises.

    Args:
        ports: The house.
        places: Where this house keeps files; the fullest of their disks counts.
    """
    measured = asyncio.wait_for(_measure(ports, places), _PATIENCE)
    [found] = await asyncio.gather(measured, return_exceptions=True)
    if isinstance(found, Vitals):
        return judge(found, ports.clock.now())
    if not isinstance(found, Exception):
        raise found
    log.error("health.not_known", exc_info=found)
    return without_database()


async def _measure(ports: Ports, places: Sequence[Path]) -> Vitals:
    now = ports.clock.now()
    late = later(now, -JOB_PATIENCE)
    silent = later(now, -ports.house.room_silence)
    async with ports.store.read() as tx:
        return Vitals(
            late_jobs=await tx.vitals.late_jobs(late, now),
            oldest_job=await tx.vitals.oldest_job(late, now),
            failing_jobs=await tx.vitals.failing_jobs(FAILS_OFTEN),
            troubles={
                each.channel: Trouble(each.since, each.reason)
                for each in await tx.outages.all()
            },
            stuck=await tx.vitals.stuck(later(now, -MESSAGE_PATIENCE), now),
            silent_rooms=await tx.vitals.silent_rooms(silent, now),
            unreadable=ports.store.unreadable,
            free_bytes=min(map(free_bytes, places), default=LEAST_FREE),
        )

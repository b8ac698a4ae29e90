"""Take the measure of the house: what waits, how late the ladder is, who is not reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from vioP.domain.delivery import Channel
from vioP.domain.health import FAILS_OFTEN, JOB_PATIENCE, MESSAGE_PATIENCE
from vioP.domain.time import later
from vioP.ports import Ports
from vioP.storage.vitals import OpenAttempts

LADDER_WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Measure:
    """What the rows say now.

    Attributes:
        oldest_job: How late the oldest late job is, in seconds.
        deliveries: How many there are, by channel and state.
        ladder: How late each step of the ladder of the last hour left, in seconds.
        attempts: Open attempts to reach somebody, by channel.
    """

    late_jobs: int
    oldest_job: float
    failing_jobs: int
    deliveries: Mapping[tuple[str, str], int]
    stuck: Mapping[Channel, int]
    troubles: frozenset[Channel]
    silent_rooms: int
    ladder: Sequence[float]
    attempts: Mapping[Channel, OpenAttempts]


async def take_measure(ports: Ports) -> Measure:
    """Read every figure from one view of the database."""
    now = ports.clock.now()
    late = later(now, -JOB_PATIENCE)
    async with ports.store.read() as tx:
        oldest = await tx.vitals.oldest_job(late, now)
        return Measure(
            late_jobs=await tx.vitals.late_jobs(late, now),
            oldest_job=(now - oldest).total_seconds() if oldest else 0.0,
            failing_jobs=await tx.vitals.failing_jobs(FAILS_OFTEN),
            deliveries=await tx.vitals.deliveries(),
            stuck=await tx.vitals.stuck(later(now, -MESSAGE_PATIENCE), now),
            troubles=frozenset(each.channel for each in await tx.outages.all()),
            silent_rooms=await tx.vitals.silent_rooms(
                later(now, -ports.house.room_silence), now
            ),
            ladder=await tx.vitals.ladder_lateness(later(now, -LADDER_WINDOW)),
            attempts=await tx.vitals.open_attempts(now),
        )

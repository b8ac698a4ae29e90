"""Apply retention: what has served its purpose is counted, and when told to, forgotten."""

from collections.abc import Mapping
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.retention import Kind
from vioP.domain.time import Instant, WallTime, later, week_of
from vioP.ports import Ports

_NIGHT = time(3, 30)


def next_night(now: Instant, zone: str) -> Instant:
    """The next half past three at night in a zone, later than now."""
    today = now.astimezone(ZoneInfo(zone)).date()
    for day in (today, today + timedelta(days=1), today + timedelta(days=2)):
        night = WallTime(day.weekday(), _NIGHT).on(week_of(day), ZoneInfo(zone))
        if night > now:
            return night
    raise ValueError(f"{zone} has no night after {now}")


async def count_aged(ports: Ports) -> Mapping[Kind, int]:
    """How much of each class is past its time. Changes nothing."""
    now = ports.clock.now()
    async with ports.store.read() as tx:
        return {
            kind: await tx.aged.count(kind, later(now, -ports.house.retention.of(kind)))
            for kind in Kind
        }


async def apply_retention(ports: Ports, by: str) -> Mapping[Kind, int]:
    """Forget what is past its time, a part at a time, and write down how much it was.

    Cut short, it goes on where it was the next time.

    Returns:
        How many rows of each class were emptied or deleted.
    """
    counts = await count_aged(ports)
    if not any(counts.values()):
        return counts
    now = ports.clock.now()
    for kind in Kind:
        before = later(now, -ports.house.retention.of(kind))
        async with ports.store.write() as tx:
            await tx.aged.forget(kind, before)
        while kind is Kind.MESSAGES:
            async with ports.store.write() as tx:
                if not await tx.aged.empty_messages(before):
                    break
    async with ports.store.write() as tx:
        told = {kind.value: str(number) for kind, number in counts.items()}
        await tx.audit.note(now, by, "retention.applied", "everybody", told)
    await ports.store.wipe()
    return counts


async def apply_retention_nightly(ports: Ports) -> None:
    """Forget what is past its time, if the operator has chosen that for every night."""
    if ports.house.retention.nightly:
        await apply_retention(ports, "viop")

"""Show a report: what the sessions of some weeks add up to."""

import asyncio
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.availability import local_day
from vioP.domain.errors import Invalid
from vioP.domain.report import Report, report
from vioP.ports import Ports

LONGEST = timedelta(weeks=13)


async def show_report(ports: Ports, first: date, last: date, zone: str) -> Report:
    """What the sessions of some days add up to. It names nobody.

    Args:
        ports: The surroundings.
        first: The first day.
        last: The last day, included.
        zone: Whose days these are.

    Raises:
        Invalid: The days are the wrong way round, or more than a quarter of a year.
    """
    if last < first:
        raise Invalid(f"The last day, {last}, is before the first, {first}.")
    if last - first > LONGEST:
        raise Invalid("A report covers thirteen weeks at most. Choose fewer days.")
    home = ZoneInfo(zone)
    since, until = local_day(first, home)[0], local_day(last, home)[1]
    now = ports.clock.now()
    async with ports.store.read() as tx:
        sessions = await tx.live.between(since, until)
    inside = [each for each in sessions if since <= each.starts < until]
    return await asyncio.to_thread(report, inside, now)

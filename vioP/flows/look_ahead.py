"""Look ahead: once a day, tell people what has come near enough to be told."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.time import Instant, WallTime, Week, week_of
from vioP.flows.call_off_tests import call_off_impossible_tests
from vioP.flows.chase_set_up import chase_set_up
from vioP.flows.prepare_people import prepare_people
from vioP.flows.tell_clocks import tell_clocks
from vioP.flows.tell_seats import tell_seats
from vioP.ports import Ports

_MORNING = time(9)


def next_look(now: Instant, zone: str) -> Instant:
    """The next nine o'clock in a zone, later than now."""
    today = now.astimezone(ZoneInfo(zone)).date()
    for day in (today, today + timedelta(days=1)):
        morning = WallTime(day.weekday(), _MORNING).on(week_of(day), ZoneInfo(zone))
        if morning > now:
            return morning
    raise ValueError(f"{zone} has no morning after {now}")


async def look_ahead(ports: Ports) -> None:
    """Tell what is published and has come near, and whose clocks will change apart.

    Whoever could not be told, because they have not set up, is put before a coordinator; so
    is whoever comes for the first time tomorrow on a device that is not ready.

    Whoever knows already hears nothing, so a day that was missed is made up for by the next.
    """
    present = week_of(ports.clock.now().date())
    since = Week(present.monday - timedelta(weeks=1))  # a Sunday evening may not be over
    async with ports.store.write() as tx:
        await tx.programme.lock()  # a publication at the same moment takes its turn
        await tell_seats(ports, tx, since, ports.house.telling.last_week(present))
        await call_off_impossible_tests(ports, tx, "viop")
        await tell_clocks(ports, tx)
        await chase_set_up(ports, tx)
        await prepare_people(ports, tx)

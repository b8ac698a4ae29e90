"""Forecast: what the weeks ahead will be short of, while there is time to do something."""

from datetime import timedelta

from vioP.domain.time import Week
from vioP.flows.build_week import read_week
from vioP.flows.crew import run_apart
from vioP.flows.foresight_tasks import Foresee, ForeseenWeek
from vioP.ports import Ports

WEEKS = 6


async def forecast_weeks(
    ports: Ports, first: Week, count: int = WEEKS
) -> tuple[ForeseenWeek, ...]:
    """Plan the weeks ahead as if today, keep no plan, and say what would be short.

    Raises:
        NoProgramme: Nothing was imported yet.
        SearchDied: A worker process died.
    """
    weeks = [Week(first.monday + timedelta(weeks=each)) for each in range(count)]
    read = [await read_week(ports, each) for each in weeks]
    return await run_apart([Foresee(each) for each in read])

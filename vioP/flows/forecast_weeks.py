"""Forecast: what the weeks ahead will be short of, while there is time to do something."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from vioP.domain.time import Week
from vioP.domain.week import Notice, UnplacedNeed
from vioP.flows.build_week import state_week
from vioP.flows.search_week import StatedWeek
from vioP.planner.forecast import foresee
from vioP.planner.solve import solve
from vioP.planner.to_plan import to_plan
from vioP.ports import Ports

WEEKS = 6


@dataclass(frozen=True, slots=True)
class ForeseenWeek:
    """A week ahead.

    Attributes:
        unplaced: What would find no place if it were planned today.
        notices: What is worth knowing early.
    """

    week: Week
    sessions: int
    unplaced: tuple[UnplacedNeed, ...]
    notices: tuple[Notice, ...]


async def forecast_weeks(
    ports: Ports, first: Week, count: int = WEEKS
) -> tuple[ForeseenWeek, ...]:
    """Plan the weeks ahead as if today, keep nothing, and say what would be short.

    Raises:
        NoProgramme: Nothing was imported yet.
    """
    weeks = [Week(first.monday + timedelta(weeks=each)) for each in range(count)]
    stated = [await state_week(ports, each) for each in weeks]
    return await asyncio.to_thread(lambda: tuple(map(_foreseen, stated)))


def _foreseen(stated: StatedWeek) -> ForeseenWeek:
    solution = solve(stated.statement.problem)
    plan = to_plan(stated.statement, solution, stated.programme, stated.version)
    return ForeseenWeek(
        stated.statement.week,
        len(plan.sessions),
        plan.unplaced,
        foresee(stated.statement, plan, stated.programme),
    )

"""Build: a week of needs becomes a judged and explained draft. Nobody is told anything."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context

from vioP.dice import seeded
from vioP.domain.errors import NoProgramme
from vioP.domain.programme import Programme
from vioP.domain.time import Week
from vioP.domain.week import WeekPlan
from vioP.flows.habits import habits
from vioP.planner.from_programme import Circumstances, Statement, state
from vioP.planner.improve import improve
from vioP.planner.problem import Solution
from vioP.planner.solve import solve
from vioP.planner.to_plan import to_plan
from vioP.ports import Ports

# Fairness is over the term: who was moved in it is moved less readily.
_TERM = timedelta(weeks=12)
# From so many appointments on, planning takes longer than starting a process for it.
LARGE = 150


@dataclass(frozen=True, slots=True)
class StatedWeek:
    """A week's problem with what it was stated from."""

    programme: Programme
    statement: Statement
    version: str


@dataclass(frozen=True, slots=True)
class BuiltWeek:
    """A draft, and the revision it is kept as."""

    revision: int
    plan: WeekPlan


async def build_week(ports: Ports, week: Week, by: str) -> BuiltWeek:
    """Build a draft of a week from everything known now, and keep it.

    Raises:
        NoProgramme: Nothing was imported yet.
    """
    stated = await state_week(ports, week)
    plan = await _apart(stated)
    now = ports.clock.now()
    async with ports.store.write() as tx:
        revision = await tx.weeks.save_draft(plan, now, by)
        await tx.audit.note(now, by, "week.built", f"{week.monday} revision {revision}")
    return BuiltWeek(revision, plan)


async def state_week(
    ports: Ports, week: Week, change: Callable[[Programme], Programme] | None = None
) -> StatedWeek:
    """State what a week needs, from one consistent view.

    Args:
        ports: The outside.
        week: Which week.
        change: What to suppose of the programme, for "what if".

    Raises:
        NoProgramme: Nothing was imported yet.
    """
    since = Week(week.monday - _TERM)
    async with ports.store.read() as tx:
        version = await tx.programme.version()
        programme = await tx.programme.read()
        leave = await tx.programme.leave()
        previous = await tx.weeks.previous(week, since)
        arrangements = await tx.arrangements.all()
    if programme is None:
        raise NoProgramme
    if change is not None:
        programme = change(programme)
    around = Circumstances(leave, habits(previous, week), ports.clock.now(), arrangements)
    return StatedWeek(programme, state(week, programme, around), version)


async def _apart(stated: StatedWeek) -> WeekPlan:
    """Plan off the event loop; a large week in a process of its own, which shares nothing."""
    if len(stated.statement.problem.needs) < LARGE:
        return await asyncio.to_thread(_solved, stated)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, _solved, stated)


def solved(stated: StatedWeek) -> Solution:
    """The solution of a stated week; the same statement always gives the same one."""
    problem = stated.statement.problem
    return improve(problem, solve(problem), seeded(1))


def _solved(stated: StatedWeek) -> WeekPlan:
    return to_plan(stated.statement, solved(stated), stated.programme, stated.version)

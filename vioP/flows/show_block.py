"""One session of a draft, or what has no place in it, as a form to move it shows it."""

import asyncio
from dataclasses import dataclass

from vioP.domain.errors import Missing
from vioP.domain.ids import StaffId
from vioP.domain.session import PlannedSession
from vioP.domain.time import Instant, Week
from vioP.flows.build_week import read_around
from vioP.flows.move_turn import movable, session_of
from vioP.flows.search_week import ReadWeek, StatedWeek
from vioP.flows.show_grid import WeekInGrid, read_grid
from vioP.planner.meetings import HeldMeeting
from vioP.planner.minutes import instant_of, minutes_of
from vioP.planner.moving import free_starts, sought
from vioP.planner.problem import Need, Solution
from vioP.planner.to_solution import to_solution
from vioP.ports import Ports


@dataclass(frozen=True, slots=True)
class FreeStretch:
    """The first and the last start of a stretch in which a session fits."""

    first: Instant
    last: Instant


@dataclass(frozen=True, slots=True)
class BlockInWeek:
    """A session, or what has no place, with what moving it depends on.

    Attributes:
        session: It as it stands; nothing if it has no place.
        hosts: Who could give it, whoever gives it now first.
        host: Whose free times are told.
        free: When it fits while all else stays; nothing is said of groups.
    """

    grid: WeekInGrid
    revision: int
    found: Need | HeldMeeting
    session: PlannedSession | None
    hosts: tuple[StaffId, ...]
    host: StaffId
    free: tuple[FreeStretch, ...]


async def show_block(ports: Ports, week: Week, what: str, host: str = "") -> BlockInWeek:
    """What a form to move something shows.

    Args:
        ports: The outside.
        week: The week.
        what: The key of a session, or of what has no place.
        host: Whose free times are told; by default whoever gives it now.

    Raises:
        NoProgramme: Nothing was imported yet.
        NoPlan: The week was never built.
        StalePlan: The programme has changed since the draft was built.
        BeingBuilt: The week is being built.
        Missing: The week has no such session, or it cannot be moved by hand.
    """
    now = ports.clock.now()
    async with ports.store.read() as tx:
        grid = await read_grid(tx, week)
        around = await read_around(tx, week, now)
    shown = grid.shown
    draft = movable(shown)
    read = ReadWeek(week, shown.programme, shown.version, around)
    stated = await asyncio.to_thread(read.stated)
    found = sought(stated.statement, what)
    if found is None:
        raise Missing("There is no such session in this week, or it cannot be moved here.")
    session = session_of(draft.plan, found, week)
    hosts = _hosts(stated, found, session)
    chosen = StaffId(host) if host in hosts else next(iter(hosts), StaffId(""))
    free: tuple[FreeStretch, ...] = ()
    if isinstance(found, Need):
        solution = to_solution(stated.statement, draft.plan.sessions)
        free = await asyncio.to_thread(_free, stated, solution, found, chosen, now)
    return BlockInWeek(grid, draft.revision, found, session, hosts, chosen, free)


def _hosts(
    stated: StatedWeek, found: Need | HeldMeeting, session: PlannedSession | None
) -> tuple[StaffId, ...]:
    clinicians = stated.statement.problem.clinicians
    if isinstance(found, HeldMeeting):
        first = session.staff if session else found.cohort.facilitators
        able = [each.id for each in clinicians]
    else:
        first = session.staff if session else tuple(map(StaffId, found.clinicians))
        able = [each.id for each in clinicians if each.role is found.role]
    known = {each.id for each in clinicians}
    ordered = dict.fromkeys((*first, *able))
    return tuple(StaffId(each) for each in ordered if each in known)


def _free(
    stated: StatedWeek, solution: Solution, need: Need, host: str, now: Instant
) -> tuple[FreeStretch, ...]:
    statement = stated.statement
    grid, soonest = statement.problem.grid, minutes_of(now, statement.week) + 1
    found = []
    for low, high in free_starts(statement, solution, need, host):
        first = -(-max(low, soonest) // grid) * grid
        last = high // grid * grid
        if first <= last:
            ends = (instant_of(each, statement.week) for each in (first, last))
            found.append(FreeStretch(*ends))
    return tuple(found)

"""Build: a week of needs becomes a judged and explained draft. Nobody is told anything."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from vioP.domain.arrangement import Arrangement, arranged
from vioP.domain.errors import BeingBuilt, DatabaseBusy, NoProgramme, VioPError
from vioP.domain.search import Found, Step, thinned
from vioP.domain.session import ToldSession
from vioP.domain.suppose import Supposition, leave_if, suppose
from vioP.domain.time import Instant, Week, later
from vioP.domain.week import WeekPlan
from vioP.flows.habits import habits
from vioP.flows.search_week import (
    HearStep,
    ReadWeek,
    SearchedWeek,
    StatedWeek,
    on_and_on,
    search_week,
)
from vioP.planner.from_programme import Circumstances, state
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.builds import Held

# Fairness is over the term: who was moved in it is moved less readily.
_TERM = timedelta(weeks=12)
# How often a builder says that it is alive, and from when on it is given up as lost.
_BEAT_EVERY = timedelta(seconds=1)
_SILENT_AFTER = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class BuiltWeek:
    """A draft, the revision it is kept as, and how it was found."""

    revision: int
    plan: WeekPlan
    found: Found


async def build_week(
    ports: Ports, week: Week, by: str, hear: HearStep = on_and_on
) -> BuiltWeek:
    """Build a draft of a week from everything known now, and keep it.

    Args:
        ports: The surroundings.
        week: Which week.
        by: Who builds it.
        hear: Hears of a large week's progress, and may end the search.

    Raises:
        NoProgramme: Nothing was imported yet.
        BeingBuilt: Somebody builds this large week at this moment.
        SearchDied: A worker process died; nothing was kept.
    """
    stated = await state_week(ports, week)
    if not stated.is_large:
        return await build_at_once(ports, stated, by)
    now = ports.clock.now()
    async with ports.store.write() as tx:
        await tx.builds.begin(week, now, by)
        held = await take_up(tx, week, now)
    built = None if held is None else await build_held(ports, stated, held, hear)
    if built is None:
        raise BeingBuilt
    return built


async def build_at_once(ports: Ports, stated: StatedWeek, by: str) -> BuiltWeek:
    """Build a week too small for anybody to watch."""
    searched = await search_week(stated)
    async with ports.store.write() as tx:
        await tx.builds.forget(stated.statement.week)
        return await _keep(tx, ports.clock.now(), by, searched)


async def take_up(tx: Transaction, week: Week, now: Instant) -> Held | None:
    """Take up a build that nobody is at, if there is one."""
    return await tx.builds.take(week, now, later(now, -_SILENT_AFTER))


async def build_held(
    ports: Ports, stated: StatedWeek, held: Held, hear: HearStep = on_and_on
) -> BuiltWeek | None:
    """Search a week that is ours to build, tell how far it is, and keep the draft.

    Returns:
        Nothing if somebody has taken the build over meanwhile; then nothing was kept.

    Raises:
        SearchDied: A worker process died; the build is noted as failed.
    """
    watched = _Watched(ports, held, hear)
    try:
        searched = await watched.search(stated)
    except asyncio.CancelledError:
        async with ports.store.write() as tx:
            await tx.builds.release(held)
        raise
    except DatabaseBusy:
        raise  # which passes: whoever builds tries again
    except VioPError as error:
        async with ports.store.write() as tx:
            await tx.builds.fail(held, str(error))
        raise
    async with ports.store.write() as tx:
        if not await tx.builds.finish(held):
            return None
        return await _keep(tx, ports.clock.now(), held.started_by, searched)


async def _keep(
    tx: Transaction, now: Instant, by: str, searched: SearchedWeek
) -> BuiltWeek:
    plan, found = searched.plan, searched.found
    revision = await tx.weeks.save_draft(plan, now, by, found)
    await tx.audit.note(now, by, "week.built", f"{plan.week.monday} revision {revision}")
    return BuiltWeek(revision, plan, found)


async def state_week(
    ports: Ports,
    week: Week,
    what: Supposition | None = None,
    more: Iterable[Arrangement] = (),
) -> StatedWeek:
    """State what a week needs, from one consistent view.

    Args:
        ports: The outside.
        week: Which week.
        what: What to suppose, for "what if".
        more: What to suppose to be arranged as well.

    Raises:
        NoProgramme: Nothing was imported yet.
        Missing: What is supposed is about somebody who is not there.
        Invalid: It would change nothing in that week.
    """
    read = await read_week(ports, week, more)
    if what is not None:
        read = replace(
            read,
            programme=suppose(read.programme, week, what),
            around=read.around.with_leave(
                leave_if(read.programme, what, ports.clock.now())
            ),
        )
    # Stating a week takes a while; whoever joins a session at this moment goes first.
    return await asyncio.to_thread(read.stated)


async def read_week(ports: Ports, week: Week, more: Iterable[Arrangement] = ()) -> ReadWeek:
    """Read what a week is stated from, in one consistent view.

    Raises:
        NoProgramme: Nothing was imported yet.
    """
    now = ports.clock.now()
    async with ports.store.read() as tx:
        programme, version = await tx.programme.read(), await tx.programme.version()
        if programme is None:
            raise NoProgramme
        around = await read_around(tx, week, now, more)
    return ReadWeek(week, programme, version, around)


async def read_around(
    tx: Transaction, week: Week, now: Instant, more: Iterable[Arrangement] = ()
) -> Circumstances:
    """What a week is stated from beside the programme, as one transaction sees it."""
    leave = await tx.programme.leave()
    previous = await tx.weeks.previous(week, Week(week.monday - _TERM))
    noted = [each.what for each in await tx.arrangements.noted()]
    told = await read_told(tx, week, now)
    arrangements = arranged([*noted, *more])
    return Circumstances(leave, habits(previous, week), now, arrangements, told)


async def read_told(tx: Transaction, week: Week, now: Instant) -> Mapping[str, ToldSession]:
    """What people know of a week, if it is that Monday anywhere on earth."""
    if week.monday > later(now, timedelta(days=1)).date():
        return {}
    return await tx.promises.told(week, now)


async def restate_week(stated: StatedWeek, more: Iterable[Arrangement]) -> StatedWeek:
    """The same week from the same view, with something more arranged."""
    around = replace(stated.around, arrangements=stated.around.arrangements.plus(more))
    week, programme = stated.statement.week, stated.programme
    statement = await asyncio.to_thread(state, week, programme, around)
    return StatedWeek(programme, statement, stated.version, around)


@dataclass(slots=True)
class _Watched:
    """A search whose row says every second how far it is."""

    ports: Ports
    held: Held
    hear: HearStep
    steps: list[Step] = field(default_factory=list)
    is_to_stop: bool = False

    async def search(self, stated: StatedWeek) -> SearchedWeek:
        """The searched week, while the row is kept alive."""
        try:
            async with asyncio.TaskGroup() as group:
                beats = group.create_task(self._beat())
                searched = await search_week(stated, self._hear)
                beats.cancel()
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed
        return searched

    async def _hear(self, step: Step) -> bool:
        self.steps.append(step)
        return await self.hear(step) and not self.is_to_stop

    async def _beat(self) -> None:
        while True:
            async with self.ports.store.write() as tx:
                asked = await tx.builds.beat(
                    self.held, self.ports.clock.now(), thinned(tuple(self.steps))
                )
            # A build that is not ours any more is not worth another second.
            self.is_to_stop = asked is None or asked
            await asyncio.sleep(_BEAT_EVERY.total_seconds())

"""Two faults that chance meets too seldom: a clock set forward, and a shared connection."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.databases import SqliteFiles
from vioP.domain.job import Job
from vioP.domain.time import later
from vioP.jobs import embedded
from vioP.jobs.alarm import Alarm
from vioP.jobs.embedded import EmbeddedEngine
from vioP.jobs.queue import RowQueue
from vioP.jobs.runner import Runner
from vioP.simulation.desk import at
from vioP.simulation.drive import open_drive
from vioP.simulation.fate import Fate
from vioP.simulation.life import Life, make_task
from vioP.simulation.loop import VirtualLoop
from vioP.simulation.machine_time import machine_time
from vioP.simulation.run import FIRST
from vioP.simulation.truth import Trouble
from vioP.simulation.world import MINUTE, World
from vioP.storage import Store, Transaction
from vioP.storage.sqlite import Sqlite

WAITS = 10 * MINUTE
STEP = 29 * MINUTE
FULL = 30.0


@pytest.fixture
def world(sqlite_files: SqliteFiles, tmp_path: Path) -> World:
    """A world in which nothing goes wrong by itself."""
    loop = VirtualLoop()
    loop.set_task_factory(make_task)  # type: ignore[arg-type]  # typeshed names its argument
    begins = at(FIRST.monday, time(9))
    with sqlite_files.empty(tmp_path):
        return World(1, begins, tmp_path / "viop.db", loop, Fate(1), is_gentle=True)


def lived(world: World, story: Coroutine[Any, Any, float]) -> float:
    """Live a story in a world."""
    try:
        with machine_time(world.now):
            return world.loop.run_until_complete(story)
    finally:
        world.loop.close()


@asynccontextmanager
async def opened(world: World) -> AsyncIterator[Sqlite]:
    async with open_drive(world.file, Life(None, lambda: None), world) as drive:
        yield drive


async def how_late_after_a_step(world: World) -> float:
    """How many seconds a job is late by a clock that was set forward while it waited."""
    ran = asyncio.Event()

    async def handle(_args: Mapping[str, str]) -> None:
        ran.set()

    async with opened(world) as drive:
        store = Store(drive)
        alarm = Alarm(world.now, machine=world.now)
        engine = EmbeddedEngine(Runner(store, world.now, {"nudge": handle}), alarm)
        due = later(world.now(), timedelta(seconds=WAITS))
        async with store.write() as tx:
            await RowQueue().defer(tx, [Job("nudge", {}, due, "nudge")])
        await engine.start()
        await asyncio.sleep(1)
        world.skew = STEP
        stepped = world.time()
        await ran.wait()
        late = world.time() - stepped
        await engine.stop()
    return late


def test_a_clock_that_is_set_forward_delays_nobody(world: World):
    assert lived(world, how_late_after_a_step(world)) <= 16


def test_without_its_beat_the_alarm_would_sleep_on(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(embedded, "_SWEEP", timedelta(days=1))

    assert lived(world, how_late_after_a_step(world)) >= WAITS - 2


class NoTurn:
    """A lock that keeps nobody out."""

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, *_: object) -> None:
        return None


async def how_many_are_lost(world: World, *, shared: bool) -> float:
    """How many of twenty jobs that were queued and acknowledged are gone."""
    acknowledged: set[str] = set()

    async def queue(store: Store, name: str) -> None:
        fails = name.endswith("3")
        try:
            async with store.write() as tx:
                await tx.jobs.add([Job("nudge", {}, world.now(), name)])
                await asyncio.sleep(world.fate.between(0, 0.01))
                if fails:
                    await tx.connection.fetch("SELECT nothing")
        except Exception:  # noqa: BLE001 - whatever fails is not acknowledged
            return
        acknowledged.add(name)

    async with opened(world) as drive:
        if shared:
            drive._turn = NoTurn()  # type: ignore[assignment]  # noqa: SLF001 - the bug
        store = Store(drive)
        await asyncio.gather(*(queue(store, f"job{number}") for number in range(20)))
    async with opened(world) as drive, Store(drive).read() as tx:
        kept = await _kept(tx)
    assert acknowledged
    return len(acknowledged - kept)


async def _kept(tx: Transaction) -> set[str]:
    return {row["key"] for row in await tx.connection.fetch("SELECT key FROM job")}


def test_writers_take_turns_on_their_connection(world: World):
    assert lived(world, how_many_are_lost(world, shared=False)) == 0


def test_without_turns_one_writer_undoes_another(world: World):
    assert lived(world, how_many_are_lost(world, shared=True)) > 0


async def how_late_after_a_full_disk(world: World) -> float:
    """How many seconds after the disk has room again a job is run that found none."""
    done = asyncio.Event()
    async with opened(world) as drive:
        store = Store(drive)

        async def handle(_args: Mapping[str, str]) -> None:
            if not done.is_set() and world.time() < FULL:
                world.begin(Trouble.DISK)
            async with store.write() as tx:
                await tx.jobs.add([])
            done.set()

        alarm = Alarm(world.now, machine=world.now)
        engine = EmbeddedEngine(Runner(store, world.now, {"watch": handle}), alarm)
        async with store.write() as tx:
            await RowQueue().defer(tx, [Job("watch", {}, world.now(), "watch")])
        await engine.start()
        await asyncio.sleep(FULL)
        world.end(Trouble.DISK)
        await done.wait()
        late = world.time() - FULL
        await engine.stop()
    return late


def test_a_full_disk_delays_nobody_once_it_has_room_again(world: World):
    assert lived(world, how_late_after_a_full_disk(world)) <= 20

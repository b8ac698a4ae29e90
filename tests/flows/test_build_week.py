"""Building a week leaves the event loop; a large one is searched by worker processes."""

import asyncio
import os
import signal
from dataclasses import dataclass, replace
from datetime import date, time
from time import sleep

import pytest

from tests.make import (
    NINE,
    FixedClock,
    cohort,
    enrollment,
    keys_due,
    make_ports,
    participant,
    programme,
)
from vioP.domain.availability import Hours
from vioP.domain.errors import BeingBuilt, SearchDied
from vioP.domain.ids import StaffId
from vioP.domain.programme import Programme
from vioP.domain.search import Step
from vioP.domain.suppose import Away, Closed, Stretch
from vioP.domain.time import Week
from vioP.flows import search_week
from vioP.flows.begin_build import begin_build
from vioP.flows.build_week import build_week, state_week
from vioP.flows.crew import run_apart
from vioP.flows.import_programme import import_programme
from vioP.flows.run_build import run_build
from vioP.flows.search_tasks import Report
from vioP.flows.show import show_week
from vioP.flows.stop_build import stop_build
from vioP.flows.sweep import sweep
from vioP.ports import Ports
from vioP.storage.builds import BuildState

WEEK = Week(date(2026, 3, 16))


@pytest.fixture
def url(sqlite_url: str) -> str:
    """One database: what worker processes do has nothing to do with which."""
    return sqlite_url


@pytest.fixture
def large(monkeypatch):
    """Every week counts as a large one."""
    monkeypatch.setattr(search_week, "LARGE", 0)


@pytest.fixture
async def furnished(store, clock) -> Ports:
    ports = make_ports(store, clock)
    await import_programme(ports, programme(), "test")
    return ports


def two_houses(rooms: int = 40) -> Programme:
    """Two cohorts that share nobody."""
    small = programme([participant("p1"), participant("p2")])
    other = cohort("harbor", facilitators=(StaffId("c2"),))
    policy = replace(small.program.policy, video_rooms=rooms)
    plans = [
        replace(each, staff_id=StaffId("c2")) if each.participant_id == "p2" else each
        for each in small.service_plans
    ]
    return replace(
        small,
        program=replace(small.program, policy=policy),
        cohorts=(cohort(facilitators=(StaffId("c1"),)), other),
        enrollments=(enrollment("p1"), enrollment("p2", "harbor")),
        service_plans=tuple(plans),
    )


async def test_a_small_week_needs_no_process_and_says_how_it_was_found(
    furnished, monkeypatch
):
    monkeypatch.setattr(search_week, "run_apart", None)

    built = await build_week(furnished, WEEK, "test")

    shown = await show_week(furnished, WEEK)
    assert shown.draft is not None
    assert shown.draft.found == built.found
    assert built.found.bound is not None
    assert built.found.bound <= built.found.score == built.found.trace[-1].score
    assert built.found.trace[-1].unplaced == 0


@pytest.mark.usefixtures("large")
async def test_a_large_week_is_the_same_on_one_core_and_on_many(furnished, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    one = await build_week(furnished, WEEK, "test")
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    many = await build_week(furnished, WEEK, "test")

    assert one.plan == many.plan
    assert (one.found.tries, one.found.parts) == (search_week.TRIES, 1)
    assert one.found.wishes == many.found.wishes
    assert one.found.bound == many.found.bound


@pytest.mark.usefixtures("large")
async def test_parts_that_share_nobody_are_searched_apart(store, clock):
    ports = make_ports(store, clock)
    await import_programme(ports, two_houses(), "test")

    built = await build_week(ports, WEEK, "test")

    assert (built.found.tries, built.found.parts) == (1, 2)
    assert built.plan.violations == ()
    assert built.plan.unplaced == ()


@pytest.mark.usefixtures("large")
async def test_parts_that_want_more_rooms_than_there_are_make_way_for_the_whole(
    store, clock
):
    friday = (Hours(4, time(9), time(11)),)
    stated = two_houses(rooms=1)
    stated = replace(
        stated,
        cohorts=(stated.cohorts[0], replace(stated.cohorts[1], days=(0, 2))),
        participants=tuple(replace(each, hours=friday) for each in stated.participants),
    )
    ports = make_ports(store, clock)
    await import_programme(ports, stated, "test")

    built = await build_week(ports, WEEK, "test")

    assert (built.found.tries, built.found.parts) == (search_week.TRIES, 1)
    assert built.plan.violations == ()
    assert built.plan.unplaced == ()


@pytest.mark.usefixtures("large")
async def test_two_who_build_at_once_get_one_build(furnished):
    assert await begin_build(furnished, WEEK, "k1")
    assert await begin_build(furnished, WEEK, "k2")
    assert f"build:{WEEK.monday}" in await keys_due(furnished.store, NINE)

    await asyncio.gather(run_build(furnished, WEEK), run_build(furnished, WEEK))

    shown = await show_week(furnished, WEEK)
    assert shown.build is None
    assert shown.draft is not None
    assert shown.draft.revision == 1


@pytest.mark.usefixtures("large")
async def test_a_command_does_not_build_beside_somebody_who_is_at_it(furnished):
    await begin_build(furnished, WEEK, "k1")
    async with furnished.store.write() as tx:
        assert await tx.builds.take(WEEK, NINE, NINE)

    with pytest.raises(BeingBuilt):
        await build_week(furnished, WEEK, "command line")


@pytest.mark.usefixtures("large")
async def test_a_build_whose_builder_fell_silent_is_taken_over_and_kept_once(
    furnished, clock: FixedClock
):
    await begin_build(furnished, WEEK, "k1")
    async with furnished.store.write() as tx:
        lost = await tx.builds.take(WEEK, NINE, NINE)
    assert lost is not None
    await run_build(furnished, WEEK)
    assert (await show_week(furnished, WEEK)).draft is None

    clock.forward(1)
    await sweep(furnished)
    assert f"build:{WEEK.monday}" in await keys_due(furnished.store, clock.now())
    await run_build(furnished, WEEK)

    shown = await show_week(furnished, WEEK)
    assert shown.draft is not None
    async with furnished.store.write() as tx:
        assert await tx.builds.beat(lost, clock.now(), ()) is None
        assert not await tx.builds.finish(lost)


@pytest.mark.usefixtures("large")
async def test_the_best_so_far_is_kept_when_somebody_stops_the_search(furnished):
    steps: list[Step] = []

    async def enough(step: Step) -> bool:
        steps.append(step)
        return False

    built = await build_week(furnished, WEEK, "k1", enough)

    assert built.found.is_stopped
    assert built.plan.violations == ()
    assert built.plan.unplaced == ()
    assert len(steps) >= search_week.TRIES


@pytest.mark.usefixtures("large")
async def test_a_stop_from_the_page_reaches_the_builder(furnished):
    await begin_build(furnished, WEEK, "k1")
    await stop_build(furnished, WEEK, "k2")

    await run_build(furnished, WEEK)

    shown = await show_week(furnished, WEEK)
    assert shown.draft is not None
    assert shown.draft.found is not None
    assert shown.draft.found.is_stopped


@pytest.mark.usefixtures("large")
async def test_a_worker_that_dies_leaves_a_message_and_nothing_else(furnished, monkeypatch):
    monkeypatch.setattr(search_week, "SearchPart", Dying)
    await begin_build(furnished, WEEK, "k1")

    await run_build(furnished, WEEK)

    shown = await show_week(furnished, WEEK)
    assert shown.draft is None
    assert shown.build is not None
    assert shown.build.state is BuildState.FAILED
    assert "SIGKILL" in shown.build.note
    assert "Try again" in shown.build.note

    monkeypatch.undo()
    monkeypatch.setattr(search_week, "LARGE", 0)
    await begin_build(furnished, WEEK, "k1")
    await run_build(furnished, WEEK)
    assert (await show_week(furnished, WEEK)).draft is not None


@pytest.mark.usefixtures("large")
async def test_a_build_cut_short_waits_for_the_next_builder(furnished):
    await begin_build(furnished, WEEK, "k1")
    running = asyncio.create_task(run_build(furnished, WEEK))
    await asyncio.sleep(0.2)

    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    shown = await show_week(furnished, WEEK)
    assert shown.build is not None
    assert shown.build.state is BuildState.WAITING
    assert shown.draft is None


@dataclass(frozen=True, slots=True)
class Dying:
    """A task whose worker is ended by somebody else."""

    problem: object = None
    seed: int = 0

    def run(self, _report: Report) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Counting:
    """A task that counts until it is told to stop."""

    start: int

    def run(self, report: Report) -> int:
        count = self.start
        while report(count) and count < self.start + 3:
            count += 1
        return count


@dataclass(frozen=True, slots=True)
class Asking:
    """A task that asks how much it gives way."""

    def run(self, _report: Report) -> int:
        return os.nice(0)


async def test_workers_give_way_to_pages_and_calls():
    [nice] = await run_apart([Asking()])

    assert nice > os.nice(0)


@dataclass(frozen=True, slots=True)
class Patient:
    """A task that takes a minute unless it is told to stop."""

    def run(self, report: Report) -> int:
        count = 0
        while report(count) and count < 6000:
            count += 1
            sleep(0.01)
        return count


async def test_a_task_ends_soon_after_somebody_has_had_enough():
    async def enough(_number: int, price: int) -> bool:
        return price < 3

    assert max(await run_apart([Patient(), Patient()], enough)) < 6000


async def test_results_come_in_the_order_of_the_tasks(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    heard: list[tuple[int, int]] = []

    async def hear(number: int, price: int) -> bool:
        heard.append((number, price))
        return True

    assert await run_apart([Counting(10), Counting(20), Counting(30)], hear) == (13, 23, 33)
    assert (2, 30) in heard
    with pytest.raises(SearchDied, match="SIGKILL"):
        await run_apart([Dying()])


async def test_a_week_can_be_stated_as_if_something_were_different(furnished):
    closed = await state_week(furnished, WEEK, Closed(WEEK.monday))
    without = await state_week(
        furnished, WEEK, Away(StaffId("c1"), Stretch(WEEK.monday, WEEK.monday))
    )

    assert closed.programme.program.holidays == (WEEK.monday,)
    assert without.programme == programme()
    assert set(without.around.leave) == {"c1"}

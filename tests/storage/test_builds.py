"""A week is built by one builder at a time, on either database."""

from datetime import timedelta

from tests.make import NINE, WEEK, minutes_later
from vioP.domain.search import Step
from vioP.domain.time import later
from vioP.storage import Store
from vioP.storage.builds import BuildState

SILENT = later(NINE, -timedelta(seconds=15))


async def test_a_second_request_joins_the_first_and_a_failed_build_begins_again(
    store: Store,
):
    async with store.write() as tx:
        assert await tx.builds.begin(WEEK, NINE, "k1")
        assert not await tx.builds.begin(WEEK, NINE, "k2")
        held = await tx.builds.take(WEEK, NINE, SILENT)
        assert held is not None
        assert not await tx.builds.begin(WEEK, NINE, "k2")
        await tx.builds.fail(held, "It came to nothing.")
        assert await tx.builds.under_way() == []
        found = await tx.builds.of_week(WEEK)
        assert found is not None
        assert (found.state, found.note) == (BuildState.FAILED, "It came to nothing.")

        assert await tx.builds.begin(WEEK, NINE, "k2")
        assert list(await tx.builds.under_way()) == [WEEK]
        again = await tx.builds.of_week(WEEK)

    assert again is not None
    assert (again.started_by, again.state, again.note) == ("k2", BuildState.WAITING, "")


async def test_a_build_is_held_by_one_until_it_falls_silent(store: Store):
    async with store.write() as tx:
        assert await tx.builds.take(WEEK, NINE, SILENT) is None
        await tx.builds.begin(WEEK, NINE, "k1")
        first = await tx.builds.take(WEEK, NINE, SILENT)
        assert first is not None
        assert await tx.builds.take(WEEK, NINE, SILENT) is None

        later_on = minutes_later(1)
        second = await tx.builds.take(WEEK, later_on, later(later_on, SILENT - NINE))
        assert second is not None
        assert await tx.builds.beat(first, later_on, ()) is None
        await tx.builds.fail(first, "too late")
        await tx.builds.release(first)
        assert not await tx.builds.finish(first)
        assert await tx.builds.finish(second)
        assert await tx.builds.of_week(WEEK) is None


async def test_a_beat_tells_how_far_it_is_and_hears_of_a_stop(store: Store):
    trace = (Step(0.0, 3, 0), Step(1.25, 0, 447))
    async with store.write() as tx:
        assert not await tx.builds.stop(WEEK)
        await tx.builds.begin(WEEK, NINE, "k1")
        held = await tx.builds.take(WEEK, NINE, SILENT)
        assert held is not None
        assert await tx.builds.beat(held, NINE, trace) is False
        assert await tx.builds.stop(WEEK)
        assert await tx.builds.beat(held, minutes_later(1), trace) is True
        await tx.builds.release(held)
        assert await tx.builds.beat(held, minutes_later(1), trace) is None
    async with store.read() as tx:
        build = await tx.builds.of_week(WEEK)

    assert build is not None
    assert build.trace == trace
    assert build.is_to_stop
    assert build.state is BuildState.WAITING
    assert build.beat_at == minutes_later(1)


async def test_only_a_failed_build_is_forgotten(store: Store):
    async with store.write() as tx:
        await tx.builds.begin(WEEK, NINE, "k1")
        await tx.builds.forget(WEEK)
        held = await tx.builds.take(WEEK, NINE, SILENT)
        assert held is not None
        await tx.builds.fail(held, "It came to nothing.")
        await tx.builds.forget(WEEK)
        assert await tx.builds.of_week(WEEK) is None

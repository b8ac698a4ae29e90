"""Building a week leaves the event loop; a large one gets a process of its own."""

import os
from concurrent.futures import ProcessPoolExecutor
from datetime import date

from tests.make import make_ports, programme
from vioP.domain.time import Week
from vioP.flows import build_week as building
from vioP.flows.build_week import build_week, state_week
from vioP.flows.import_programme import import_programme

WEEK = Week(date(2026, 3, 16))


async def test_a_large_week_is_planned_in_another_process_and_is_the_same(
    store, clock, monkeypatch
):
    ports = make_ports(store, clock)
    await import_programme(ports, programme(), "test")
    small = await build_week(ports, WEEK, "test")
    pools: list[int] = []

    def counted(*args, **options):
        pools.append(os.getpid())
        return ProcessPoolExecutor(*args, **options)

    monkeypatch.setattr("vioP.flows.build_week.ProcessPoolExecutor", counted)
    monkeypatch.setattr(building, "LARGE", 0)
    large = await build_week(ports, WEEK, "test")

    assert pools
    assert large.plan == small.plan


async def test_a_week_can_be_stated_as_if_something_were_different(store, clock):
    ports = make_ports(store, clock)
    await import_programme(ports, programme(), "test")
    stated = await state_week(ports, WEEK, lambda _programme: programme([]))
    assert stated.programme == programme([])

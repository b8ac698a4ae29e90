"""PostgreSQL stops as if its machine had died, under load, and comes back."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from tests.adapters.mail_servers import listening
from tests.crash.mortal_server import MortalServer, mortal_server
from tests.crash.service import Service
from tests.crash.test_outbox import (
    all_is_sent,
    change,
    coming_week,
    identity,
    settled,
)
from tests.crash.test_stop import Load, Slow, count, token_of
from tests.databases import PostgresServer
from tests.make import FixedClock, make_ports, open_sealed
from vioP.clock import SystemClock
from vioP.domain.time import later
from vioP.jobs.distributed import install

pytestmark = pytest.mark.postgresql

WORKERS = 2
AUDITED = "SELECT COUNT(*) AS count FROM audit WHERE action = 'feed.renewed'"
AT_ONCE = WORKERS * 2  # letters to one domain under way at once


@pytest.fixture
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalServer]:
    """A server that may die without taking anybody else's tests along."""
    with mortal_server(tmp_path_factory.mktemp("mortal")) as server:
        yield server


async def more(count: Callable[[], int], wanted: int, before: int | None = None) -> None:
    """Wait until a count has grown so far, since now or since it was ``before``."""
    before = count() if before is None else before
    for _ in range(6000):  # two minutes: other tests may have the machine
        if count() >= before + wanted:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("nothing went on")


async def die_and_rise(mortal: MortalServer, url: str, place: Path, deaths: int) -> None:
    clock = FixedClock(later(SystemClock().now(), -timedelta(hours=3)))
    week = coming_week(clock.now())
    await install(url)
    server, load = Slow(), Load()
    away = []
    async with listening(server) as at, open_sealed(url) as store:
        ports = make_ports(store, clock)
        await change(ports, ports.clock, 0, week)  # type: ignore[arg-type]  # a FixedClock
        token = await token_of(make_ports(store, SystemClock()), "p1")
        service = Service(url, place, at.port, {})
        async with (
            service.serving() as web,
            service.working() as one,
            service.working() as other,
            aiohttp.ClientSession() as http,
            asyncio.TaskGroup() as group,
        ):
            at_work = [
                group.create_task(load.change(http, web.url, token)) for _ in range(4)
            ]
            sent = 0  # on a busy machine letters of a turn may all have left before the next line
            for turn in range(deaths):
                await more(lambda: load.acknowledged, 20)
                await more(lambda: len(server.got), 2, sent)
                await mortal.die()
                died = asyncio.get_running_loop().time()
                await mortal.rise()
                await more(lambda: load.acknowledged, 20)
                away.append(asyncio.get_running_loop().time() - died)
                await all_is_sent(store)
                sent = len(server.got)
                if turn < deaths - 1:
                    await change(ports, ports.clock, turn + 1, week)  # type: ignore[arg-type]
            for each in at_work:
                each.cancel()
            assert [each.popen.returncode for each in (web, one, other)] == [None] * 3

        [audited] = await count(store, AUDITED)
        known = await settled(store)
    letters = Counter(map(identity, server.got))
    again = sum(letters.values()) - len(letters)
    print(  # noqa: T201 - the figures
        f"{load.acknowledged} acknowledged, {len(letters)} letters, {again} of them twice; "
        f"back after {max(away):.1f} s"
    )
    assert audited["count"] >= load.acknowledged
    assert set(letters) == known
    assert again <= deaths * AT_ONCE


async def test_a_server_that_dies_under_load_loses_nothing_and_everybody_finds_it_again(
    mortal: MortalServer, tmp_path: Path
):
    databases = PostgresServer(mortal.url)

    with databases.empty() as url:
        await die_and_rise(mortal, url, tmp_path, deaths=1)


@pytest.mark.scale
async def test_ten_deaths_of_the_server(mortal: MortalServer, tmp_path: Path):
    databases = PostgresServer(mortal.url)

    with databases.empty() as url:
        await die_and_rise(mortal, url, tmp_path, deaths=10)

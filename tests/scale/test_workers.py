"""Workers on one PostgreSQL, and APScheduler's own job store doing the same work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, timedelta

import pytest
from apscheduler.events import EVENT_JOB_EXECUTED
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from tests.crash.lives import started
from tests.make import open_sealed
from tests.scale.job_process import far_away
from tests.scale.page import how_busy, write_section
from vioP.clock import SystemClock
from vioP.domain.job import Job
from vioP.domain.time import later
from vioP.jobs.distributed import install
from vioP.jobs.queue import RowQueue
from vioP.storage import Store

JOBS = 200
_LEFT = "SELECT COUNT(*) AS count FROM job"
_TEXT = """\
{jobs} jobs that are due, each of which waits 0.25 s for somebody far away, as a job does that
hands a message over. PostgreSQL, the workers and whoever counts share the cores.

| Who | Jobs a second |
|---|---|
| one worker | {one:.0f} |
| two workers | {two:.0f} ({ratio:.2f} times one) |
| APScheduler with its SQLAlchemyJobStore, one process, all at once | {peer:.0f} |

APScheduler's store is for one process; a second on the same tables would run jobs twice. It
keeps no claim: it forgets a job as it begins, so what runs when it dies is lost. A worker runs
sixteen at a time.

"""


@asynccontextmanager
async def worker(url: str) -> AsyncIterator[None]:
    process = await started("tests.scale.job_process", [url])
    assert process.stdout is not None
    try:
        assert await process.stdout.readline() == b"ready\n"
        yield
    finally:
        process.kill()
        await process.wait()


async def rate_of(url: str, store: Store, workers: int) -> float:
    """Jobs a second of so many workers."""
    now = SystemClock().now()
    async with AsyncExitStack() as stack:
        for _ in range(workers):
            await stack.enter_async_context(worker(url))
        async with store.write() as tx:
            await RowQueue().defer(
                tx, [Job("far", {}, now, f"far:{number}") for number in range(JOBS)]
            )
        return JOBS / await _time_until_none(store)


async def _time_until_none(store: Store) -> float:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for _ in range(2400):
        await asyncio.sleep(0.1)
        async with store.read() as tx:
            [row] = await tx.connection.fetch(_LEFT)
        if not row["count"]:
            return loop.time() - begun
    raise AssertionError("the jobs did not end")


async def rate_of_apscheduler(url: str) -> float:
    """Jobs a second of APScheduler on the same server."""
    store = SQLAlchemyJobStore(url=url.replace("postgresql:", "postgresql+psycopg:", 1))
    left, ended = JOBS, asyncio.Event()

    def count(_event: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            ended.set()

    scheduler = AsyncIOScheduler(
        timezone=UTC,
        jobstores={"default": store},
        job_defaults={"misfire_grace_time": None, "max_instances": JOBS},
    )
    due = later(SystemClock().now(), -timedelta(seconds=1))
    scheduler.start(paused=True)
    for number in range(JOBS):
        scheduler.add_job(far_away, "date", run_date=due, id=str(number), args=[{}])
    scheduler.add_listener(count, EVENT_JOB_EXECUTED)
    begun = asyncio.get_running_loop().time()
    scheduler.resume()
    await asyncio.wait_for(ended.wait(), 240)
    took = asyncio.get_running_loop().time() - begun
    scheduler.shutdown(wait=False)
    return JOBS / took


@pytest.mark.scale
@pytest.mark.postgresql
async def test_two_workers_do_more_than_one(postgresql_url: str):
    await install(postgresql_url)
    async with open_sealed(postgresql_url) as store:
        one = await rate_of(postgresql_url, store, 1)
        two = await rate_of(postgresql_url, store, 2)
    peer = await rate_of_apscheduler(postgresql_url)

    text = (
        _TEXT.format(jobs=JOBS, one=one, two=two, ratio=two / one, peer=peer) + how_busy()
    )
    write_section("Workers on PostgreSQL", text)
    print(text)  # noqa: T201 - the figures
    assert two > one

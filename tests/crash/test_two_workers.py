"""kill -9 of one of two workers on a PostgreSQL, in the middle of a job."""

import asyncio
import os
import random  # noqa: TID251 - where the kills fall; the seed is printed
from asyncio.subprocess import Process
from pathlib import Path

import pytest

from tests.crash.lives import started
from tests.crash.test_kill import all_is_done, judge, running_sessions
from tests.make import FixedClock, make_ports, open_sealed
from vioP.clock import SystemClock
from vioP.jobs.distributed import install

pytestmark = pytest.mark.postgresql


async def worker(url: str, place: Path) -> Process:
    """One more worker, ready."""
    process = await started("tests.crash.worker_process", [url, str(place)])
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 60) == b"ready\n"
    return process


async def kill_whoever_sends(alive: list[Process], place: Path, after: float) -> None:
    """Wait until a worker hands mail over, and kill that one; or nobody, when all has left."""
    last = place / "last"
    last.unlink(missing_ok=True)
    for _ in range(600):
        await asyncio.sleep(0.02)
        if last.exists():
            break
    else:
        return
    await asyncio.sleep(after)
    pid = int(last.read_text())
    [victim] = [each for each in alive if each.pid == pid]
    alive.remove(victim)
    victim.kill()
    await victim.wait()


async def run_and_kill(url: str, place: Path, kills: int) -> None:
    seed = int.from_bytes(os.urandom(4), "big")
    print(f"seed {seed}, {kills} kills")  # noqa: T201 - to repeat a failure
    chance = random.Random(seed)  # noqa: S311 - no secret
    clock = FixedClock(SystemClock().now())
    await install(url)
    alive: list[Process] = []
    async with open_sealed(url) as store:
        try:
            alive += await asyncio.gather(worker(url, place), worker(url, place))
            await running_sessions(make_ports(store, clock), clock, clock.now())
            for number in range(kills):
                await kill_whoever_sends(alive, place, chance.uniform(0.0, 0.1))
                if number < kills - 1 and len(alive) < 2:
                    alive.append(await worker(url, place))
            assert alive
            await all_is_done(url)
        finally:
            for each in alive:
                each.kill()
                await each.wait()
        await judge(store, place, kills)


async def test_what_a_killed_worker_had_in_hand_the_other_finishes_and_nothing_twice(
    postgresql_url: str, tmp_path: Path
):
    await run_and_kill(postgresql_url, tmp_path, kills=1)


@pytest.mark.scale
async def test_twenty_kills_of_one_of_two_workers(postgresql_url: str, tmp_path: Path):
    await run_and_kill(postgresql_url, tmp_path, kills=20)

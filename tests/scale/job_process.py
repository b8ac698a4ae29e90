"""A worker whose jobs wait a quarter of a second for somebody far away; ends when told to."""

import asyncio
import sys
from collections.abc import Mapping

from tests.make import open_sealed
from vioP.clock import SystemClock
from vioP.jobs.distributed import DistributedEngine
from vioP.jobs.runner import Runner

WAITS = 0.25


async def far_away(_args: Mapping[str, str]) -> None:
    """What a mail server or a telephone company takes to answer."""
    await asyncio.sleep(WAITS)


async def main(url: str) -> None:
    """Work until the parent ends this."""
    async with open_sealed(url) as store:
        runner = Runner(store, SystemClock().now, {"far": far_away})
        async with DistributedEngine(runner, url) as engine:
            print("ready", flush=True)  # noqa: T201 - the parent waits for it
            await engine.work()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

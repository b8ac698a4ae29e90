"""The lives of a process that is killed at the end of each."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path


@asynccontextmanager
async def living(args: Sequence[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that is ready to work; killed at the end, if it has not been yet."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.crash.engine_process",
        *args,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    try:
        assert await asyncio.wait_for(process.stdout.readline(), 30) == b"ready\n"
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()


async def one_life(args: Sequence[str], until: Awaitable[None]) -> None:
    """Start the process, let it live on after it is ready, and kill it."""
    async with living(args):
        await until

"""The lives of a process that is killed at the end of each."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

_PATIENCE = 120.0  # seconds; a machine may be busy with something else


async def one_life(
    args: Sequence[str],
    until: Awaitable[None],
    module: str = "tests.crash.engine_process",
) -> None:
    """Start the process, let it live on after it is ready, and kill it."""
    process = await started(module, args)
    assert process.stdout is not None
    try:
        assert await asyncio.wait_for(process.stdout.readline(), _PATIENCE) == b"ready\n"
        await until
    finally:
        process.kill()
        await process.wait()


@dataclass
class Cradle:
    """Gives birth to process after process, all of which know the program from the start.

    Reading the program takes a process longer than its whole life here would last.
    """

    mother: asyncio.subprocess.Process

    @asynccontextmanager
    async def living(self) -> AsyncIterator[Callable[[], None]]:
        """A process that is ready to work, and what kills it; dead at the end."""
        await self._say(b"one more\n")
        heard = {await self._hear(), await self._hear()}
        [pid] = map(int, heard - {b"ready\n"})
        killed = False

        def kill() -> None:
            nonlocal killed
            if not killed:
                killed = True
                os.kill(pid, signal.SIGKILL)

        try:
            yield kill
        finally:
            kill()
            await self._say(b"bury it\n")
            assert await self._hear() == b"gone\n"

    async def _say(self, line: bytes) -> None:
        assert self.mother.stdin is not None
        self.mother.stdin.write(line)
        await self.mother.stdin.drain()

    async def _hear(self) -> bytes:
        assert self.mother.stdout is not None
        return await asyncio.wait_for(self.mother.stdout.readline(), _PATIENCE)


@asynccontextmanager
async def cradle(
    args: Sequence[str], module: str = "tests.crash.engine_process"
) -> AsyncIterator[Cradle]:
    """A cradle for processes that run one module with the same arguments."""
    mother = await started("tests.crash.cradle", [module, *args])
    try:
        yield Cradle(mother)
    finally:
        mother.kill()
        await mother.wait()


async def started(module: str, args: Sequence[str]) -> asyncio.subprocess.Process:
    """A process that runs a module of the tests."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *args,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )

"""Worker processes: each does one task after another, says how far it is, and can be stopped.

A worker shares nothing with the program: a task goes in, its result comes out. It ends with
the program, however that ends, because it notices when nobody listens any more.
"""

import asyncio
import os
import signal
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Generic, Protocol, TypeVar

from vioP.domain.errors import SearchDied
from vioP.flows.search_tasks import Report

Result = TypeVar("Result")
Given_co = TypeVar("Given_co", covariant=True)
_STOP = "stop"
_GIVE_WAY = 10
_GONE = (EOFError, BrokenPipeError, ConnectionResetError)


class Task(Protocol[Given_co]):
    """Something a worker can do; it goes there pickled."""

    def run(self, report: Report, /) -> Given_co:
        """Do it, and end soon with what there is once ``report`` says no."""
        ...


# Hears the number of a task and its price so far; the answer is whether to go on.
Hear = Callable[[int, int], Awaitable[bool]]


async def unheard(_task: int, _price: int) -> bool:
    """Nobody listens, and nobody stops anything."""
    return True


async def run_apart(
    tasks: Sequence[Task[Result]], hear: Hear = unheard
) -> tuple[Result, ...]:
    """Run tasks in worker processes, as many at once as the machine has cores.

    Args:
        tasks: What to do. What comes out does not depend on how many cores there are.
        hear: Hears of progress; once it says no, every task ends with what it has.

    Returns:
        Each task's result, in the order of the tasks.

    Raises:
        SearchDied: A worker died; the others are ended, and there is no result.
    """
    count = max(1, min(len(tasks), os.cpu_count() or 1))
    # Threads of their own: they wait for workers, and nobody else should wait for them.
    with ThreadPoolExecutor(count) as threads:
        crew: _Crew[Result] = _Crew(deque(enumerate(tasks)), hear, threads)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(count):
                    group.create_task(crew.work())
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed
    return tuple(crew.results[number] for number in range(len(tasks)))


def serve(pipe: Connection) -> None:
    """A worker's life: do what comes, until nobody is there any more."""
    # Ctrl+C in a terminal reaches workers as well; what it means is decided by who started them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Somebody may be joining a session at this moment: pages and calls go first.
    os.nice(_GIVE_WAY)
    reporter = _Reporter(pipe)
    with suppress(*_GONE):
        while True:
            task = pipe.recv()
            if task != _STOP:
                pipe.send(_Done(task.run(reporter.tell)))


@dataclass(frozen=True, slots=True)
class _Done:
    result: Any


@dataclass(slots=True)
class _Reporter:
    pipe: Connection
    stopped: bool = False

    def tell(self, price: int) -> bool:
        """Say how far a task is; a worker that was told to stop ends its later tasks at once."""
        self.pipe.send(price)
        while self.pipe.poll():
            self.stopped = self.pipe.recv() == _STOP or self.stopped
        return not self.stopped


@dataclass(slots=True)
class _Crew(Generic[Result]):
    waiting: deque[tuple[int, Task[Result]]]
    hear: Hear
    threads: ThreadPoolExecutor
    results: dict[int, Result] = field(default_factory=dict)
    goes_on: bool = True

    async def work(self) -> None:
        """One worker: it starts, does tasks while there are any, and ends."""
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs,), daemon=True)
        try:
            await self._aside(process.start)
            theirs.close()
            while self.waiting:
                number, task = self.waiting.popleft()
                try:
                    self.results[number] = await self._one(ours, number, task)
                except _GONE as error:
                    await self._aside(process.join)
                    raise SearchDied(_how(process.exitcode)) from error
        finally:
            # A worker that has done its work has nothing left to lose.
            if process.pid is not None:
                process.kill()
                await asyncio.shield(self._aside(process.join))
            theirs.close()
            ours.close()

    def _aside(self, act: Callable[..., Any], *given: object) -> asyncio.Future[Any]:
        """Do something that blocks, in a thread of the crew's own."""
        return asyncio.get_running_loop().run_in_executor(self.threads, act, *given)

    async def _one(self, pipe: Connection, number: int, task: Task[Result]) -> Result:
        await self._aside(pipe.send, task)
        is_told = False
        while True:
            if not self.goes_on and not is_told:
                is_told = True
                await self._aside(pipe.send, _STOP)
            said = await self._aside(pipe.recv)
            if isinstance(said, _Done):
                result: Result = said.result
                return result
            if not await self.hear(number, said):
                self.goes_on = False


def _how(code: int | None) -> str:
    """What the operating system says of a worker's end, and what may mend it."""
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        hint = "; the machine may be short of memory" if name == "SIGKILL" else ""
        how = f"was ended by {name}{hint}"
    else:
        how = f"ended with code {code}; its standard error says why"
    return f"A worker process {how}. Nothing was kept. Try again."

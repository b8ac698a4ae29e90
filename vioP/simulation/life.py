"""A life of the service's process: it ends at any statement or send, as under ``kill -9``."""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import ContextVar, copy_context
from typing import Any


class Killed(BaseException):  # it passes every ``except Exception``, as a kill does
    """The process is dead; nothing it still tries reaches anything."""


_LIFE: ContextVar["Life | None"] = ContextVar("simulated_life", default=None)

_GOING_ON: set[asyncio.Task[Any]] = set()


class Life:
    """One run of the process, from its start to its death.

    Attributes:
        is_over: Whether it was killed.
        left: At how many more steps into the outside it dies; nothing while it is let live.
        last_rites: What the machine does with a dead process's files and sockets.
    """

    def __init__(self, left: int | None, dies: Callable[[], None]) -> None:
        self.is_over = False
        self.left = left
        self.last_rites: list[Callable[[], object]] = []
        self._dies = dies
        self._tasks: dict[asyncio.Task[Any], None] = {}  # in order, as a set is not

    def step(self) -> None:
        """A step into the outside: a statement, or a send. It may be the last.

        Raises:
            Killed: The process is dead.
        """
        if self.left is not None and not self.is_over:
            self.left -= 1
            if self.left <= 0:
                self._dies()
        if self.is_over:
            raise Killed

    async def takes(self, seconds: float) -> None:
        """A step that takes a while; the process may die meanwhile."""
        self.step()
        await asyncio.sleep(seconds)
        if self.is_over:
            raise Killed

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run something inside the process."""
        context = copy_context()
        context.run(_LIFE.set, self)
        return asyncio.get_running_loop().create_task(work, context=context)

    def end(self) -> None:
        """Kill the process."""
        self.is_over = True
        for rite in self.last_rites:
            rite()
        for task in list(self._tasks):
            task.cancel()

    def adopt(self, task: asyncio.Task[Any]) -> None:
        """Count a task as the process's own; the dead begin nothing."""
        self._tasks[task] = None
        task.add_done_callback(self._forget)
        if self.is_over:
            task.cancel()

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._tasks.pop(task, None)


def outside(work: Coroutine[Any, Any, Any]) -> None:
    """Let something happen that outlives the process: a person, a provider, the weather."""
    context = copy_context()
    context.run(_LIFE.set, None)
    task = asyncio.get_running_loop().create_task(work, context=context)
    _GOING_ON.add(task)
    task.add_done_callback(_GOING_ON.discard)


def make_task(
    loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], **given: Any
) -> asyncio.Task[Any]:
    """A loop's task factory: whatever a process begins belongs to it."""
    task = asyncio.Task(work, loop=loop, **given)
    context = given.get("context")
    life = context.get(_LIFE) if context is not None else _LIFE.get()
    if life is not None:
        life.adopt(task)
    return task

"""Small things that come at the same time are done together, at the price of one.

A commit that is flushed to disk costs the same for one row as for fifty. So whoever comes while
others are busy waits, and the first of those who wait does it for all of them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from vioP.domain.errors import DatabaseBusy

_MOST_AT_ONCE = 100

Thing = TypeVar("Thing")
Result = TypeVar("Result")


@dataclass(slots=True, eq=False)
class _Waiting(Generic[Thing, Result]):
    """One thing, until it is done or its owner has gone."""

    thing: Thing
    results: Sequence[Result] = ()
    failure: Exception | None = None
    is_over: bool = False


class Together(Generic[Thing, Result]):
    """Has things done by turns, all that wait at each turn."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._waiting: list[_Waiting[Thing, Result]] = []

    async def do(
        self, thing: Thing, act: Callable[[Sequence[Thing]], Awaitable[Sequence[Result]]]
    ) -> Result:
        """Have one thing done, with whatever else waits.

        Args:
            thing: What is to be done. It may be done although this call is cancelled.
            act: Does several, all or nothing, and answers one result for each. It may be
                another's who waited longer, so all of them must mean the same.

        Returns:
            Its result, once all of the turn is done.

        Raises:
            Exception: Why it could not be done. The fault of one is not that of the others:
                each is tried alone then, unless nothing can be done at the moment.
        """
        mine = _Waiting[Thing, Result](thing)
        self._waiting.append(mine)
        try:
            async with self._turn:
                while not mine.is_over:
                    await self._take_turn(act)
        finally:
            mine.is_over = True
        if mine.failure is not None:
            raise mine.failure
        return mine.results[0]

    async def _take_turn(
        self, act: Callable[[Sequence[Thing]], Awaitable[Sequence[Result]]]
    ) -> None:
        """Do what has waited longest; what is not done when this is cut short waits on."""
        waiting = [each for each in self._waiting if not each.is_over]
        turn, self._waiting = waiting[:_MOST_AT_ONCE], waiting[_MOST_AT_ONCE:]
        try:
            await _attempt(turn, act)
        finally:
            self._waiting[:0] = [each for each in turn if not each.is_over]


async def _attempt(
    turn: Sequence[_Waiting[Thing, Result]],
    act: Callable[[Sequence[Thing]], Awaitable[Sequence[Result]]],
) -> None:
    """Do all of a turn, or each alone when one of them does not let the others be done."""

    async def acted() -> Sequence[Result]:
        return await act([each.thing for each in turn])

    [done] = await asyncio.gather(acted(), return_exceptions=True)
    if not isinstance(done, BaseException):
        for each, result in zip(turn, done, strict=True):
            each.results, each.is_over = [result], True
    elif not isinstance(done, Exception):
        raise done
    elif len(turn) == 1 or isinstance(done, DatabaseBusy):
        for each in turn:
            each.failure, each.is_over = done, True
    else:
        for each in turn:
            await _attempt([each], act)

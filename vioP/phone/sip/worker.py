"""The phone process: orders in, news out, one JSON object a line.

It ends when whoever started it does, and takes every call with it. Any error ends it too:
its calls are then known to be lost, and another process takes over.
"""

import asyncio
import logging
import os
import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from baresip import Call

from vioP.phone.sip.stack import CannotDial, Phone, Stack
from vioP.phone.sip.talk import Talk
from vioP.phone.sip.wire import (
    INCOMING,
    LONGEST_LINE,
    LineChoices,
    News,
    Order,
    choices_of,
    line_of,
    order_of,
)

_STRANGERS = 10  # calls that came in and have not shown a PIN yet


class Exchange:
    """Every call of this process."""

    def __init__(
        self,
        stack: Stack,
        choices: LineChoices,
        tell: Callable[[News], None],
        group: asyncio.TaskGroup,
    ) -> None:
        self._stack = stack
        self._choices = choices
        self._tell = tell
        self._group = group
        self._talks: dict[str, Talk] = {}
        self._strangers: set[str] = set()
        stack.on_incoming(self._take)

    async def obey(self, order: Order) -> None:
        """Carry out an order; one about a call that is over does nothing."""
        if order.do == "dial":
            await self._dial(order)
            return
        talk = self._talks.get(order.call)
        if talk is None:
            return
        if order.do == "connect":
            self._strangers.discard(order.call)
        talk.obey(order)

    async def drop_all(self) -> None:
        """End every call."""
        for talk in tuple(self._talks.values()):
            await talk.drop()

    async def _dial(self, order: Order) -> None:
        if len(self._talks) >= self._choices.calls:
            self._tell(News("refused", order.call, "full"))
            return
        talk = self._talk(order.call)
        self._talks[order.call] = talk
        self._tell(News("taken", order.call))
        talk.ring_for(order.wait)
        try:
            talk.begin(await self._stack.dial(order.to, talk))
        except CannotDial:
            self._tell(News("over", order.call, "failed"))
            del self._talks[order.call]
        else:
            self._forget_when_over(talk)

    def _take(self, call: Call) -> None:
        """Somebody calls us. Too many strangers at a time hear that the line is busy."""
        name = f"{INCOMING}{secrets.token_hex(10)}"
        talk = self._talk(name)
        phone = Phone(call)
        talk.begin(phone)
        if len(self._strangers) >= _STRANGERS or len(self._talks) >= self._choices.calls:
            self._group.create_task(phone.end())
            return
        self._talks[name] = talk
        self._strangers.add(name)
        self._stack.follow(call, talk)
        self._tell(News("incoming", name, _number(call.peer or "")))
        self._forget_when_over(talk)

    def _forget_when_over(self, talk: Talk) -> None:
        async def forget() -> None:
            await talk.over()
            self._talks.pop(talk.name, None)
            self._strangers.discard(talk.name)

        self._group.create_task(forget())

    def _talk(self, name: str) -> Talk:
        return Talk(name, self._tell, self._group, self._choices.talk)


def _number(peer: str) -> str:
    """Who calls, as the exchange says: never trusted, only counted."""
    return (
        peer.removeprefix("<").removeprefix("sip:").removeprefix("sips:").partition("@")[0]
    )


async def serve(orders: asyncio.StreamReader, news: Any) -> None:
    """Make and take calls until whoever gives orders is gone."""
    choices = choices_of(await orders.readline())

    def tell(each: News) -> None:
        news.write(line_of(each))
        news.flush()

    async with Stack.open(choices) as stack:
        try:
            async with asyncio.TaskGroup() as group:
                exchange = Exchange(stack, choices, tell, group)
                tell(News("ready"))
                if choices.register:
                    group.create_task(_keep_registered(stack, tell))
                while line := await orders.readline():
                    await exchange.obey(order_of(line))
                await exchange.drop_all()
                _leave()
        except* _NobodyIsThere:
            pass


class _NobodyIsThere(Exception):
    """Whoever gave orders is gone."""


def _leave() -> None:
    raise _NobodyIsThere


async def _keep_registered(stack: Stack, tell: Callable[[News], None]) -> None:
    await stack.stay_registered(lambda what, text: tell(News(what, "", text)))


async def _main() -> None:
    loop = asyncio.get_running_loop()
    # What a library prints must not be taken for news.
    news = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    orders = asyncio.StreamReader(limit=LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    with suppress(BrokenPipeError):
        await serve(orders, news)


if __name__ == "__main__":
    # The stack's own log names numbers.
    logging.getLogger("baresip").addHandler(logging.NullHandler())
    logging.getLogger("baresip").propagate = False
    asyncio.run(_main())

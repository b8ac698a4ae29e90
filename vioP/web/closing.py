"""Closing: connections that would last are ended when the process is told to stop.

A browser that is hung up on with 1012 comes again by itself, and finds the next process.
Source: RFC 6455, section 7.4, and its registry of close codes.
"""

import asyncio
from collections.abc import Callable

from aiohttp import web

from vioP.web.gateway import AGAIN
from vioP.web.room import GATEWAY


class Closing:
    """Whether this process is about to stop.

    Attributes:
        heard: Who is told when it is.
    """

    def __init__(self) -> None:
        self.has_begun = False
        self.heard: list[Callable[[], None]] = []

    def begin(self) -> None:
        """Let everything that lasts end now."""
        self.has_begun = True
        for tell in self.heard:
            tell()


CLOSING = web.AppKey("CLOSING", Closing)


async def close(app: web.Application) -> None:
    """End the streams of live pages, and hang up on every room's browsers."""
    app[CLOSING].begin()
    gateway = app.get(GATEWAY)
    if gateway is not None:
        lines = gateway.rooms.switchboard.everybody()
        await asyncio.gather(*(each.hang_up(AGAIN) for each in lines))

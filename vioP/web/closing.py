"""Closing: connections that would last are ended when the process is told to stop.

A browser that is hung up on with 1012 comes again by itself, and finds the next process.
Source: RFC 6455, section 7.4, and its registry of close codes.
"""

import asyncio

from aiohttp import web

from vioP.web.gateway import AGAIN
from vioP.web.room import GATEWAY


class Closing:
    """Whether this process is about to stop."""

    def __init__(self) -> None:
        self._begun = asyncio.Event()

    def begin(self) -> None:
        """Let everything that lasts end now."""
        self._begun.set()

    async def is_near(self, seconds: float) -> bool:
        """Wait so long, or until the process is told to stop.

        Returns:
            Whether it was told.
        """
        waiting = asyncio.wait_for(self._begun.wait(), seconds)
        await asyncio.gather(waiting, return_exceptions=True)
        return self._begun.is_set()


CLOSING = web.AppKey("CLOSING", Closing)


async def close(app: web.Application) -> None:
    """End the streams of live pages, and hang up on every room's browsers."""
    app[CLOSING].begin()
    gateway = app.get(GATEWAY)
    if gateway is not None:
        lines = gateway.rooms.switchboard.everybody()
        await asyncio.gather(*(each.hang_up(AGAIN) for each in lines))

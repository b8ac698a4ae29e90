"""Live pages: a stream that says when something changed; the page then fetches itself.

The stream carries one word, the pulse of today's sessions. It says that something changed,
never what, so nothing piles up for a browser that is slow: it gets the newest word when it
can take one, and one that was away compares the word it had. Source: HTML, section 9.2.

One process reads the word every second. Of several on one PostgreSQL each hears a bell
when another changed something (``vioP.storage.bell``), and reads it then.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Unavailable
from vioP.domain.time import later
from vioP.ports import Ports
from vioP.web.access import action
from vioP.web.closing import CLOSING, Closing
from vioP.web.security import protect

routes = web.RouteTableDef()

_EVERY = 1.0
_SELDOM = 15.0  # while the bell says when
_AT_MOST_EVERY = 0.1
_COMFORT = 15  # seconds of silence after which a proxy might give up
_LASTS = 300  # seconds; the browser then comes back, and is asked again who it is
_MOST = 500
_DAY = timedelta(hours=14)


class Pulse:
    """The pulse of running sessions, read once however many listen.

    It is read once a second; where a bell rings, at each ring, though no faster than ten
    times a second.

    Attributes:
        every: Seconds until it is read though nothing rang.
        listeners: How many streams are open.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._lock = asyncio.Lock()
        self._rung = asyncio.Event()
        self._is_stale = True
        self._read_at = float("-inf")
        self._word = ""
        self.every = _EVERY
        self.listeners = 0

    def rang(self) -> None:
        """Something changed: the word is read again, and every stream looks at it."""
        self._is_stale = True
        self._rung.set()
        self._rung = asyncio.Event()

    def hears(self, *, well: bool) -> None:
        """Whether a bell is heard from now on; what rang before may have been missed."""
        every = _SELDOM if well else _EVERY
        if every != self.every:
            self.every = every
            self.rang()

    async def next_look(self) -> None:
        """Wait until it is worth looking at the word."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.every):
                await self._rung.wait()

    async def word(self) -> str:
        """The newest word."""
        loop = asyncio.get_running_loop()
        async with self._lock:
            age = loop.time() - self._read_at
            if self._is_stale or age >= self.every:
                await asyncio.sleep(max(_AT_MOST_EVERY - age, 0.0))
                self._is_stale = False  # a ring from here on is for the next reading
                now = self._ports.clock.now()
                async with self._ports.store.read() as tx:
                    self._word = await tx.marks.pulse(later(now, -_DAY), later(now, _DAY))
                self._read_at = loop.time()
            return self._word


PULSE = web.AppKey("PULSE", Pulse)


@routes.get("/live", name="live")
@action(Action.HEAR_LIVE)
async def live(request: web.Request) -> web.StreamResponse:
    """A stream of words; a new word means that running sessions changed."""
    headers = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
    if request.method == "HEAD":
        return web.Response(headers=headers)
    pulse = request.app[PULSE]
    if pulse.listeners >= _MOST:
        raise Unavailable("Too many pages are open. This one still refreshes by itself.")
    response = web.StreamResponse(headers=headers)
    protect(request, response)
    await response.prepare(request)
    pulse.listeners += 1
    try:
        had = request.headers.get("Last-Event-ID", "")
        await _tell(response, pulse, request.app[CLOSING], had)
    finally:
        pulse.listeners -= 1
    return response


async def _tell(
    response: web.StreamResponse, pulse: Pulse, closing: Closing, had: str
) -> None:
    """Write each new word, and a comment now and then; the first one is never held back."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _LASTS
    await response.write(b"retry: 2000\n\n")
    spoke_at = loop.time()
    while loop.time() < until and not closing.has_begun:
        word = await pulse.word()
        if word != had:
            await response.write(f"id: {word}\ndata: changed\n\n".encode())
            had, spoke_at = word, loop.time()
        elif loop.time() - spoke_at >= _COMFORT:
            await response.write(b": still here\n\n")
            spoke_at = loop.time()
        await pulse.next_look()

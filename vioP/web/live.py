"""Live pages: a stream that says when something changed; the page then fetches itself.

The stream carries one word, the pulse of today's sessions. It says that something changed,
never what, so nothing piles up for a browser that is slow: it gets the newest word when it
can take one, and one that was away compares the word it had. Source: HTML, section 9.2.
"""

import asyncio
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
_COMFORT = 15  # seconds of silence after which a proxy might give up
_LASTS = 300  # seconds; the browser then comes back, and is asked again who it is
_MOST = 500
_DAY = timedelta(hours=14)


class Pulse:
    """The pulse of running sessions, read once a second however many listen."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._lock = asyncio.Lock()
        self._read_at = float("-inf")
        self._word = ""
        self.listeners = 0

    async def word(self) -> str:
        """The word as it was at most a second ago."""
        async with self._lock:
            beat = asyncio.get_running_loop().time()
            if beat - self._read_at >= _EVERY:
                now = self._ports.clock.now()
                async with self._ports.store.read() as tx:
                    self._word = await tx.marks.pulse(later(now, -_DAY), later(now, _DAY))
                self._read_at = beat
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
    silent = 0.0
    loop = asyncio.get_running_loop()
    until = loop.time() + _LASTS
    await response.write(b"retry: 2000\n\n")
    while loop.time() < until:
        word = await pulse.word()
        if word != had:
            await response.write(f"id: {word}\ndata: changed\n\n".encode())
            had, silent = word, 0.0
        elif silent >= _COMFORT:
            await response.write(b": still here\n\n")
            silent = 0.0
        if await closing.is_near(_EVERY):
            return
        silent += _EVERY

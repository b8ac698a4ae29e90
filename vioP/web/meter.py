"""The meter: how long answers took, what was refused, and how late the event loop is.

It counts by route template and error code, which are known beforehand. What a person is
called, or where they went, is never a label.
"""

import asyncio
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from aiohttp import web

from vioP.beside import beside

log = structlog.get_logger()

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds
_METHODS = frozenset({"GET", "HEAD", "POST"})
# These last as long as somebody looks at a page or sits in a room.
_LAST = frozenset({"live", "room.line", "session.line"})
_BEAT = 0.25  # seconds
_REMEMBERED = int(60 / _BEAT)
_STALL = 0.25  # seconds from which a late beat counts as a stall


@dataclass(slots=True)
class Durations:
    """How many answers took how long."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0

    def note(self, seconds: float) -> None:
        """One more."""
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds


@dataclass(slots=True)
class Meter:
    """What this process has counted since it began.

    Attributes:
        answers: By method, route template and class of status.
        refusals: By the code of the refusal.
        lags: How late the event loop was at each beat of the last minute, in seconds.
        stalls: How often it was so late that somebody could notice.
    """

    answers: dict[tuple[str, str, str], Durations] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    lags: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    stalls: int = 0

    def note(self, request: web.Request, status: int, seconds: float) -> None:
        """Count an answer."""
        route = request.match_info.route
        if route.name in _LAST:
            return
        method = request.method if request.method in _METHODS else "other"
        template = route.resource.canonical if route.resource else "none"
        key = method, template, f"{status // 100}xx"
        self.answers.setdefault(key, Durations()).note(seconds)

    async def watch_loop(self) -> None:
        """Look again and again how late the event loop is, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _BEAT
            await asyncio.sleep(_BEAT)
            lag = max(loop.time() - due, 0.0)
            self.lags.append(lag)
            if lag >= _STALL:
                self.stalls += 1
                log.warning("loop.stalled", duration_ms=round(lag * 1000))


METER = web.AppKey("METER", Meter)


@web.middleware
async def measure(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Count an answer, whatever it is; a browser that went away got none."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    try:
        response = await handler(request)
    except web.HTTPException as answer:
        request.app[METER].note(request, answer.status, loop.time() - begun)
        raise
    request.app[METER].note(request, response.status, loop.time() - begun)
    return response


async def watching(app: web.Application) -> AsyncIterator[None]:
    """Watch the event loop for as long as the application runs."""
    async with beside(app[METER].watch_loop()):
        yield

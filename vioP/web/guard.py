"""A guard against slow clients: who says nothing for long is hung up on.

Without it a connection that sends one byte a minute stays open for ever, and enough of them
keep everybody else out. Source: ASVS 5.0, V15 (availability); CWE-400.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from aiohttp import web
from aiohttp.web_protocol import RequestHandler
from aiohttp.web_server import Server

from vioP.web.security import FIXED_HEADERS

log = structlog.get_logger()
Taken = TypeVar("Taken")

HEAD_WITHIN = 10.0  # seconds from the first byte to the end of the headers
BODY_WITHIN = 15.0  # seconds for the body
# A browser, or a proxy of ours, may keep a connection open for its next request so long.
KEPT_FOR = 75.0
# So long the rest of a body that was refused is still taken, that its sender may read why.
_LINGERING = 2.0
# Routes that take larger bodies than a form's, and count them while they come.
READ_THEIR_OWN = frozenset({"hooks.mail", "me.tech_check.up", "link.tech_check.up"})


class GuardedConnection(RequestHandler):
    """A connection that must say what it wants in time."""

    __slots__ = ("_head_deadline",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._head_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody connects; their first request must come soon."""
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Bytes come in; until they make a whole head, time runs."""
        super().data_received(data)
        if self._is_busy():
            self._stop_expecting()
        elif self._head_deadline is None:
            self._expect_head()

    def connection_lost(self, exc: BaseException | None) -> None:
        """They are gone."""
        self._stop_expecting()
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no HTTP without repeating or logging any of it."""
        log.warning("request.malformed", status=status, exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun; another one cannot")
        answer = web.Response(
            status=status, text="This is no request.\n", headers=FIXED_HEADERS
        )
        answer.force_close()
        return answer

    def _is_busy(self) -> bool:
        """Whether a whole head has come and is not answered yet, or it is a WebSocket."""
        return bool(self._request_in_progress or self._messages or self._upgraded)

    def _expect_head(self) -> None:
        self._head_deadline = self._loop.call_later(HEAD_WITHIN, self._hang_up)

    def _stop_expecting(self) -> None:
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None

    def _hang_up(self) -> None:
        self._head_deadline = None
        if not self._is_busy() and self.transport is not None:
            self.transport.abort()


class _GuardedServer(Server):
    """Makes guarded connections."""

    def __call__(self) -> RequestHandler:
        """A connection."""
        return GuardedConnection(self, loop=self._loop, **self._kwargs)


class GuardedRunner(web.AppRunner):
    """Serves an application to clients who take no longer than they need."""

    def __init__(self, app: web.Application, **options: Any) -> None:
        super().__init__(
            app, keepalive_timeout=KEPT_FOR, lingering_time=_LINGERING, **options
        )

    async def _make_server(self) -> Server:
        server = await super()._make_server()
        server.__class__ = _GuardedServer  # it has the same fields
        return server


@web.middleware
async def in_time(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Take a form's body whole and in time, before anything is done about it.

    Raises:
        HTTPRequestEntityTooLarge: It is too large.
        HTTPRequestTimeout: It does not come.
    """
    if request.can_read_body and request.match_info.route.name not in READ_THEIR_OWN:
        await received(request, request.read())
    return await handler(request)


async def received(request: web.Request, reading: Awaitable[Taken]) -> Taken:
    """A body, or what was made of it, if it comes in time.

    Raises:
        HTTPRequestTimeout: It does not; the connection ends with the answer.
        HTTPBadRequest: It is not packed as it says.
    """
    try:
        async with asyncio.timeout(BODY_WITHIN):
            return await reading
    except TimeoutError as error:
        request.protocol.close()
        raise web.HTTPRequestTimeout from error
    except web.RequestPayloadError as error:
        raise web.HTTPBadRequest from error

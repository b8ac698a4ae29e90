"""The socket of a tech check: it answers pings, and calls the room server and back.

Whoever checks is nobody to the room server and in no room. A process holds so many such
calls at most, each for a few minutes.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import WSMsgType, web

from vioP.beside import beside
from vioP.domain.errors import ForeignOrigin, Unavailable
from vioP.video.janus.echo import EchoLine
from vioP.web.gateway import HEARTBEAT, Gateway
from vioP.web.keys import CHOICES

log = structlog.get_logger()

_LONGEST = 300.0
_LARGEST = 64 * 1024
_MOST_CALLS = 8
_GOODBYE = 1.0


@dataclass
class Echoes:
    """How many try the room server at once.

    Attributes:
        most: So many may; whoever comes then is told that it is busy.
    """

    most: int = 12
    held: int = 0

    def leave(self) -> None:
        """One of them has ended."""
        self.held -= 1


ECHOES = web.AppKey("ECHOES", Echoes)


def require_own_socket(request: web.Request) -> None:
    """Refuse what is no WebSocket, or opened by a page of somebody else.

    Raises:
        ForeignOrigin: The page is somebody else's. Source: RFC 6455, section 10.2.
    """
    if request.headers.get("Upgrade", "").lower() != "websocket":
        raise web.HTTPUpgradeRequired
    if urlsplit(request.headers.get("Origin", "")).netloc != request.app[CHOICES].host:
        raise ForeignOrigin


async def serve_echo(
    request: web.Request, gateway: Gateway | None
) -> web.WebSocketResponse:
    """Hold one browser's socket until it ends.

    Args:
        request: The request to upgrade.
        gateway: The way to the room server; nothing where sessions meet elsewhere.
    """
    require_own_socket(request)
    socket = web.WebSocketResponse(
        heartbeat=HEARTBEAT, timeout=_GOODBYE, max_msg_size=_LARGEST
    )
    await socket.prepare(request)
    conversation = _Conversation(socket, gateway, request.app[ECHOES])
    with suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST):
            await conversation.hold()
    await socket.close()
    return socket


class _Conversation:
    """One browser's socket, from its first word to its last."""

    def __init__(
        self, socket: web.WebSocketResponse, gateway: Gateway | None, echoes: Echoes
    ) -> None:
        self._socket = socket
        self._gateway = gateway
        self._echoes = echoes
        self._calls = 0
        self._line: EchoLine | None = None
        self._stack = AsyncExitStack()

    async def hold(self) -> None:
        """Answer until the browser is gone."""
        async with self._stack:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    await self._hear(message.data)

    async def _hear(self, said: str) -> None:
        try:
            asked = json.loads(said)
        except ValueError:
            asked = None
        match asked:
            case {"viop": "ping", "n": int(number)}:
                await self._tell({"viop": "pong", "n": number})
            case {"viop": "offer", "sdp": str(sdp)}:
                await self._call(sdp)
            case {"viop": "candidate", "candidate": dict(found)}:
                if self._line is not None:
                    await self._line.candidate(found)
            case _:
                await self._tell({"viop": "nonsense"})

    async def _call(self, sdp: str) -> None:
        """Call the room server, as often as a check needs."""
        self._calls += 1
        is_full = self._line is None and self._echoes.held >= self._echoes.most
        if self._gateway is None:
            await self._tell({"viop": "elsewhere"})
        elif self._calls > _MOST_CALLS or is_full:
            await self._tell({"viop": "busy"})
        else:
            try:
                line = self._line or await self._open(self._gateway)
                await line.call(sdp)
            except (Unavailable, ConnectionError) as error:
                log.warning("echo.failed", exc_info=error)
                await self._tell({"viop": "down"})

    async def _open(self, gateway: Gateway) -> EchoLine:
        """A session in the room server, for as long as the browser stays."""
        address = await gateway.rooms.process.wait()
        opened = EchoLine.open(gateway.rooms.http, address)
        self._line = await self._stack.enter_async_context(opened)
        self._echoes.held += 1
        self._stack.callback(self._echoes.leave)
        await self._stack.enter_async_context(beside(self._pass_on(self._line)))
        return self._line

    async def _pass_on(self, line: EchoLine) -> None:
        """Tell the browser what the room server says, until that hangs up."""
        async for told in line.heard():
            await self._tell(told)
        self._line = None
        await self._tell({"viop": "down"})

    async def _tell(self, message: Mapping[str, Any]) -> None:
        with suppress(ConnectionError):  # a socket that closes meanwhile needs no news
            await self._socket.send_json(message)

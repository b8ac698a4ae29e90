"""A call with an echo: what one browser sends goes through Janus and comes back to it alone.

It tries the very server sessions meet in, and lets nobody meet. The browser says three
things only, offer, candidate and end; what Janus is asked is written here.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

import aiohttp

from vioP.beside import beside
from vioP.domain.errors import Unavailable
from vioP.video.janus.process import PROTOCOL, JanusAddress
from vioP.video.janus.talk import Talk

PLUGIN = "janus.plugin.echotest"
_KEEP_ALIVE = 10.0
_ANSWERS_WITHIN = 5.0
_BITRATE = 350_000
_LARGEST = 64 * 1024


class EchoLine:
    """A session in Janus for one browser, in which it may make one call after another."""

    def __init__(self, talk: Talk, session_id: int) -> None:
        self._talk = talk
        self._session_id = session_id
        self._handle = 0
        self._calls = 0
        self._attached: asyncio.Future[int] | None = None

    @classmethod
    @asynccontextmanager
    async def open(
        cls, http: aiohttp.ClientSession, address: JanusAddress
    ) -> AsyncIterator[Self]:
        """A session, which ends with the block, and with it its call.

        Raises:
            Unavailable: Janus did not answer in time.
        """
        try:
            async with http.ws_connect(address.url, protocols=(PROTOCOL,)) as socket:
                talk = Talk(socket, address.secret)
                async with asyncio.timeout(_ANSWERS_WITHIN):
                    session_id = await talk.begin()
                line = cls(talk, session_id)
                async with beside(line._stay_alive()):
                    yield line
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unavailable("The video service did not answer. Try again.") from error

    async def call(self, sdp: str) -> None:
        """Begin a call, in place of the one before.

        Raises:
            Unavailable: Janus has no echo, or did not answer in time.
        """
        before, self._handle = self._handle, 0  # nothing it still says is about this call
        if before:
            await self._say(janus="detach", handle_id=before)
        self._calls += 1
        self._attached = asyncio.get_running_loop().create_future()
        await self._say(janus="attach", plugin=PLUGIN, transaction=f"attach{self._calls}")
        try:
            async with asyncio.timeout(_ANSWERS_WITHIN):
                self._handle = await self._attached
        except TimeoutError as error:
            raise Unavailable("The video service did not answer. Try again.") from error
        await self._say(
            janus="message",
            handle_id=self._handle,
            body={"audio": True, "video": True, "bitrate": _BITRATE},
            jsep={"type": "offer", "sdp": sdp[:_LARGEST]},
        )

    async def candidate(self, found: Mapping[str, Any]) -> None:
        """Pass on a way by which the browser may be reached."""
        if self._handle:
            kept = ("candidate", "sdpMid", "sdpMLineIndex", "completed")
            told = {name: found[name] for name in kept if name in found}
            await self._say(janus="trickle", handle_id=self._handle, candidate=told)

    async def heard(self) -> AsyncIterator[dict[str, object]]:
        """What the browser is told, until Janus hangs up: answers, candidates, the end.

        Each says which call of this line it is about, counted from 1: what is still said of
        a call that is over must not end the next one.
        """
        async for message in self._talk.socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            said = json.loads(message.data)
            if self._is_about_attaching(said) or said.get("sender") != self._handle:
                continue
            if said.get("jsep"):
                yield {"viop": "answer", "call": self._calls, "sdp": said["jsep"]["sdp"]}
            elif said["janus"] == "trickle":
                found = said["candidate"]
                yield {"viop": "candidate", "call": self._calls, "candidate": found}
            elif said["janus"] == "hangup":
                yield {"viop": "hung_up", "call": self._calls}

    def _is_about_attaching(self, said: Mapping[str, Any]) -> bool:
        waiting = self._attached
        if said.get("transaction") != f"attach{self._calls}" or waiting is None:
            return False
        if not waiting.done():
            if said["janus"] == "success":
                waiting.set_result(int(said["data"]["id"]))
            else:
                waiting.set_exception(Unavailable("This video service has no echo."))
        return True

    async def _say(self, **message: object) -> None:
        await self._talk.socket.send_json(
            {
                "transaction": "echo",
                **message,
                "session_id": self._session_id,
                "apisecret": self._talk.secret,
            }
        )

    async def _stay_alive(self) -> None:
        with suppress(ConnectionError):  # whoever listens has heard that it is over
            while True:
                await asyncio.sleep(_KEEP_ALIVE)
                await self._say(janus="keepalive")

"""A short talk with Janus: make a room, ask who is in one, end one."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp

from vioP.domain.attendance import Leg
from vioP.domain.errors import Unavailable
from vioP.video.janus.process import PROTOCOL, JanusAddress

PLUGINS = {
    Leg.VIDEO: "janus.plugin.videoroom",
    Leg.AUDIO: "janus.plugin.audiobridge",
}
OWN = "viop:"
ANSWERS_WITHIN = 10.0
_KEEP_ALIVE = 10.0


class Refused(Unavailable):
    """The video service refused a request of ours."""

    code = "video.refused"

    def __init__(self, number: int) -> None:
        super().__init__(f"The video service refused a request (its code {number}).")
        self.number = number


@dataclass(slots=True)
class Talk:
    """One socket, one session, one handle; over when the block ends."""

    socket: aiohttp.ClientWebSocketResponse
    secret: str
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _ids: dict[str, int] = field(default_factory=dict)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, http: aiohttp.ClientSession, address: JanusAddress, leg: Leg
    ) -> AsyncIterator[Self]:
        """Begin a talk with what carries the pictures or the sound of rooms.

        Raises:
            Unavailable: Janus did not answer in time.
        """
        try:
            async with (
                asyncio.timeout(ANSWERS_WITHIN),
                http.ws_connect(address.url, protocols=(PROTOCOL,)) as socket,
            ):
                talk = cls(socket, address.secret)
                await talk.begin()
                await talk.attach(leg)
                yield talk
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unavailable("The video service did not answer. Try again.") from error

    async def begin(self) -> int:
        """Begin a session of our own; answers what Janus calls it."""
        session_id = int((await self._send(janus="create"))["data"]["id"])
        self._ids["session_id"] = session_id
        return session_id

    async def attach(self, leg: Leg) -> None:
        """Take the one handle that is asked from now on."""
        attached = await self._send(janus="attach", plugin=PLUGINS[leg])
        self._ids["handle_id"] = attached["data"]["id"]

    async def stay_alive(self) -> None:
        """Keep the session from running out, for as long as the socket is open."""
        beat = {"janus": "keepalive", "transaction": f"{OWN}beat", "apisecret": self.secret}
        with suppress(ConnectionError):  # whoever listens has heard that it is over
            while True:
                await asyncio.sleep(_KEEP_ALIVE)
                await self.socket.send_json(beat | {"session_id": self._ids["session_id"]})

    async def ask(self, **body: object) -> dict[str, Any]:
        """What the room plugin answers.

        Raises:
            Refused: It refused.
        """
        answer = await self._send(janus="message", body=body)
        data: dict[str, Any] = answer["plugindata"]["data"]
        if "error_code" in data:
            raise Refused(int(data["error_code"]))
        return data

    async def _send(self, **message: object) -> dict[str, Any]:
        name = str(next(self._numbers))
        await self.socket.send_json(
            {**message, **self._ids, "transaction": name, "apisecret": self.secret}
        )
        async for heard in self.socket:
            if heard.type is not aiohttp.WSMsgType.TEXT:
                continue
            answer: dict[str, Any] = heard.json()
            if answer.get("transaction") != name or answer["janus"] == "ack":
                continue
            if answer["janus"] == "error":
                raise Refused(int(answer["error"]["code"]))
            return answer
        raise aiohttp.ClientError("Janus hung up")

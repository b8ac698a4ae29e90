"""The far side of a browser's connection: its own socket and session in Janus."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

import aiohttp

from vioP.beside import beside
from vioP.video.janus.process import JanusAddress
from vioP.video.janus.requests import Place
from vioP.video.janus.switchboard import Line
from vioP.video.janus.talk import PROTOCOL, Talk

_KEEP_ALIVE = 10.0
_OWN = "viop:"


class Upstream:
    """Speaks for one browser. Whatever Janus gives it belongs to this browser alone."""

    def __init__(self, talk: Talk, place: Place) -> None:
        self.place = place
        self._talk = talk
        self._attaching: set[str] = set()

    @classmethod
    @asynccontextmanager
    async def open(
        cls, http: aiohttp.ClientSession, address: JanusAddress, room: str, line: Line
    ) -> AsyncIterator[Self]:
        """A session in Janus, which ends with the block, and with it all its media.

        Raises:
            Unavailable: Janus did not answer in time.
        """
        async with http.ws_connect(address.url, protocols=(PROTOCOL,)) as socket:
            talk = Talk(socket, address.secret)
            session_id = await talk.begin()
            place = Place(
                room, line.connection, line.guest.name, address.secret, session_id
            )
            async with beside(cls._stay_alive(talk, session_id)):
                yield cls(talk, place)

    async def ask(self, request: Mapping[str, Any]) -> None:
        """Pass a request on that was found in order."""
        if request["janus"] == "attach":
            self._attaching.add(str(request["transaction"]))
        await self._talk.socket.send_json(request)

    async def heard(self) -> AsyncIterator[dict[str, Any]]:
        """What Janus says, as the browser may hear it, until Janus hangs up."""
        async for message in self._talk.socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            answer: dict[str, Any] = message.json()
            transaction = str(answer.get("transaction", ""))
            if transaction.startswith(_OWN):
                continue
            if transaction in self._attaching:
                self._attaching.discard(transaction)
                if answer["janus"] == "success":
                    self.place.handles.add(int(answer["data"]["id"]))
            answer.pop("session_id", None)
            yield answer

    @staticmethod
    async def _stay_alive(talk: Talk, session_id: int) -> None:
        beat = {
            "janus": "keepalive",
            "session_id": session_id,
            "transaction": f"{_OWN}beat",
            "apisecret": talk.secret,
        }
        with suppress(ConnectionError):  # whoever listens has heard that it is over
            while True:
                await asyncio.sleep(_KEEP_ALIVE)
                await talk.socket.send_json(beat)

"""The far side of a browser's connection: its own socket and session in Janus."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Self

import aiohttp

from vioP.beside import beside
from vioP.domain.attendance import Leg
from vioP.domain.errors import Unavailable
from vioP.video.janus.process import PROTOCOL, JanusAddress
from vioP.video.janus.requests import Place, leg_of
from vioP.video.janus.switchboard import Line
from vioP.video.janus.talk import ANSWERS_WITHIN, OWN, Talk


class Upstream:
    """Speaks for one browser. Whatever Janus gives it belongs to this browser alone."""

    def __init__(self, talk: Talk, place: Place) -> None:
        self.place = place
        self._talk = talk
        self._attaching: dict[str, Leg] = {}

    @classmethod
    @asynccontextmanager
    async def open(
        cls, http: aiohttp.ClientSession, address: JanusAddress, room: str, line: Line
    ) -> AsyncIterator[Self]:
        """A session in Janus, which ends with the block, and with it all its media.

        Raises:
            Unavailable: Janus did not answer in time.
        """
        try:
            async with (
                asyncio.timeout(ANSWERS_WITHIN) as patience,
                http.ws_connect(address.url, protocols=(PROTOCOL,)) as socket,
            ):
                talk = Talk(socket, address.secret)
                session_id = await talk.begin()
                patience.reschedule(None)
                name, secret = line.guest.name, address.secret
                place = Place(room, line.connection, name, secret, session_id)
                async with beside(talk.stay_alive()):
                    yield cls(talk, place)
        except TimeoutError as error:
            raise Unavailable("The video service did not answer. Try again.") from error

    async def ask(self, request: Mapping[str, Any]) -> None:
        """Pass a request on that was found in order."""
        if request["janus"] == "attach":
            self._attaching[str(request["transaction"])] = leg_of(request)
        await self._talk.socket.send_json(request)

    async def heard(self) -> AsyncIterator[dict[str, Any]]:
        """What Janus says, as the browser may hear it, until Janus hangs up."""
        async for message in self._talk.socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            answer: dict[str, Any] = message.json()
            transaction = str(answer.get("transaction", ""))
            if transaction.startswith(OWN):
                continue
            leg = self._attaching.pop(transaction, None)
            if leg is not None and answer["janus"] == "success":
                self.place.handles[int(answer["data"]["id"])] = leg
            answer.pop("session_id", None)
            yield answer

"""One person in a room: they speak our gateway's protocol and send real sound and pictures."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from fractions import Fraction
from typing import Any, Self

import aiohttp
from aiortc import (
    AudioStreamTrack,
    MediaStreamTrack,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)
from av import VideoFrame

from vioP.beside import beside

PICTURES_A_SECOND = 5


class Picture(VideoStreamTrack):
    """A small grey picture, rarely: eight people share one process."""

    def __init__(self) -> None:
        super().__init__()
        self._number = 0

    async def recv(self) -> VideoFrame:
        """The next picture."""
        await asyncio.sleep(1 / PICTURES_A_SECOND)
        frame = VideoFrame(160, 120)
        frame.pts, frame.time_base = self._number, Fraction(1, PICTURES_A_SECOND)
        self._number += 1
        return frame


class Peer:
    """Somebody in a room, until the block of ``enter`` ends.

    Attributes:
        feed: What evidence and the others call their connection.
        connected: When each leg's media began to flow, on the clock of ``time.monotonic``.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.feed = ""
        self.connected: dict[str, float] = {}
        self._socket = socket
        self._numbers: Iterator[int] = itertools.count()
        self._asked: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._entered = asyncio.Event()
        self._legs: list[RTCPeerConnection] = []

    @classmethod
    @asynccontextmanager
    async def enter(
        cls, http: aiohttp.ClientSession, address: str, headers: dict[str, str],
        *, with_media: bool = True,
    ) -> AsyncIterator[Self]:  # fmt: skip
        """Come in by a link, as far as the room, and send sound and pictures."""
        async with http.ws_connect(address, headers=headers) as socket:
            peer = cls(socket)
            async with beside(peer._listen()):
                await peer._entered.wait()
                try:
                    await peer._take_part(with_media=with_media)
                    yield peer
                finally:
                    await asyncio.gather(*(each.close() for each in peer._legs))

    async def stay(self, seconds: float, ping: float) -> None:
        """Stay for a while, and show signs of life as the page does."""
        async with asyncio.timeout(seconds + ping):
            for _ in range(round(seconds / ping)):
                await self._socket.send_json({"viop": "ping"})
                await asyncio.sleep(ping)

    async def _listen(self) -> None:
        async for message in self._socket:
            said = json.loads(message.data)
            if said.get("viop") == "enter":
                self.feed = said["feed"]
                self._entered.set()
            answered = self._asked.get(said.get("transaction", ""))
            if answered and not answered.done() and said["janus"] != "ack":
                answered.set_result(said)

    async def _take_part(self, *, with_media: bool) -> None:
        sound = (await self._ask(janus="attach", leg="audio"))["data"]["id"]
        picture = (await self._ask(janus="attach", leg="video"))["data"]["id"]
        await self._request(sound, {"request": "join"})
        await self._request(picture, {"request": "join", "ptype": "publisher"})
        if with_media:
            await asyncio.gather(
                self._send("audio", sound, AudioStreamTrack(), "configure"),
                self._send("video", picture, Picture(), "publish"),
            )

    async def _send(
        self, leg: str, handle: int, track: MediaStreamTrack, request: str
    ) -> None:
        """Send by one leg; returns once its media flows."""
        peer, flows = RTCPeerConnection(), asyncio.Event()
        self._legs.append(peer)

        @peer.on("connectionstatechange")
        def changed() -> None:
            if peer.connectionState == "connected":
                self.connected[leg] = time.monotonic()
                flows.set()

        peer.addTrack(track)
        await peer.setLocalDescription(await peer.createOffer())
        offer = peer.localDescription
        answer = await self._request(
            handle, {"request": request}, {"type": offer.type, "sdp": offer.sdp}
        )
        await peer.setRemoteDescription(RTCSessionDescription(**answer["jsep"]))
        await flows.wait()

    async def _request(
        self, handle: int, body: dict[str, Any], jsep: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        said = {"janus": "message", "handle_id": handle, "body": body}
        return await self._ask(**said, **({"jsep": jsep} if jsep else {}))

    async def _ask(self, **message: Any) -> dict[str, Any]:
        name = f"t{next(self._numbers)}"
        answered: asyncio.Future[dict[str, Any]] = asyncio.Future()
        self._asked[name] = answered
        await self._socket.send_json({**message, "transaction": name})
        answer = await answered
        assert answer["janus"] != "error", answer
        return answer

"""The echo of a tech check, by a real Janus: what passes, what does not, and how many at once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request
from pytest_aiohttp.plugin import AiohttpClient

from tests.make import group_session, published_programme, seat_of
from tests.web.conftest import OWN
from vioP.app import create_app
from vioP.furnish import open_rooms
from vioP.ports import Ports
from vioP.settings import Settings
from vioP.video.janus.config import find_janus
from vioP.web.echo import ECHOES

pytestmark = pytest.mark.skipif(
    find_janus() is None, reason="janus is missing: apt-get install janus"
)
ORIGIN = {"Origin": "http://127.0.0.1:8080"}
# The least a browser could offer: one line of sound, by ways that lead nowhere.
OFFER = """v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
m=audio 9 UDP/TLS/RTP/SAVPF 111
c=IN IP4 0.0.0.0
a=ice-ufrag:abcd
a=ice-pwd:abcdefghijklmnopqrstuvwx
a=fingerprint:sha-256 {fingerprint}
a=setup:actpass
a=mid:0
a=sendrecv
a=rtcp-mux
a=rtpmap:111 opus/48000/2
""".replace("\n", "\r\n").format(fingerprint=":".join(["AB"] * 32))


@dataclass
class Service:
    """The service with its room server, and where one person's echo is."""

    client: TestClient[Request, Application]
    app: Application
    path: str


@pytest.fixture
async def service(
    ports: Ports, settings: Settings, tmp_path: Path, aiohttp_client: AiohttpClient
) -> AsyncIterator[Service]:
    await published_programme(ports)
    choices = settings.model_copy(update={"data": tmp_path})
    async with open_rooms(choices, ports) as (ours, gateway):
        app = create_app(ours, choices, gateway=gateway)
        client = await aiohttp_client(app, headers=OWN)
        seat = await seat_of(ours, await group_session(ours), "p1")
        link = ours.secrets.link_token(seat)
        yield Service(client, app, f"/j/{link}/tech-check/echo")
        await client.close()


async def heard(socket: aiohttp.ClientWebSocketResponse, *words: str) -> dict[str, object]:
    """The next message with one of some words."""
    while True:
        said: dict[str, object] = await socket.receive_json(timeout=15)
        if said["viop"] in words:
            return said


async def test_an_offer_is_answered_and_nothing_else_reaches_janus(service: Service):
    async with service.client.ws_connect(service.path, headers=ORIGIN) as socket:
        for foreign in (
            {"janus": "attach", "plugin": "janus.plugin.videoroom"},
            {"viop": "join", "room": "any"},
            {"viop": "offer", "sdp": 7},
            ["offer"],
        ):
            await socket.send_json(foreign)
            assert await socket.receive_json(timeout=15) == {"viop": "nonsense"}

        for call in (1, 2):
            await socket.send_json({"viop": "offer", "sdp": OFFER})
            answer = await heard(socket, "answer", "down", "busy")
            assert (answer["viop"], answer["call"]) == ("answer", call)
            assert "opus/48000" in str(answer["sdp"])


async def test_more_than_a_process_holds_are_told_that_it_is_busy(service: Service):
    service.app[ECHOES].most = 1
    async with service.client.ws_connect(service.path, headers=ORIGIN) as first:
        await first.send_json({"viop": "offer", "sdp": OFFER})
        await heard(first, "answer")
        async with service.client.ws_connect(service.path, headers=ORIGIN) as second:
            await second.send_json({"viop": "offer", "sdp": OFFER})
            assert await heard(second, "busy", "answer") == {"viop": "busy"}
            await second.send_json({"viop": "ping", "n": 1})
            assert await heard(second, "pong") == {"viop": "pong", "n": 1}

    assert service.app[ECHOES].held == 0


async def test_one_socket_makes_only_so_many_calls(service: Service):
    async with service.client.ws_connect(service.path, headers=ORIGIN) as socket:
        for _ in range(8):
            await socket.send_json({"viop": "offer", "sdp": OFFER})
            await heard(socket, "answer")
        await socket.send_json({"viop": "offer", "sdp": OFFER})

        assert (await heard(socket, "busy", "answer"))["viop"] == "busy"

"""What every video service keeps to, the real Janus and the one in memory alike."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from tests.adapters.livekit_server import KEY as LIVEKIT_KEY
from tests.adapters.livekit_server import SECRET, LiveKitServer
from tests.make import KEY, NINE
from tests.video import RoomsInMemory
from vioP.clock import SystemClock
from vioP.domain.errors import Forged
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest
from vioP.meeting import VideoRooms
from vioP.video.janus.config import JanusChoices, find_janus
from vioP.video.janus.process import JanusProcess
from vioP.video.janus.rooms import JanusRooms
from vioP.video.livekit import LiveKitChoices, LiveKitRooms
from vioP.video.static import StaticRooms

ONE, OTHER = SessionId("ses_one"), SessionId("ses_other")
GUEST = Guest("sea_1", "Eli")
Open = Callable[[Path], AbstractAsyncContextManager[VideoRooms]]


@asynccontextmanager
async def static(_place: Path) -> AsyncIterator[VideoRooms]:
    yield StaticRooms("https://video.test/{room}", KEY)


@asynccontextmanager
async def memory(_place: Path) -> AsyncIterator[VideoRooms]:
    yield RoomsInMemory()


@asynccontextmanager
async def janus(place: Path) -> AsyncIterator[VideoRooms]:
    program = find_janus()
    if program is None:
        pytest.skip("janus is missing: apt-get install janus")
    process = JanusProcess(program, place / "janus", JanusChoices())
    async with aiohttp.ClientSession() as http, process.running():
        yield JanusRooms(process, http, KEY)


@asynccontextmanager
async def livekit(_place: Path) -> AsyncIterator[VideoRooms]:
    async with TestServer(LiveKitServer().app()) as there, aiohttp.ClientSession() as http:
        choices = LiveKitChoices(
            f"ws://127.0.0.1:{there.port}",
            LIVEKIT_KEY,
            SECRET.encode(),
            "https://m.test/{token}",
        )
        yield LiveKitRooms(choices, http, SystemClock().now, KEY)


@pytest.fixture(params=[static, memory, janus, livekit], ids=lambda each: each.__name__)
def opened(request: pytest.FixtureRequest, tmp_path: Path):
    """Each service, to be opened by the test."""
    make: Open = request.param
    return make(tmp_path)


async def test_a_room_is_made_once_and_has_a_name_that_says_nothing(opened):
    async with opened as rooms:
        name = await rooms.ensure(ONE)

        assert await rooms.ensure(ONE) == name
        assert await rooms.ensure(OTHER) != name
        assert "one" not in name
        assert len(name) >= 16


async def test_a_door_names_nobody(opened):
    async with opened as rooms:
        await rooms.ensure(ONE)
        door = await rooms.door(ONE, GUEST)

        assert (door == "") == rooms.is_ours
        assert "Eli" not in door
        assert "ses_one" not in door


async def test_who_is_there_is_a_list_or_not_known_and_never_a_guess(opened):
    async with opened as rooms:
        await rooms.ensure(ONE)
        seen = await rooms.present(ONE)

        assert seen is None or not seen
        assert seen is None or rooms.proves


async def test_a_message_nobody_signed_is_refused(opened):
    async with opened as rooms:
        with pytest.raises(Forged):
            rooms.verify({}, b'{"event": "participant_joined"}', NINE)


async def test_putting_out_and_closing_may_be_done_twice(opened):
    async with opened as rooms:
        await rooms.ensure(ONE)
        for _ in range(2):
            await rooms.revoke(ONE, "sea_1")
            await rooms.close(ONE)

        assert await rooms.ensure(ONE)

"""What every video service keeps to, the real Janus and the one in memory alike."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from tests.adapters.jitsi_page import page_server
from tests.adapters.livekit_server import KEY as LIVEKIT_KEY
from tests.adapters.livekit_server import SECRET, LiveKitServer
from tests.adapters.zoom_server import ZoomServer
from tests.make import KEY, NINE, open_sealed
from tests.video import RoomsInMemory
from vioP.clock import SystemClock
from vioP.domain.errors import Forged
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest, Seen
from vioP.meeting import VideoRooms
from vioP.video.asking import Asking
from vioP.video.jaas import JaasChoices, JaasRooms
from vioP.video.janus.config import JanusChoices, find_janus
from vioP.video.janus.process import JanusProcess
from vioP.video.janus.rooms import JanusRooms
from vioP.video.janus.switchboard import Line
from vioP.video.jitsi import JitsiChoices, JitsiRooms
from vioP.video.livekit import LiveKitChoices, LiveKitRooms
from vioP.video.notebook import Notebook
from vioP.video.static import StaticRooms
from vioP.video.zoom.rooms import ZoomRooms

ONE, OTHER = SessionId("ses_one"), SessionId("ses_other")
GUEST, SECOND = Guest("sea_1", "Eli"), Guest("sea_2", "Ada")
HOST = Guest("c1", "Doctor", is_host=True)
NOW = SystemClock().now


@dataclass(frozen=True)
class Stand:
    """A service, and what goes on inside it that no caller of it decides.

    Attributes:
        enter: A device of a guest goes into a session's room.
        inside: Whose devices are inside.
    """

    rooms: VideoRooms
    enter: Callable[[SessionId, Guest], Awaitable[None]]
    inside: Callable[[SessionId], Awaitable[set[str]]]


Open = Callable[[Path, str], AbstractAsyncContextManager[Stand]]


@asynccontextmanager
async def static(_place: Path, _url: str) -> AsyncIterator[Stand]:
    yield unknowing(StaticRooms("https://video.test/{room}", KEY))


@asynccontextmanager
async def memory(_place: Path, _url: str) -> AsyncIterator[Stand]:
    rooms = RoomsInMemory()

    async def enter(session: SessionId, guest: Guest) -> None:
        rooms.inside[session].append(Seen(guest.id, f"of {guest.id}"))

    async def inside(session: SessionId) -> set[str]:
        return {each.guest_id for each in rooms.inside.get(session, ())}

    yield Stand(rooms, enter, inside)


@asynccontextmanager
async def janus(place: Path, _url: str) -> AsyncIterator[Stand]:
    program = find_janus()
    if program is None:
        pytest.skip("janus is missing: apt-get install janus")
    process = JanusProcess(program, place / "janus", JanusChoices())
    async with aiohttp.ClientSession() as http, process.running():
        rooms = JanusRooms(process, http, KEY)

        async def send(_message: object) -> None: ...

        async def enter(session: SessionId, guest: Guest) -> None:
            async def hang_up(_code: int) -> None:
                rooms.switchboard.drop(line)

            line = Line(session, guest, f"of {guest.id}", "tab", send, hang_up)
            rooms.switchboard.add(line)

        async def inside(session: SessionId) -> set[str]:
            return {each.guest.id for each in rooms.switchboard.lines(session)}

        yield Stand(rooms, enter, inside)


@asynccontextmanager
async def livekit(_place: Path, _url: str) -> AsyncIterator[Stand]:
    server = LiveKitServer()
    async with TestServer(server.app()) as there, aiohttp.ClientSession() as http:
        choices = LiveKitChoices(
            f"ws://127.0.0.1:{there.port}",
            LIVEKIT_KEY,
            SECRET.encode(),
            "https://m.test/{token}",
        )
        rooms = LiveKitRooms(choices, Asking("LiveKit", http), NOW, KEY)

        async def enter(session: SessionId, guest: Guest) -> None:
            someone = {"identity": guest.id, "sid": f"PA_{guest.id}", "state": "ACTIVE"}
            server.rooms[await rooms.ensure(session)].append(someone)

        async def inside(session: SessionId) -> set[str]:
            return {
                e["identity"] for e in server.rooms.get(await rooms.ensure(session), ())
            }

        yield Stand(rooms, enter, inside)


@asynccontextmanager
async def zoom(_place: Path, url: str) -> AsyncIterator[Stand]:
    server = ZoomServer()
    async with (
        TestServer(server.app()) as there,
        aiohttp.ClientSession() as http,
        open_sealed(url) as store,
    ):
        assert there.port is not None
        notebook = Notebook(store, "zoom", NOW)
        rooms = ZoomRooms(server.choices(there.port), http, notebook, NOW, KEY)

        async def enter(session: SessionId, guest: Guest) -> None:
            link = await rooms.door(session, guest)
            number = await rooms.ensure(session)
            server.running.add(number)
            someone = {"user_id": guest.id, "registrant_id": link.partition("tk=")[2]}
            server.people.setdefault(number, []).append(someone)

        async def inside(session: SessionId) -> set[str]:
            number = await rooms.ensure(session)
            running = number in server.running
            return {e["user_id"] for e in server.people.get(number, ()) if running}

        yield Stand(rooms, enter, inside)


@asynccontextmanager
async def jitsi(_place: Path, _url: str) -> AsyncIterator[Stand]:
    async with page_server() as site, aiohttp.ClientSession() as http:
        choices = JitsiChoices(site, "viop", b"a secret of Jitsi's", (b"a token",))
        yield unknowing(JitsiRooms(choices, Asking("Jitsi", http), NOW, KEY))


@asynccontextmanager
async def jaas(_place: Path, _url: str) -> AsyncIterator[Stand]:
    async with page_server() as site, aiohttp.ClientSession() as http:
        choices = JaasChoices("vpaas-1", "vpaas-1/k", lambda _: b"s", (b"a",), site)
        yield unknowing(JaasRooms(choices, Asking("8x8", http), NOW, KEY))


def unknowing(rooms: VideoRooms) -> Stand:
    """A service that cannot be asked: whoever goes in stays until they leave."""
    there = set[str]()

    async def enter(_session: SessionId, guest: Guest) -> None:
        there.add(guest.id)

    async def inside(_session: SessionId) -> set[str]:
        return there

    return Stand(rooms, enter, inside)


@pytest.fixture(
    params=[static, memory, janus, livekit, zoom, jitsi, jaas],
    ids=lambda each: each.__name__,
)
def stand(request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str):
    """Each service, to be opened by the test."""
    make: Open = request.param
    return make(tmp_path, sqlite_url)


@pytest.fixture
def opened(stand: AbstractAsyncContextManager[Stand]):
    """Each service alone, to be opened by the test."""

    @asynccontextmanager
    async def rooms() -> AsyncIterator[VideoRooms]:
        async with stand as here:
            yield here.rooms

    return rooms()


async def test_a_room_is_made_once_and_has_a_name_that_says_nothing(opened):
    async with opened as rooms:
        name = await rooms.ensure(ONE)

        assert await rooms.ensure(ONE) == name
        assert await rooms.ensure(OTHER) != name
        assert "one" not in name
        # A name is hard to guess, or knowing it opens nothing: each guest has a door of their own.
        own = await rooms.door(ONE, GUEST) != await rooms.door(ONE, SECOND)
        assert len(name) >= 16 or own


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
            await rooms.verify({}, b'{"event": "participant_joined"}', NINE)


async def test_putting_out_and_closing_may_be_done_twice(opened):
    async with opened as rooms:
        await rooms.ensure(ONE)
        for _ in range(2):
            await rooms.revoke(ONE, "sea_1")
            await rooms.close(ONE)

        assert await rooms.ensure(ONE)


async def test_whoever_is_put_out_is_inside_no_more_and_the_others_stay(stand):
    async with stand as here:
        await here.rooms.ensure(ONE)
        await here.enter(ONE, GUEST)
        await here.enter(ONE, SECOND)

        await here.rooms.revoke(ONE, GUEST.id)

        left = {SECOND.id} if here.rooms.puts_out else {GUEST.id, SECOND.id}
        assert await here.inside(ONE) == left


async def test_closing_puts_everybody_out_where_the_service_can_be_asked(stand):
    async with stand as here:
        await here.rooms.ensure(ONE)
        await here.rooms.ensure(OTHER)
        await here.enter(ONE, GUEST)
        await here.enter(OTHER, SECOND)

        await here.rooms.close(ONE)

        assert SECOND.id in await here.inside(OTHER)
        if here.rooms.looks:
            assert await here.inside(ONE) == set()
            assert await here.rooms.ensure(ONE)


async def test_a_service_that_can_be_asked_says_who_is_inside(stand):
    async with stand as here:
        await here.rooms.ensure(ONE)
        await here.enter(ONE, GUEST)

        seen = await here.rooms.present(ONE)

        if seen is not None:
            assert {each.guest_id for each in seen} == await here.inside(ONE)
        if not here.rooms.looks:
            assert seen is None

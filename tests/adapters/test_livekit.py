"""LiveKit: its own library takes our tokens, and we take its messages and no others."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from livekit.api import AccessToken, TokenVerifier, WebhookReceiver
from pydantic import SecretStr
from pytest_aiohttp.plugin import AiohttpClient

from tests.adapters.livekit_server import KEY, SECRET, LiveKitServer
from tests.make import KEY as HOUSE_KEY
from tests.make import group_session, published_programme, seat_of
from tests.web.conftest import OWN
from vioP.app import create_app
from vioP.clock import SystemClock
from vioP.domain.attendance import Fact, Leg, Presence
from vioP.domain.errors import Forged, Unavailable
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest, Seen
from vioP.domain.time import later
from vioP.flows.open_door import open_door
from vioP.flows.show import show_session
from vioP.ports import Ports
from vioP.settings import Settings
from vioP.video.asking import Asking
from vioP.video.jwt import signed
from vioP.video.livekit import LiveKitChoices, LiveKitRooms

SESSION = SessionId("ses_one")
PAGE = "https://meet.test/custom?liveKitUrl={url}&token={token}"
NOW = SystemClock().now  # their library signs by the machine's clock


@asynccontextmanager
async def livekit(server: LiveKitServer) -> AsyncIterator[LiveKitRooms]:
    """The adapter in front of a server."""
    async with TestServer(server.app()) as there, aiohttp.ClientSession() as http:
        choices = LiveKitChoices(f"ws://127.0.0.1:{there.port}", KEY, SECRET.encode(), PAGE)
        yield LiveKitRooms(choices, Asking("LiveKit", http), SystemClock().now, HOUSE_KEY)


def event(kind: str, at: int, **parts: Any) -> bytes:
    """A webhook as LiveKit sends it."""
    someone = {"sid": "PA_1", "identity": "sea_1", "state": "ACTIVE"} | parts.pop("who", {})
    body = {
        "event": kind,
        "room": {"sid": "RM_1", "name": "room"},
        "participant": someone,
        "id": f"EV_{kind}",
        "createdAt": str(at),
    }
    return json.dumps(body | parts).encode()


def token_for(raw: bytes, secret: str = SECRET) -> str:
    digest = base64.b64encode(hashlib.sha256(raw).digest()).decode()
    return str(AccessToken(KEY, secret).with_sha256(digest).to_jwt())


async def test_livekits_own_library_takes_our_tokens():
    async with livekit(LiveKitServer()) as rooms:
        name = await rooms.ensure(SESSION)
        door = await rooms.door(SESSION, Guest("sea_1", "Eli"))

    query = parse_qs(urlsplit(door).query)
    claims = TokenVerifier(KEY, SECRET).verify(query["token"][0])
    assert (claims.identity, claims.name) == ("sea_1", "Eli")
    assert claims.video is not None
    assert (claims.video.room, claims.video.room_join) == (name, True)
    assert not claims.video.room_admin
    assert query["liveKitUrl"] == [rooms.choices.url]


async def test_we_take_livekits_messages_and_read_them_as_its_library_does():
    raw = event("participant_joined", 1_773_154_800)
    token = token_for(raw)
    read = WebhookReceiver(TokenVerifier(KEY, SECRET)).receive(raw.decode(), token)

    async with livekit(LiveKitServer()) as rooms:
        [seen] = (await rooms.verify({"Authorization": token}, raw, NOW())).sightings

    assert (seen.event_id, seen.room, seen.guest_id) == (
        read.id, read.room.name, read.participant.identity
    )  # fmt: skip
    assert (seen.fact, seen.connection) == (Fact.ENTERED, "PA_1")
    assert int(seen.at.timestamp()) == read.created_at


@pytest.mark.parametrize(
    ("kind", "track", "fact", "leg"),
    [
        ("track_published", {"type": "VIDEO"}, Fact.MEDIA_UP, Leg.VIDEO),
        ("track_published", {}, Fact.MEDIA_UP, Leg.AUDIO),
        ("track_unpublished", {"type": "VIDEO"}, Fact.MEDIA_DOWN, Leg.VIDEO),
    ],
)
async def test_media_is_told_by_its_leg(kind, track, fact, leg):
    raw = event(kind, 1_773_154_800, track=track)

    async with livekit(LiveKitServer()) as rooms:
        [seen] = (
            await rooms.verify({"Authorization": token_for(raw)}, raw, NOW())
        ).sightings

    assert (seen.fact, seen.leg) == (fact, leg)


async def test_a_screen_that_is_shown_no_more_is_no_lost_picture():
    async with livekit(LiveKitServer()) as rooms:
        for kind in ("track_published", "track_unpublished"):
            track = {"type": "VIDEO", "source": "SCREEN_SHARE"}
            raw = event(kind, 1_773_154_800, track=track)
            heard = await rooms.verify({"Authorization": token_for(raw)}, raw, NOW())
            assert heard.sightings == ()


async def test_whoever_did_not_get_in_is_not_there():
    raw = event("participant_connection_aborted", 1_773_154_800)

    async with livekit(LiveKitServer()) as rooms:
        heard = await rooms.verify({"Authorization": token_for(raw)}, raw, NOW())

    assert [each.fact for each in heard.sightings] == [Fact.LEFT]


async def test_livekit_in_trouble_is_left_alone_for_a_while():
    server = LiveKitServer()
    async with livekit(server) as rooms:
        server.status = 500
        for _ in range(4):
            with pytest.raises(Unavailable):
                await rooms.ensure(SESSION)
        server.status = 0

        with pytest.raises(Unavailable, match="in trouble"):
            await rooms.ensure(SESSION)
        assert await rooms.present(SESSION) is None


async def test_a_ringing_phone_is_nobody():
    raw = event("participant_joined", 1_773_154_800, who={"kind": "SIP"})

    async with livekit(LiveKitServer()) as rooms:
        heard = await rooms.verify({"Authorization": token_for(raw)}, raw, NOW())
        assert heard.sightings == ()


async def test_a_forged_message_is_refused():
    raw = event("participant_joined", 1_773_154_800)
    token = token_for(raw)
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    late = later(NOW(), timedelta(hours=12))

    async with livekit(LiveKitServer()) as rooms:
        for header, body, now in (
            (token, raw + b" ", NOW()),
            (token[:-4] + "AAAA", raw, NOW()),
            (token_for(raw, "another secret of more than 32 bytes"), raw, NOW()),
            (f"{none}.{token.split('.')[1]}.", raw, NOW()),
            ("", raw, NOW()),
            ("a.b.c", raw, NOW()),
            (token, raw, late),
            (token_for(b"[]"), b"[]", NOW()),
        ):
            with pytest.raises(Forged):
                await rooms.verify({"Authorization": header}, body, now)


async def test_who_is_there_is_listed_and_an_outage_is_unknown():
    server = LiveKitServer()
    async with livekit(server) as rooms:
        name = await rooms.ensure(SESSION)
        server.rooms[name] = [
            {"sid": "PA_1", "identity": "sea_1", "state": "ACTIVE",
             "tracks": [{"type": "VIDEO"}, {"type": "AUDIO"},
                        {"type": "VIDEO", "source": "SCREEN_SHARE"}]},
            {"sid": "PA_2", "identity": "sea_2", "state": "JOINING"},
            {"sid": "PA_3", "identity": "phone", "state": "ACTIVE", "kind": "SIP"},
        ]  # fmt: skip
        assert await rooms.present(SESSION) == [Seen("sea_1", "PA_1", frozenset(
            {Leg.VIDEO, Leg.AUDIO}
        ))]  # fmt: skip

        for status in (500, 429, 401):
            server.status = status
            assert await rooms.present(SESSION) is None
            with pytest.raises(Unavailable):
                await rooms.ensure(SESSION)


async def test_messages_late_twice_and_out_of_order_add_up_to_what_happened(
    ports: Ports, tmp_path: Path, aiohttp_client: AiohttpClient
):
    await published_programme(ports)
    session = await group_session(ports)
    seat = await seat_of(ports, session, "p1")
    async with livekit(LiveKitServer()) as rooms:
        here = replace(ports, video=rooms)
        settings = Settings(link_key=SecretStr(HOUSE_KEY.decode()), data=tmp_path)
        client = await aiohttp_client(create_app(here, settings), headers=OWN)
        await open_door(here, session, Guest(seat, "P1"))
        name = await rooms.ensure(session)
        start = int(ports.clock.now().timestamp())

        def told(kind: str, after: int, number: int, **parts: Any) -> bytes:
            who = {"identity": str(seat), "sid": "PA_1"}
            place = {"name": name}
            return event(
                kind, start + after, who=who, room=place, id=f"EV_{number}", **parts
            )

        came = told("participant_joined", 0, 1)
        went = told("participant_left", 60, 2)
        stranger = event("participant_joined", start, room={"name": name}, id="EV_3")
        elsewhere = event("participant_joined", start, room={"name": "x"}, id="EV_4")

        async def tell(raw: bytes, token: str = "") -> int:
            headers = {"Authorization": token or _at_nine(ports, raw)}
            answer = await client.post("/hooks/video/livekit", data=raw, headers=headers)
            return int(answer.status)

        for raw in (went, came, came, went, stranger, elsewhere):
            assert await tell(raw) == 204
        assert await tell(came, "forged") == 403
        missing = await client.post("/hooks/video/nobody", data=came)
        assert missing.status == 404

        shown = await show_session(here, session)
        [kept] = [each for each in shown.seats if each.id == seat]
        assert [each.fact for each in kept.evidence] == [Fact.ENTERED, Fact.LEFT]
        assert kept.presence is Presence.LEFT
        assert shown.present == 0
        async with ports.store.read() as tx:
            heard = await tx.connection.fetch("SELECT event_id FROM provider_event")
        assert len(heard) == 4


def _at_nine(ports: Ports, raw: bytes) -> str:
    """A token as LiveKit would make it at the test's nine o'clock."""
    now = int(ports.clock.now().timestamp())
    digest = base64.b64encode(hashlib.sha256(raw).digest()).decode()
    claims = {"iss": KEY, "nbf": now, "exp": now + 300, "sha256": digest}
    return signed(claims, SECRET.encode())

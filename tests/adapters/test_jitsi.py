"""Jitsi, one's own and 8x8's: tokens other libraries take, and calls nobody else can make."""

import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import jwt
import pytest
from pydantic import SecretStr
from pytest_aiohttp.plugin import AiohttpClient

from tests.adapters.jitsi_page import page_server
from tests.make import KEY, NINE, group_session, published_programme, seat_of
from tests.web.conftest import OWN
from vioP.app import create_app
from vioP.clock import SystemClock
from vioP.domain.attendance import Fact, Presence
from vioP.domain.errors import Forged, Unavailable, WrongSettings
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest, Proof
from vioP.domain.time import instant, later
from vioP.flows.open_door import open_door
from vioP.flows.show import show_session
from vioP.ports import Ports
from vioP.settings import Settings
from vioP.video.asking import Asking
from vioP.video.jaas import JaasChoices, JaasRooms, signer_of
from vioP.video.jitsi import JitsiChoices, JitsiRooms

ONE = SessionId("ses_one")
ELI, HOST = Guest("sea_1", "Eli"), Guest("c1", "Doctor (host)", is_host=True)
SECRET = b"a secret of Jitsi's, of more than thirty-two bytes"
TOKENS = (b"the next token", b"the token")
JID = "14f01c40-5195-4a4d-8efb-f58b49d18741@meet.test/OWhl8jSh"
APP = "vpaas-magic-cookie-96f0941768964ab380ed0fbada7a502f"

# The worked example of developer.8x8.com/jaas/docs/webhooks-signatures.
PUBLISHED_SECRET = b"whsec_9635df66714a4cf088ee9d0979dd3bf6"
PUBLISHED_HEADER = "t=1632490060,v1=xlzqEojlh4qb21sQpXYsWgyK8x9HVpz+RQldsv18rV0="
PUBLISHED_AT = instant(datetime.fromtimestamp(1632490060, UTC))
PUBLISHED = (
    b'{"eventType":"PARTICIPANT_JOINED","sessionId":"9a441d60-ceaf-4eba-b0a8-a7d940a76e1b",'
    b'"timestamp":1632490058278,'
    b'"fqn":"vpaas-magic-cookie-96f0941768964ab380ed0fbada7a502f/sampleappromanticshiftsstripas",'
    b'"idempotencyKey":"9e9e7420-562d-4659-8e22-44b9b22aaa49",'
    b'"customerId":"96f0941768964ab380ed0fbada7a502f",'
    b'"appId":"vpaas-magic-cookie-96f0941768964ab380ed0fbada7a502f",'
    b'"data":{"avatar":"","name":"Test User","id":"auth0|5f903d7a77f3b4006eb8e67d",'
    b'"participantJid":"fc1ea14a-9bca-4218-a563-8c627e803d56@8x8.vc","moderator":true,'
    b'"email":"test.user@company.com"}}'
)


@asynccontextmanager
async def jitsi(site: str = "") -> AsyncIterator[JitsiRooms]:
    """The adapter in front of a site of Jitsi's."""
    async with page_server() as there, aiohttp.ClientSession() as http:
        choices = JitsiChoices(site or there, "viop", SECRET, TOKENS)
        yield JitsiRooms(choices, Asking("Jitsi", http), SystemClock().now, KEY)


@asynccontextmanager
async def jaas(sign: Any = lambda _: b"") -> AsyncIterator[JaasRooms]:
    """The adapter in front of 8x8."""
    async with page_server() as site, aiohttp.ClientSession() as http:
        secrets = (b"the next secret", PUBLISHED_SECRET)
        choices = JaasChoices(APP, f"{APP}/4f4910", sign, secrets, site)
        yield JaasRooms(choices, Asking("8x8", http), SystemClock().now, KEY)


def occupant(event: str, **moments: int) -> bytes:
    """A call of ``event_sync``, as its own documentation writes it."""
    someone = {"id": "sea_1", "name": "Eli", "occupant_jid": JID, "joined_at": 1625823996}
    return json.dumps(
        {
            "event_name": event,
            "room_name": "room",
            "room_jid": "room@conference.meet.test",
            "is_breakout": False,
            "active_occupants_count": 1,
            "occupant": someone | moments,
        }
    ).encode()


def bearer(token: bytes = TOKENS[1]) -> dict[str, str]:
    return {"Authorization": f"Bearer {token.decode()}"}


async def test_another_library_takes_our_tokens_and_reads_who_may_do_what():
    async with jitsi() as rooms:
        room = await rooms.ensure(ONE)
        doors = {guest: await rooms.door(ONE, guest) for guest in (ELI, HOST)}

    for guest, door in doors.items():
        assert urlsplit(door).path == f"/{room}"
        [token] = parse_qs(urlsplit(door).query)["jwt"]
        claims = jwt.decode(token, SECRET, ["HS256"], audience="viop", issuer="viop")
        assert (claims["room"], claims["sub"]) == (room, "127.0.0.1")
        assert claims["exp"] - claims["nbf"] == 600
        user = claims["context"]["user"]
        assert (user["id"], user["name"]) == (guest.id, guest.name)
        assert user["affiliation"] == ("owner" if guest.is_host else "member")
        assert set(claims["context"]["features"].values()) == {"false"}


async def test_who_came_and_who_went_is_read_and_the_end_of_a_room_leaves_nobody_inside():
    left = occupant("muc-occupant-left", left_at=1625824035)
    end = {
        "event_name": "muc-room-destroyed",
        "room_name": "room",
        "destroyed_at": 1625824100,
        "all_occupants": [
            {
                "id": "sea_1",
                "occupant_jid": JID,
                "joined_at": 1625823996,
                "left_at": 1625824035,
            },
            {"id": "sea_2", "occupant_jid": "other", "joined_at": 1625823996},
            {"occupant_jid": "nobody", "joined_at": 1625823996},
        ],
    }
    async with jitsi() as rooms:
        [came] = (
            await rooms.verify(bearer(), occupant("muc-occupant-joined"), NINE)
        ).sightings
        [went] = (await rooms.verify(bearer(TOKENS[0]), left, NINE)).sightings
        ended = (await rooms.verify(bearer(), json.dumps(end).encode(), NINE)).sightings
        opened = await rooms.verify(bearer(), occupant("muc-room-created"), NINE)

    assert (came.fact, came.guest_id, came.room) == (Fact.ENTERED, "sea_1", "room")
    assert came.connection == went.connection == JID
    assert went.at - came.at == timedelta(seconds=39)
    assert ended[0] == went  # the same fact, said again
    assert (ended[1].guest_id, ended[1].fact) == ("sea_2", Fact.LEFT)
    assert len(ended) == 2
    assert opened.sightings == ()


async def test_a_call_without_the_shared_header_is_refused():
    raw = occupant("muc-occupant-joined")
    async with jitsi() as rooms:
        for headers, body in (
            ({}, raw),
            (bearer(b"another"), raw),
            ({"Authorization": "Bearer "}, raw),
            ({"Authorization": "Bearer ü"}, raw),
            (bearer(), b"[]"),
            (bearer(), b"{"),
            (bearer(), b'{"event_name": "muc-occupant-left", "room_name": "x"}'),
        ):
            with pytest.raises(Forged):
                await rooms.verify(headers, body, NINE)


async def test_a_jitsi_that_does_not_answer_is_unavailable_and_is_not_thought_empty():
    async with jitsi("http://127.0.0.1:9") as rooms:
        with pytest.raises(Unavailable):
            await rooms.ensure(ONE)
        assert await rooms.present(ONE) is None
        assert rooms.proves == {Proof.JOINED}


async def test_the_published_example_of_8x8_is_taken_and_nothing_near_it():
    async with jaas() as rooms:
        headers = {"X-Jaas-Signature": PUBLISHED_HEADER}
        [seen] = (await rooms.verify(headers, PUBLISHED, PUBLISHED_AT)).sightings
        both = {"X-Jaas-Signature": f"{PUBLISHED_HEADER},v1=AAAA,v0=x"}
        await rooms.verify(both, PUBLISHED, PUBLISHED_AT)

        for header, body, after in (
            (PUBLISHED_HEADER, PUBLISHED + b" ", 0),
            (PUBLISHED_HEADER, PUBLISHED, 301),
            (PUBLISHED_HEADER, PUBLISHED, -301),
            (PUBLISHED_HEADER.replace("v1=", "v0="), PUBLISHED, 0),
            (PUBLISHED_HEADER.replace("t=1632490060", "t=1632490061"), PUBLISHED, 0),
            (PUBLISHED_HEADER.replace("t=1632490060", "t=nan"), PUBLISHED, 0),
            ("v1=xlzqEojlh4qb21sQpXYsWgyK8x9HVpz+RQldsv18rV0=", PUBLISHED, 0),
            ("", PUBLISHED, 0),
        ):
            now = later(PUBLISHED_AT, timedelta(seconds=after))
            with pytest.raises(Forged):
                await rooms.verify({"X-Jaas-Signature": header}, body, now)

    assert seen.event_id == "9e9e7420-562d-4659-8e22-44b9b22aaa49"
    assert (seen.fact, seen.guest_id) == (Fact.ENTERED, "auth0|5f903d7a77f3b4006eb8e67d")
    assert seen.room == f"{APP}/sampleappromanticshiftsstripas"
    assert seen.at == instant(datetime.fromtimestamp(1632490058.278, UTC))


def test_an_openssl_key_signs_a_token_that_another_library_takes(tmp_path: Path):
    pytest.importorskip("cryptography", reason="pip install 'viop[jaas]'")
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is missing: apt-get install openssl")
    private, public = tmp_path / "key.pem", tmp_path / "public.pem"
    for command in (
        [openssl, "genrsa", "-out", str(private), "2048"],
        [openssl, "rsa", "-in", str(private), "-pubout", "-out", str(public)],
    ):
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
    choices = JaasChoices(APP, f"{APP}/4f4910", signer_of(private.read_text()), ())

    token = _token_of(choices)

    assert jwt.get_unverified_header(token) == {
        "alg": "RS256", "kid": f"{APP}/4f4910", "typ": "JWT"
    }  # fmt: skip
    claims = jwt.decode(
        token, public.read_text(), ["RS256"], audience="jitsi", issuer="chat"
    )
    assert claims["sub"] == APP
    assert claims["context"]["user"]["moderator"] == "true"


def _token_of(choices: JaasChoices) -> str:
    """The token of a door; making one asks 8x8 for nothing."""
    rooms = JaasRooms(choices, None, SystemClock().now, KEY)  # type: ignore[arg-type]
    door = rooms.door(ONE, HOST)
    try:
        door.send(None)
    except StopIteration as done:
        return str(done.value).partition("?jwt=")[2]
    raise AssertionError("it waited for something")


@pytest.mark.parametrize(
    "key", ["", "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"]
)
def test_what_is_no_key_is_refused_with_the_setting_that_holds_it(key: str):
    pytest.importorskip("cryptography", reason="pip install 'viop[jaas]'")
    with pytest.raises(WrongSettings, match=r"video\.jaas\.private_key"):
        signer_of(key)


async def test_calls_late_twice_and_out_of_order_add_up_to_what_happened(
    ports: Ports, tmp_path: Path, aiohttp_client: AiohttpClient
):
    await published_programme(ports)
    session = await group_session(ports)
    seat = await seat_of(ports, session, "p1")
    async with jitsi() as rooms:
        here = replace(ports, video=rooms)
        settings = Settings(link_key=SecretStr(KEY.decode()), data=tmp_path)
        client = await aiohttp_client(create_app(here, settings), headers=OWN)
        await open_door(here, session, Guest(seat, "P1"))
        room, start = await rooms.ensure(session), int(ports.clock.now().timestamp())

        async def tell(event: str, where: str, **moments: int) -> None:
            body = json.loads(occupant(event, **moments))
            body["room_name"] = room
            body["occupant"]["id"] = seat
            address = f"/hooks/video/jitsi/events/{where}"
            answer = await client.post(address, json=body, headers=bearer())
            assert answer.status == 204

        gone = {"joined_at": start, "left_at": start + 60}
        await tell("muc-occupant-left", "occupant/left", **gone)
        await tell("muc-occupant-joined", "occupant/joined", joined_at=start)
        await tell("muc-occupant-left", "occupant/left", **gone)
        shown = await show_session(here, session)
        [kept] = [each for each in shown.seats if each.id == seat]
        assert [each.fact for each in kept.evidence] == [Fact.ENTERED, Fact.LEFT]
        assert kept.presence is Presence.LEFT

        refused = await client.post("/hooks/video/jitsi/events/occupant/joined", data=b"{}")
        assert refused.status == 403

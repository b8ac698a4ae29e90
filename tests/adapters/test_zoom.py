"""Zoom: one token, one meeting a session, a link for each seat, and messages it alone can send."""

import asyncio
import hashlib
import hmac
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from pydantic import SecretStr
from pytest_aiohttp.plugin import AiohttpClient

from tests.adapters.zoom_server import (
    HOOK,
    NEW_HOOK,
    OWNER,
    OWNER_ID,
    ZoomServer,
    message,
    signed,
)
from tests.make import KEY, FixedClock, group_session, published_programme, seat_of
from tests.web.conftest import OWN
from vioP.app import create_app
from vioP.clock import SystemClock
from vioP.domain.attendance import Fact, Presence
from vioP.domain.errors import Forged, Unavailable
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest, Proof, Seen
from vioP.domain.time import later
from vioP.flows.open_door import open_door
from vioP.flows.show import show_session
from vioP.ports import Ports
from vioP.settings import Settings
from vioP.storage import Store
from vioP.video.asking import Busy
from vioP.video.notebook import Notebook
from vioP.video.zoom.account import NotAllowed
from vioP.video.zoom.rooms import ZoomRooms

ONE, OTHER = SessionId("ses_one"), SessionId("ses_other")
ELI, ADA = Guest("sea_1", "Eli"), Guest("sea_2", "Ada")
HOST = Guest("c1", "Doctor (host)", is_host=True)
DEVICE = "10010282-DB44-816C-EAE6-61EE82AF0F62"


@dataclass
class Clinic:
    """vioP in front of a Zoom, with a clock that is moved."""

    server: ZoomServer
    rooms: ZoomRooms
    clock: FixedClock
    http: aiohttp.ClientSession
    port: int
    store: Store
    more: dict[str, object] = field(default_factory=dict)

    def again(self, **choices: object) -> ZoomRooms:
        """Another process in front of the same Zoom and database."""
        notebook = Notebook(self.store, "zoom", self.clock.now)
        wanted = self.server.choices(self.port, **choices)
        return ZoomRooms(wanted, self.http, notebook, self.clock.now, KEY)

    async def registrant(self, session: SessionId, guest: Guest) -> str:
        """What Zoom calls a guest."""
        return (await self.rooms.door(session, guest)).partition("tk=")[2]

    async def told(
        self, kind: str, after: int, **someone: str
    ) -> list[tuple[Fact, str, str]]:
        """What a message about the first session's meeting says, so many seconds after nine."""
        at = later(self.clock.now(), timedelta(seconds=after)).isoformat()
        raw = message(kind, await self.rooms.ensure(ONE), at, **someone)
        headers = signed(raw, self.clock.now().timestamp())
        heard = await self.rooms.verify(headers, raw, self.clock.now())
        return [(each.fact, each.guest_id, each.connection) for each in heard.sightings]


@pytest.fixture
async def clinic(store: Store, clock: FixedClock) -> AsyncIterator[Clinic]:
    """A clinic with an account at Zoom."""
    async with opened(store, clock) as here:
        yield here


@asynccontextmanager
async def opened(store: Store, clock: FixedClock) -> AsyncIterator[Clinic]:
    server = ZoomServer(seed=7)
    async with TestServer(server.app()) as there, aiohttp.ClientSession() as http:
        assert there.port is not None
        notebook = Notebook(store, "zoom", clock.now)
        choices = server.choices(there.port)
        rooms = ZoomRooms(choices, http, notebook, clock.now, KEY)
        yield Clinic(server, rooms, clock, http, there.port, store)


async def test_many_who_press_join_at_once_make_one_meeting_with_one_token(clinic: Clinic):
    both = (clinic.rooms, clinic.again())
    names = await asyncio.gather(*(each.ensure(ONE) for each in both * 5))

    assert len(set(names)) == 1
    assert set(clinic.server.meetings) == set(names)  # what others made is taken away again
    assert clinic.server.tokens_made == 2  # one for each process
    assert len([each for each in clinic.server.asked if "/users/" in each]) <= 2


async def test_a_token_is_renewed_before_it_ends_and_at_once_when_it_is_withdrawn(
    clinic: Clinic,
):
    await clinic.rooms.ensure(ONE)
    clinic.clock.forward(50)
    await clinic.rooms.ensure(OTHER)
    assert clinic.server.tokens_made == 1

    clinic.clock.forward(6)
    await clinic.rooms.door(ONE, ELI)
    assert clinic.server.tokens_made == 2

    clinic.server.tokens.clear()
    await asyncio.gather(*(clinic.rooms.door(OTHER, Guest(f"s{n}", "X")) for n in range(5)))
    assert clinic.server.tokens_made == 3


async def test_wrong_credentials_say_which_settings_to_look_at(clinic: Clinic):
    wrong = clinic.again(client="somebody else")

    with pytest.raises(NotAllowed, match=r"video\.zoom: .*client_secret"):
        await wrong.ensure(ONE)


async def test_every_seat_has_a_link_of_its_own_that_stays_and_names_nobody(clinic: Clinic):
    first = await clinic.rooms.door(ONE, ELI)

    assert await clinic.again().door(ONE, ELI) == first
    assert await clinic.rooms.door(ONE, ADA) != first
    [registrants] = clinic.server.registrants.values()
    for address in registrants:
        assert "sea_" not in address
        assert address.endswith("@example.org")
    assert [e for e in clinic.server.asked if e.endswith("/registrants")].__len__() == 2
    [wish] = clinic.server.meetings.values()
    assert "Eli" not in json.dumps(wish)


async def test_the_host_begins_the_meeting_as_its_owner(clinic: Clinic):
    address = await clinic.rooms.door(ONE, HOST)

    assert address.startswith("https://zoom.test/s/")
    assert await clinic.told("participant_joined", 0, id=OWNER_ID, registrant_id="") == [
        (Fact.ENTERED, "c1", DEVICE),
        (Fact.LEFT, "c1", f"lobby:{DEVICE}"),
    ]


async def test_a_meeting_belongs_to_its_own_host_where_they_have_an_account(
    ports: Ports, store: Store, clock: FixedClock
):
    await published_programme(ports)
    session = await group_session(ports)
    async with opened(store, clock) as here:
        async with store.read() as tx:
            address = await tx.provider_notes.host_address(session)
        await here.rooms.ensure(session)

        tried = [each for each in here.server.asked if "/users/" in each]
        assert tried == [f"POST /v2/users/{each}/meetings" for each in (address, OWNER)]
        with pytest.raises(NotAllowed, match=r"video\.zoom\.host"):
            await here.again(fallback_host="").ensure(OTHER)


async def test_whoever_lost_their_place_has_a_link_that_opens_nothing_until_they_are_back(
    clinic: Clinic,
):
    number = await clinic.rooms.ensure(ONE)
    link = await clinic.rooms.door(ONE, ELI)
    await clinic.rooms.door(ONE, ADA)

    await clinic.rooms.revoke(ONE, ELI.id)
    await clinic.rooms.revoke(ONE, ELI.id)
    await clinic.rooms.revoke(ONE, "sea_who_never_came")

    states = [e["status"] for e in clinic.server.registrants[number].values()]
    assert states == ["denied", "approved"]
    assert await clinic.rooms.door(ONE, ELI) == link
    states = [e["status"] for e in clinic.server.registrants[number].values()]
    assert states == ["approved", "approved"]


async def test_a_meeting_somebody_took_away_at_zoom_is_made_again(clinic: Clinic):
    first = await clinic.rooms.ensure(ONE)
    clinic.server.meetings.clear()

    address = await clinic.rooms.door(ONE, ELI)

    assert first not in address
    assert await clinic.rooms.ensure(ONE) in address


async def test_a_running_meeting_is_ended_and_taken_away(clinic: Clinic):
    number = await clinic.rooms.ensure(ONE)
    clinic.server.running.add(number)

    await clinic.rooms.close(ONE)
    await clinic.rooms.close(ONE)

    assert clinic.server.meetings == {}
    assert await clinic.rooms.ensure(ONE) != number


async def test_zoom_that_asks_us_to_wait_is_waited_for_briefly_or_refused_at_once(
    clinic: Clinic,
):
    await clinic.rooms.ensure(ONE)
    clinic.server.refuse = [(429, {"Retry-After": "0.1"})]
    await clinic.rooms.door(ONE, ELI)

    tomorrow = later(clinic.clock.now(), timedelta(days=36500)).isoformat()
    clinic.server.refuse = [(429, {"Retry-After": tomorrow})]
    asked = len(clinic.server.asked)
    for _ in range(3):
        with pytest.raises(Busy):
            await clinic.rooms.door(ONE, ADA)
    assert len(clinic.server.asked) == asked + 1


async def test_zoom_in_trouble_is_left_alone_for_a_while(clinic: Clinic):
    await clinic.rooms.ensure(ONE)
    clinic.server.refuse = [(500, {})] * 10
    asked = len(clinic.server.asked)

    for _ in range(6):
        with pytest.raises(Unavailable):
            await clinic.rooms.door(ONE, ELI)

    assert len(clinic.server.asked) == asked + 3
    assert await clinic.rooms.present(ONE) is None


async def test_who_is_inside_is_what_the_dashboard_and_the_last_messages_say(
    clinic: Clinic,
):
    number = await clinic.rooms.ensure(ONE)
    eli, ada = await clinic.registrant(ONE, ELI), await clinic.registrant(ONE, ADA)
    await clinic.rooms.door(ONE, HOST)
    clinic.server.running.add(number)
    clinic.server.people[number] = [
        {"participant_uuid": "A", "registrant_id": eli, "status": "in_meeting"},
        {
            "participant_uuid": "B",
            "registrant_id": eli,
            "leave_time": "2026-03-10T15:01:00Z",
        },
        {"user_id": "9", "registrant_id": ada, "status": "in_waiting_room"},
        {"id": OWNER_ID, "participant_uuid": "H", "status": "in_meeting"},
        {"participant_uuid": "S", "user_name": "a stranger", "status": "in_meeting"},
    ]

    assert set(await clinic.rooms.present(ONE) or ()) == {
        Seen("sea_1", "A"),
        Seen("sea_2", f"lobby:{ada}"),
        Seen("c1", "H", is_host=True),
    }

    # A message beats a dashboard that is late: who has left has left, who came is there.
    await clinic.told("participant_left", 5, registrant_id=eli, participant_uuid="A")
    await clinic.told("participant_joined", 6, registrant_id=ada, participant_uuid="D")
    clinic.clock.forward(10)
    seen = await clinic.rooms.present(ONE) or ()
    assert {each.connection for each in seen} == {"D", "H"}

    # And a lost message is made up for, by whom the dashboard shows as come or gone.
    clinic.server.people[number] += [
        {
            "participant_uuid": "D",
            "registrant_id": ada,
            "leave_time": "2026-03-10T15:12:00Z",
        },
        {"participant_uuid": "E", "registrant_id": eli, "status": "in_meeting"},
    ]
    clinic.clock.forward(1)
    seen = await clinic.rooms.present(ONE) or ()
    assert {each.connection for each in seen} == {"E", "H"}


async def test_the_dashboard_is_looked_at_once_a_minute_and_unknown_is_not_absent(
    clinic: Clinic,
):
    number = await clinic.rooms.ensure(ONE)
    clinic.server.running.add(number)
    await asyncio.gather(*(clinic.rooms.present(ONE) for _ in range(5)))
    clinic.clock.forward(0.5)
    assert await clinic.rooms.present(ONE) == ()
    looks = [each for each in clinic.server.asked if "/metrics/" in each]
    assert len(looks) == 1

    clinic.server.has_dashboard = False
    clinic.clock.forward(1)
    for _ in range(3):
        assert await clinic.rooms.present(ONE) == ()  # what was seen a minute ago
    looks = [each for each in clinic.server.asked if "/metrics/" in each]
    assert len(looks) == 2
    clinic.clock.forward(3)
    assert await clinic.rooms.present(ONE) is None


async def test_without_a_dashboard_zoom_is_not_asked(clinic: Clinic):
    plain = clinic.again(dashboard=False)
    await plain.ensure(ONE)

    assert not plain.looks
    assert await plain.present(ONE) is None
    assert not [each for each in clinic.server.asked if "/metrics/" in each]
    assert plain.proves == {Proof.LOBBY, Proof.JOINED}


async def test_waiting_is_being_here_and_coming_in_ends_it_at_the_same_instant(
    clinic: Clinic,
):
    eli = await clinic.registrant(ONE, ELI)
    waits = {"registrant_id": eli}
    lobby = f"lobby:{eli}"

    assert await clinic.told("participant_jbh_waiting", 0, **waits, date_time="") == [
        (Fact.ENTERED, "sea_1", lobby)
    ]
    assert await clinic.told("participant_joined_waiting_room", 1, **waits) == [
        (Fact.ENTERED, "sea_1", lobby)
    ]
    await clinic.told("participant_admitted", 90, **waits)
    assert await clinic.told("participant_left_waiting_room", 91, **waits) == []
    assert await clinic.told("participant_joined", 92, **waits) == [
        (Fact.ENTERED, "sea_1", DEVICE),
        (Fact.LEFT, "sea_1", lobby),
    ]
    assert await clinic.told("participant_put_in_waiting_room", 600, **waits) == [
        (Fact.ENTERED, "sea_1", lobby)
    ]
    assert await clinic.told("participant_left", 601, **waits) == [
        (Fact.LEFT, "sea_1", DEVICE)
    ]
    assert await clinic.told("participant_left_waiting_room", 900, **waits) == [
        (Fact.LEFT, "sea_1", lobby)
    ]


async def test_whoever_is_no_registrant_of_ours_is_nobody(clinic: Clinic):
    await clinic.rooms.ensure(ONE)

    assert await clinic.told("participant_joined", 0, registrant_id="stranger") == []
    assert await clinic.told("participant_joined", 0, id=OWNER_ID) == []  # who opened it?
    assert await clinic.told("sharing_started", 0) == []


async def test_a_message_nobody_at_zoom_signed_or_an_old_one_is_refused(clinic: Clinic):
    raw = message("participant_joined", "1", "2026-03-10T15:00:00Z")
    now = clinic.clock.now()
    good = signed(raw, now.timestamp())
    old = signed(raw, now.timestamp() - 301)
    early = signed(raw, now.timestamp() + 301)
    nonsense = signed(b"[]", now.timestamp())
    broken = signed(b'{"event": "meeting.participant_left"}', now.timestamp())
    other = signed(raw, now.timestamp(), b"another secret")

    await clinic.rooms.verify(good, raw, now)
    await clinic.rooms.verify(signed(raw, now.timestamp(), NEW_HOOK), raw, now)
    for headers, body in (
        (good, raw + b" "),
        (old, raw),
        (early, raw),
        (other, raw),
        ({}, raw),
        ({**good, "x-zm-request-timestamp": "nan"}, raw),
        ({**good, "x-zm-signature": "v0=ü"}, raw),
        (nonsense, b"[]"),
        (broken, b'{"event": "meeting.participant_left"}'),
    ):
        with pytest.raises(Forged):
            await clinic.rooms.verify(headers, body, now)


async def test_zoom_is_answered_when_it_asks_whether_we_know_the_secret(
    ports: Ports, clinic: Clinic, tmp_path: Path, aiohttp_client: AiohttpClient
):
    here = replace(ports, video=clinic.rooms)
    settings = Settings(link_key=SecretStr(KEY.decode()), data=tmp_path)
    client = await aiohttp_client(create_app(here, settings), headers=OWN)
    raw = json.dumps(
        {
            "event": "endpoint.url_validation",
            "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"},
        }
    ).encode()

    for secret in (HOOK, NEW_HOOK):
        headers = signed(raw, clinic.clock.now().timestamp(), secret)
        answer = await client.post("/hooks/video/zoom", data=raw, headers=headers)
        digest = hmac.new(secret, b"qgg8vlvZRS6UYooatFL8Aw", hashlib.sha256).hexdigest()
        assert await answer.json() == {
            "plainToken": "qgg8vlvZRS6UYooatFL8Aw",
            "encryptedToken": digest,
        }
    assert (await client.post("/hooks/video/zoom", data=raw)).status == 403


async def test_messages_late_twice_and_out_of_order_add_up_to_what_happened(
    ports: Ports, clinic: Clinic, tmp_path: Path, aiohttp_client: AiohttpClient
):
    await published_programme(ports)
    session = await group_session(ports)
    seat = await seat_of(ports, session, "p1")
    here = replace(ports, video=clinic.rooms)
    door = await open_door(here, session, Guest(seat, "P1"))
    number, registrant = (
        await clinic.rooms.ensure(session),
        door.address.partition("tk=")[2],
    )
    settings = Settings(link_key=SecretStr(KEY.decode()), data=tmp_path)
    client = await aiohttp_client(create_app(here, settings), headers=OWN)

    async def tell(kind: str, after: int) -> None:
        at = later(ports.clock.now(), timedelta(seconds=after)).isoformat()
        raw = message(kind, number, at, registrant_id=registrant)
        headers = signed(raw, ports.clock.now().timestamp())
        answer = await client.post("/hooks/video/zoom", data=raw, headers=headers)
        assert answer.status == 204

    story = (
        "participant_joined_waiting_room",
        "participant_admitted",
        "participant_joined",
    )
    for after in (2, 0, 1, 2, 0):
        await tell(story[after], after)
    assert (await _presence(here, session, seat)) is Presence.PRESENT

    await tell("participant_left", 60)
    await tell("participant_left", 60)
    assert (await _presence(here, session, seat)) is Presence.LEFT
    async with ports.store.read() as tx:
        heard = await tx.connection.fetch("SELECT event_id FROM provider_event")
    assert len(heard) == 6  # joining and leaving also end the wait


async def _presence(ports: Ports, session: SessionId, seat: str) -> Presence:
    shown = await show_session(ports, session)
    return next(each.presence for each in shown.seats if each.id == seat)


async def test_zooms_own_library_takes_and_refuses_what_we_take_and_refuse(clinic: Clinic):
    """The oracle: ``@zoom/rivet`` sees the same requests, and answers the same challenge."""
    node, folder = shutil.which("node"), os.environ.get("JUDGE_NODE", "")
    if node is None or not (Path(folder) / "node_modules/@zoom/rivet").exists():
        pytest.skip("@zoom/rivet is missing: npm install @zoom/rivet, and set JUDGE_NODE")
    script = Path(__file__).with_name("rivet.mjs")
    process = await asyncio.create_subprocess_exec(
        node, script, folder, HOOK.decode(), stdout=asyncio.subprocess.PIPE
    )
    now = SystemClock().now()
    stamp = now.timestamp()
    challenge = {
        "event": "endpoint.url_validation",
        "payload": {"plainToken": "qgg8vlvZRS6U"},
    }
    raw = message("participant_joined", "85746065", "2026-03-10T15:00:00Z")
    asked = json.dumps(challenge, separators=(",", ":")).encode()
    try:
        assert process.stdout is not None
        port = int(await process.stdout.readline())
        for body, headers in (
            (raw, signed(raw, stamp)),
            (raw.replace(b"Eli", b"Ada"), signed(raw, stamp)),
            (raw, signed(raw, stamp, b"another secret")),
            (asked, signed(asked, stamp)),
        ):
            async with clinic.http.post(
                f"http://127.0.0.1:{port}/zoom/events",
                data=body,
                headers={**headers, "Content-Type": "application/json"},
            ) as answer:
                theirs = await answer.text() if answer.ok else None
            try:
                ours = await clinic.rooms.verify(headers, body, now)
            except Forged:
                assert theirs is None
            else:
                assert theirs is not None
                assert not ours.answer or json.loads(theirs) == ours.answer
    finally:
        process.terminate()
        await process.wait()

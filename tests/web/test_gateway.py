"""The gateway in front of a real Janus: who gets in, as whom, and what is refused."""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request
from pytest_aiohttp.plugin import AiohttpClient

from tests.make import FixedClock, group_session, published_programme, seat_of
from tests.web.conftest import OWN
from vioP.app import create_app
from vioP.domain.attendance import Fact, Presence
from vioP.domain.ids import SessionId
from vioP.flows.put_out import put_out
from vioP.flows.show import show_session
from vioP.flows.sign_in import begin_session
from vioP.furnish import open_rooms
from vioP.ports import Ports
from vioP.settings import Settings
from vioP.video.janus.config import find_janus
from vioP.web.closing import close
from vioP.web.gateway import AGAIN, MOVED, NONSENSE, Gateway

pytestmark = pytest.mark.skipif(
    find_janus() is None, reason="janus is missing: apt-get install janus"
)
ORIGIN = {"Origin": "http://127.0.0.1:8080"}
Client = TestClient[Request, Application]
Socket = aiohttp.ClientWebSocketResponse


@dataclass
class House:
    """The whole service with a Janus of its own."""

    ports: Ports
    gateway: Gateway
    client: Client
    session: SessionId
    clock: FixedClock

    async def link(self, name: str) -> str:
        seat = await seat_of(self.ports, self.session, name)
        return f"/j/{self.ports.secrets.link_token(seat)}"

    async def line(self, name: str, tab: str = "one") -> Socket:
        """A participant's connection."""
        return await self.client.ws_connect(
            f"{await self.link(name)}/rtc?tab={tab}", headers=ORIGIN
        )

    async def host_line(self) -> Socket:
        """The host's connection, already in the room."""
        async with self.ports.store.read() as tx:
            everybody = await tx.accounts.everybody()
        [account] = [e.account for e in everybody if e.account.person.id == "c1"]
        signed = await begin_session(self.ports, account)
        socket = await self.client.ws_connect(
            f"/sessions/{self.session}/rtc?tab=desk",
            headers=ORIGIN | {"Cookie": f"viop={signed.token}"},
        )
        await said(socket, "enter")
        return socket

    async def presence(self, name: str) -> Presence:
        """What is known of somebody, once everything that was seen is written."""
        for _ in range(100):
            if self.gateway.desk.is_idle:
                break
            await asyncio.sleep(0.02)
        shown = await show_session(self.ports, self.session)
        return next(e.presence for e in shown.seats if e.participant_id == name)


@pytest.fixture
def house(
    ports: Ports,
    settings: Settings,
    clock: FixedClock,
    tmp_path: Path,
    aiohttp_client: AiohttpClient,
):
    """The service, to be opened by the test; everybody is let in unless it says otherwise."""

    @asynccontextmanager
    async def opened(*, waiting_room: bool = False) -> AsyncIterator[House]:
        await published_programme(ports)
        choices = settings.model_copy(update={"data": tmp_path})
        own = replace(ports, house=replace(ports.house, waiting_room=waiting_room))
        async with open_rooms(choices, own) as (ours, gateway):
            assert gateway is not None
            app = create_app(ours, choices, gateway=gateway)
            client = await aiohttp_client(app, headers=OWN)
            session = await group_session(ours)
            yield House(ours, gateway, client, session, clock)
            await client.close()

    return opened


Opened = Callable[..., Any]


async def said(socket: Socket, word: str) -> dict[str, Any]:
    """The next thing of its kind that is said to us."""
    async with asyncio.timeout(10):
        async for message in socket:
            heard: dict[str, Any] = json.loads(message.data)
            ours = word in {heard.get("viop"), heard.get("transaction")}
            if ours and heard.get("janus") != "ack":
                return heard
    raise AssertionError(f"hung up with {socket.close_code} instead of {word}")


async def ask(socket: Socket, transaction: str, **message: Any) -> dict[str, Any]:
    await socket.send_json({**message, "transaction": transaction})
    return await said(socket, transaction)


async def join(socket: Socket, **forged: Any) -> tuple[int, dict[str, Any]]:
    """Attach and join as a publisher; answers the handle and what the room says."""
    handle = (await ask(socket, "a", janus="attach"))["data"]["id"]
    body = {"request": "join", "ptype": "publisher", **forged}
    joined = await ask(socket, "j", janus="message", handle_id=handle, body=body)
    return handle, joined["plugindata"]["data"]


async def code_of(socket: Socket) -> int | None:
    """With which code we are hung up."""
    async with asyncio.timeout(10):
        async for _ in socket:
            pass
    return socket.close_code


async def test_whoever_claims_to_be_somebody_else_enters_as_themselves(house: Opened):
    async with house() as here:
        host, eli = await here.host_line(), await here.line("p1")
        welcome = await said(eli, "enter")
        await join(host)

        forged = {"room": "another", "id": "doctor", "display": "Dr. Evil", "token": "x"}
        _, joined = await join(eli, **forged)

        assert joined["id"] == welcome["feed"]
        assert joined["room"] == await here.gateway.rooms.ensure(here.session)
        [someone] = [e for e in joined["attendees"] if e["id"] != joined["id"]]
        assert someone["display"] == "Doctor (host)"
        news = await said_of(host, "joining")
        assert news == {"id": welcome["feed"], "display": "P1"}


async def said_of(socket: Socket, word: str) -> Any:
    """What the room says about others."""
    async with asyncio.timeout(10):
        async for message in socket:
            data = json.loads(message.data).get("plugindata", {}).get("data", {})
            if word in data:
                return data[word]
    raise AssertionError(word)


@pytest.mark.parametrize(
    "message",
    [
        {"janus": "create"},
        {"janus": "destroy"},
        {"janus": "list_sessions"},
        {"janus": "claim", "session_id": 1},
        {"janus": "message", "body": {"request": "kick", "id": "x", "room": "x"}},
        {"janus": "message", "body": {"request": "destroy", "room": "x"}},
        {"janus": "message", "body": {"request": "create", "room": "x"}},
        {"janus": "message", "body": {"request": "listparticipants", "room": "x"}},
        {"janus": "message", "body": {"request": "rtp_forward", "room": "x"}},
        {"janus": "message", "body": {"request": "edit", "new_secret": "x"}},
        {"janus": "message", "body": {"request": "enable_recording", "record": True}},
        {"janus": "message", "body": "join"},
        {"janus": ["message"]},
        {},
    ],
    ids=str,
)
async def test_what_is_not_on_the_list_is_refused(house: Opened, message):
    async with house() as here:
        eli = await here.line("p1")
        await said(eli, "enter")
        handle, _ = await join(eli)

        answer = await ask(eli, "evil", **message, handle_id=handle)

        assert answer["janus"] == "error"
        assert answer["error"]["code"] == 403
        assert (await ask(eli, "b", janus="attach"))["janus"] == "success"


async def test_a_handle_of_somebody_else_is_refused(house: Opened):
    async with house() as here:
        one, two = await here.line("p1"), await here.line("p2")
        await said(one, "enter")
        await said(two, "enter")
        handle, _ = await join(one)

        for message in ({"janus": "detach"}, {"janus": "hangup"},
                        {"janus": "message", "body": {"request": "leave"}}):  # fmt: skip
            answer = await ask(two, "evil", **message, handle_id=handle)
            assert answer["error"]["code"] == 403


async def test_nobody_asks_janus_for_anything_before_they_are_let_in(house: Opened):
    async with house(waiting_room=True) as here:
        eli = await here.line("p1")
        await said(eli, "wait")

        assert (await ask(eli, "a", janus="attach"))["error"]["code"] == 403
        await eli.send_json({"viop": "admit", "who": "everybody"})
        assert (await ask(eli, "b", janus="attach"))["error"]["code"] == 403
        assert await here.presence("p1") is Presence.PRESENT  # waiting is being here


async def test_a_host_lets_people_in_and_they_stay_let_in(house: Opened):
    async with house(waiting_room=True) as here:
        host, eli = await here.host_line(), await here.line("p1")
        await said(eli, "wait")
        waiting = await said(host, "waiting")
        while not waiting["people"]:
            waiting = await said(host, "waiting")
        [person] = waiting["people"]
        assert person["name"] == "P1"

        await host.send_json({"viop": "admit", "who": person["key"]})

        await said(eli, "enter")
        await eli.close()
        again = await here.line("p1", tab="two")
        await said(again, "enter")


async def test_strangers_and_foreign_pages_get_no_connection(house: Opened):
    async with house() as here:
        link = await here.link("p1")
        for address, headers, status in (
            (f"{link}/rtc", {"Origin": "https://evil.example"}, 403),
            (f"{link}/rtc", {}, 403),
            (f"/j/{'A' * 43}/rtc", ORIGIN, 404),
        ):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await here.client.ws_connect(address, headers=headers)
            assert refused.value.status == status

        assert (await here.client.get(f"{link}/rtc")).status == 426
        assert await here.presence("p1") is Presence.AWAY


async def test_leaving_is_known_at_once_and_coming_back_too(house: Opened):
    async with house() as here:
        eli = await here.line("p1")
        await said(eli, "enter")
        assert await here.presence("p1") is Presence.PRESENT

        here.clock.forward(1)
        await eli.close()
        await asyncio.sleep(0.1)
        assert await here.presence("p1") is Presence.LEFT

        here.clock.forward(1)
        await here.line("p1")
        assert await here.presence("p1") is Presence.PRESENT


async def test_a_second_device_asks_and_the_first_one_yields(house: Opened):
    async with house() as here:
        laptop = await here.line("p1", tab="laptop")
        await said(laptop, "enter")
        phone = await here.line("p1", tab="phone")
        await said(phone, "elsewhere")
        assert (await ask(phone, "a", janus="attach"))["error"]["code"] == 403

        await phone.send_json({"viop": "take_over"})

        _, code = await asyncio.gather(said(phone, "enter"), code_of(laptop))
        assert code == MOVED
        assert await here.presence("p1") is Presence.PRESENT


async def test_a_tab_that_connects_again_replaces_itself_unasked(house: Opened):
    async with house() as here:
        first = await here.line("p1", tab="same")
        await said(first, "enter")
        second = await here.line("p1", tab="same")

        _, code = await asyncio.gather(said(second, "enter"), code_of(first))
        assert code == MOVED


async def test_putting_somebody_out_ends_their_connection(house: Opened):
    async with house() as here:
        eli = await here.line("p1")
        await said(eli, "enter")

        seat = await seat_of(here.ports, here.session, "p1")
        _, code = await asyncio.gather(
            here.ports.video.revoke(here.session, seat), code_of(eli)
        )

        assert code == 4003


async def test_a_link_that_is_taken_back_ends_the_connection_it_opened(house: Opened):
    async with house() as here:
        eli, ada = await here.line("p1"), await here.line("p2")
        await said(eli, "enter")
        await said(ada, "enter")
        seat = await seat_of(here.ports, here.session, "p1")
        async with here.ports.store.write() as tx:
            await tx.seats.revoke_link(seat, here.ports.clock.now())

        _, code = await asyncio.gather(put_out(here.ports, here.session), code_of(eli))

        assert code == 4003
        assert (await ask(ada, "a", janus="attach"))["janus"] == "success"
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await here.line("p1")
        assert refused.value.status == 404


async def test_a_session_that_is_called_off_ends_every_connection_of_it(house: Opened):
    async with house() as here:
        eli, host = await here.line("p1"), await here.host_line()
        link = await here.link("p1")
        await said(eli, "enter")
        async with here.ports.store.write() as tx:
            await tx.weeks.cancel_sessions([here.session])

        _, one, other = await asyncio.gather(
            put_out(here.ports, here.session), code_of(eli), code_of(host)
        )

        assert (one, other) == (4003, 4004)
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await here.client.ws_connect(f"{link}/rtc", headers=ORIGIN)
        assert refused.value.status == 404


async def test_a_killed_janus_is_back_with_its_rooms_and_nobody_counts_as_absent(
    house: Opened,
):
    async with house() as here:
        host, eli = await here.host_line(), await here.line("p1")
        await said(eli, "enter")
        _, before = await join(eli)
        process = here.gateway.rooms.process
        assert process.pid is not None

        os.kill(process.pid, signal.SIGKILL)

        assert await code_of(eli) == 1012
        assert await code_of(host) == 1012
        again = await here.line("p1")
        await said(again, "enter")
        _, after = await join(again)
        assert after["room"] == before["room"]
        assert await here.presence("p1") is Presence.PRESENT
        assert await here.ports.video.present(here.session) is None  # not yet, not nobody


async def test_more_than_a_hundred_people_are_in_rooms_at_once(house: Opened):
    async with house() as here, AsyncExitStack() as stack, asyncio.timeout(20):
        rooms = here.gateway.rooms
        address = await rooms.process.wait()
        for _ in range(120):
            await stack.enter_async_context(rooms.http.ws_connect(
                address.url, protocols=("janus-protocol",)
            ))  # fmt: skip

        eli = await here.line("p1")

        await said(eli, "enter")


async def test_a_janus_that_does_not_answer_keeps_nobody_waiting(
    house: Opened, monkeypatch: pytest.MonkeyPatch
):
    async with house() as here:
        await here.gateway.rooms.ensure(here.session)
        process = here.gateway.rooms.process
        assert process.pid is not None
        monkeypatch.setattr("vioP.video.janus.upstream.ANSWERS_WITHIN", 0.3)
        os.kill(process.pid, signal.SIGSTOP)
        try:
            assert await code_of(await here.line("p1")) == 1012
        finally:
            os.kill(process.pid, signal.SIGCONT)


async def test_a_janus_that_hangs_is_started_again(
    house: Opened, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("vioP.video.janus.process._ASKED_EVERY", 0.4)
    async with house() as here:
        eli = await here.line("p1")
        await said(eli, "enter")
        process = here.gateway.rooms.process
        before = process.pid
        assert before is not None
        await asyncio.sleep(1.5)
        assert process.pid == before  # it answers, and is left alone

        os.kill(before, signal.SIGSTOP)

        assert await code_of(eli) == 1012
        again = await here.line("p1")
        await said(again, "enter")
        assert process.pid != before


async def test_whatever_fails_a_browser_is_told_to_come_again(
    house: Opened, monkeypatch: pytest.MonkeyPatch
):
    async with house() as here:

        async def broken(_session: SessionId) -> str:
            raise ConnectionError

        monkeypatch.setattr(here.gateway.rooms, "ensure", broken)

        assert await code_of(await here.line("p1")) == 1012
        monkeypatch.undo()
        await said(await here.line("p1"), "enter")


async def test_nonsense_ends_a_connection_and_harms_nobody_else(house: Opened):
    async with house() as here:
        eli, ada = await here.line("p1"), await here.line("p2")
        await said(eli, "enter")
        await said(ada, "enter")

        await eli.send_str("[{")

        assert await code_of(eli) == NONSENSE
        assert (await ask(ada, "a", janus="attach"))["janus"] == "success"


async def test_a_flood_slows_down_whoever_sends_it_and_nobody_else(
    house: Opened, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("vioP.web.gateway.AT_ONCE", 5)
    monkeypatch.setattr("vioP.web.gateway.A_SECOND", 10.0)
    async with house() as here:
        eli, ada = await here.line("p1"), await here.line("p2")
        await said(eli, "enter")
        await said(ada, "enter")
        begun = time.monotonic()
        for _ in range(20):
            await eli.send_json({"viop": "ping"})

        assert (await ask(ada, "a", janus="attach"))["janus"] == "success"
        for _ in range(20):
            await said(eli, "pong")

        assert time.monotonic() - begun >= 1.4  # five at once, the rest ten a second


async def test_what_is_seen_while_the_database_is_away_is_written_when_it_is_back(
    house: Opened, monkeypatch: pytest.MonkeyPatch
):
    async with house() as here:
        write, fails = here.ports.store.write, 2

        @asynccontextmanager
        async def broken():
            nonlocal fails
            if fails:
                fails -= 1
                raise ConnectionError
            async with write() as tx:
                yield tx

        monkeypatch.setattr("vioP.web.evidence_desk._PAUSE", 0.05)
        monkeypatch.setattr(here.ports.store, "write", broken)
        eli = await here.line("p1")
        await said(eli, "enter")

        assert await here.presence("p1") is Presence.PRESENT
        assert fails == 0


async def test_the_evidence_names_the_device_and_nobody(house: Opened):
    async with house() as here:
        eli = await here.line("p1")
        welcome = await said(eli, "enter")
        await here.presence("p1")

        shown = await show_session(here.ports, here.session)
        [kept] = [e.evidence for e in shown.seats if e.participant_id == "p1"]
        assert [(e.fact, e.source, e.connection) for e in kept] == [
            (Fact.ENTERED, "janus", welcome["feed"])
        ]


async def test_a_process_that_stops_hangs_up_so_that_browsers_come_again(house: Opened):
    async with house() as open_house:
        socket = await open_house.line("p1")
        await said(socket, "enter")
        assert (await open_house.presence("p1")) is Presence.PRESENT

        open_house.clock.forward(1)
        await close(open_house.client.app)
        async with asyncio.timeout(5):
            async for _ in socket:
                pass

        assert socket.close_code == AGAIN
        assert open_house.gateway.rooms.switchboard.everybody() == ()
        assert (await open_house.presence("p1")) is Presence.LEFT

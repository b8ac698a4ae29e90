"""Telephones in a room, with a real Janus: mixed, shown, put out, and there after a crash."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.make import seat_of
from tests.rtp import Phone
from tests.web import test_gateway
from tests.web.test_gateway import Opened, ask, said
from vioP.domain.attendance import Leg
from vioP.domain.errors import Unavailable
from vioP.domain.ids import SessionId
from vioP.domain.room import Guest
from vioP.video.janus import phone_seats
from vioP.video.janus.phone_seats import phone_seat
from vioP.video.janus.talk import Talk

pytestmark = test_gateway.pytestmark
house = test_gateway.house
OTHER = SessionId("ses_other")
ADA, ELI = Guest("sea_ada", "Ada"), Guest("sea_eli", "Eli")


async def until(claim: Callable[[], Any], what: str, seconds: float = 10) -> None:
    try:
        async with asyncio.timeout(seconds):
            while not claim():  # noqa: ASYNC110 - what is claimed sets no event
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"not within {seconds} s: {what}")


async def test_two_telephones_hear_each_other_and_not_themselves(house: Opened):
    async with house() as here, Phone.open(700) as ada, Phone.open(1100) as eli:
        rooms = here.gateway.rooms
        async with (
            phone_seat(rooms, here.session, ADA, ada.hears_at) as first,
            phone_seat(rooms, here.session, ELI, eli.hears_at) as second,
        ):
            ada.speaks_to, eli.speaks_to = first.sends_to, second.sends_to

            await until(lambda: ada.loudness(1100) > 0.8, "Ada hears Eli")
            await until(lambda: eli.loudness(700) > 0.8, "Eli hears Ada")
            assert ada.loudness(700) < 0.05
            assert eli.loudness(1100) < 0.05


async def test_a_stranger_on_this_machine_cannot_speak_for_a_telephone(house: Opened):
    async with (
        house() as here, Phone.open(700) as ada, Phone.open(900) as evil,
        Phone.open(1100) as eli,
    ):  # fmt: skip
        rooms = here.gateway.rooms
        async with (
            phone_seat(rooms, here.session, ADA, ada.hears_at) as first,
            phone_seat(rooms, here.session, ELI, eli.hears_at) as second,
        ):
            evil.speaks_to = first.sends_to
            ada.speaks_to, eli.speaks_to = first.sends_to, second.sends_to

            await until(lambda: eli.loudness(700) > 0.8, "Eli hears Ada")
            assert eli.loudness(900) < 0.05
            assert evil.packets == 0


async def test_rooms_are_apart(house: Opened):
    async with house() as here, Phone.open(700) as ada, Phone.open(1100) as eli:
        rooms = here.gateway.rooms
        async with (
            phone_seat(rooms, here.session, ADA, ada.hears_at) as first,
            phone_seat(rooms, OTHER, ELI, eli.hears_at) as second,
        ):
            ada.speaks_to, eli.speaks_to = first.sends_to, second.sends_to
            packets = eli.packets

            await until(lambda: eli.packets > packets + 100, "Eli is sent something")
            assert eli.loudness(700) < 0.05
            assert ada.loudness(1100) < 0.05


async def test_browsers_are_shown_a_telephone_while_it_is_there(house: Opened):
    async with house() as here, Phone.open(700) as phone:
        host, ada = await here.host_line(), await here.line("p1")
        await said(ada, "enter")
        own = Guest(await seat_of(here.ports, here.session, "p1"), "Ada")
        async with phone_seat(
            here.gateway.rooms, here.session, own, phone.hears_at
        ) as seat:
            shown = await said(host, "phone")
            assert shown == {
                "viop": "phone",
                "feed": seat.connection,
                "name": "Ada, on the phone",
                "yours": False,
            }
            assert (await said(ada, "phone"))["yours"] is True
            late = await here.line("p2")
            assert (await said(late, "phone"))["feed"] == seat.connection
            [seen] = [e.seen for e in here.gateway.rooms.switchboard.phones(line_of(here))]
            assert seen.legs == {Leg.PHONE}
            assert seen.guest_id == own.id

        assert await said(host, "phone_gone") == {
            "viop": "phone_gone",
            "feed": seat.connection,
        }


def line_of(here: Any) -> Any:
    """The participant's own browser."""
    return next(e for e in here.gateway.rooms.switchboard.lines(here.session)
                if not e.is_phone and not e.guest.is_host)  # fmt: skip


async def test_a_browser_and_a_telephone_of_one_person_are_there_together(house: Opened):
    async with house() as here, Phone.open(700) as phone:
        own = Guest(await seat_of(here.ports, here.session, "p1"), "Ada")
        async with phone_seat(
            here.gateway.rooms, here.session, own, phone.hears_at
        ) as seat:
            ada = await here.line("p1")

            await said(ada, "enter")  # and is not asked which device to use
            assert not seat.over.is_set()


async def test_a_voice_by_telephone_is_told_as_speaking_and_as_silent(house: Opened):
    async with house() as here, Phone.open(700) as phone:
        eli = await here.line("p1")
        await said(eli, "enter")
        async with phone_seat(
            here.gateway.rooms, here.session, ADA, phone.hears_at
        ) as seat:
            assert await said(eli, "speech") == {
                "viop": "speech",
                "feed": seat.connection,
                "speaks": False,
            }
            phone.speaks_to = seat.sends_to
            assert (await said(eli, "speech"))["speaks"] is True
            phone.volume = 0
            assert (await said(eli, "speech"))["speaks"] is False


async def hear(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    """Take part by sound; answers what the room says."""
    handle = (await ask(socket, "a", janus="attach", leg="audio"))["data"]["id"]
    body = {"request": "join", "room": "another", "id": "x", "display": "Dr. Evil"}
    joined = await ask(socket, "j", janus="message", handle_id=handle, body=body)
    data: dict[str, Any] = joined["plugindata"]["data"]
    return data | {"handle": handle}


async def test_a_call_is_over_when_its_person_is_put_out_or_calls_again(house: Opened):
    async with house() as here, Phone.open(700) as one, Phone.open(1100) as two:
        rooms = here.gateway.rooms
        async with (
            phone_seat(rooms, here.session, ADA, one.hears_at) as first,
            phone_seat(rooms, here.session, ADA, two.hears_at) as second,
        ):
            assert first.over.is_set()
            assert not second.over.is_set()

            await here.ports.video.revoke(here.session, ADA.id)

            assert second.over.is_set()
        async with phone_seat(rooms, here.session, ADA, one.hears_at) as third:
            await here.ports.video.close(here.session)
            assert third.over.is_set()


async def test_a_telephone_survives_the_death_of_janus(house: Opened):
    async with house() as here, Phone.open(700) as ada, Phone.open(1100) as eli:
        rooms = here.gateway.rooms
        async with (
            phone_seat(rooms, here.session, ADA, ada.hears_at) as first,
            phone_seat(rooms, here.session, ELI, eli.hears_at) as second,
        ):
            ada.speaks_to, eli.speaks_to = first.sends_to, second.sends_to
            await until(lambda: ada.loudness(1100) > 0.8, "Ada hears Eli")
            assert rooms.process.pid is not None

            os.kill(rooms.process.pid, signal.SIGKILL)

            ada.heard.clear()
            await until(lambda: len(ada.heard) == ada.heard.maxlen, "Ada is sent something")
            await until(lambda: ada.loudness(1100) > 0.8, "Ada hears Eli again")
            assert not first.over.is_set()


@asynccontextmanager
async def a_call_that_waits(here: Any, phone: Phone) -> AsyncIterator[asyncio.Task[None]]:
    """A telephone at the door, until the block ends; answers the call."""
    guest = Guest(await seat_of(here.ports, here.session, "p1"), "Ada")
    seat = phone_seat(here.gateway.rooms, here.session, guest, phone.hears_at, waits=True)

    async def call() -> None:
        async with seat as entered:
            phone.speaks_to = entered.sends_to
            await entered.over.wait()

    task = asyncio.create_task(call())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_a_telephone_waits_until_a_host_lets_it_in(house: Opened):
    async with house(waiting_room=True) as here, Phone.open(700) as phone:
        host = await here.host_line()
        async with a_call_that_waits(here, phone):
            waiting = await said(host, "waiting")
            while not waiting["people"]:
                waiting = await said(host, "waiting")
            [person] = waiting["people"]
            assert person["name"] == "Ada, on the phone"
            assert phone.packets == 0

            await host.send_json({"viop": "admit", "who": person["key"]})

            assert (await said(host, "phone"))["feed"] == person["key"]
            await until(lambda: phone.packets, "the telephone is in the mix")


async def test_somebody_who_hangs_up_while_waiting_waits_no_more(house: Opened):
    async with house(waiting_room=True) as here, Phone.open(700) as phone:
        waiting = here.gateway.rooms.switchboard.waiting
        async with a_call_that_waits(here, phone) as call:
            await until(lambda: waiting(here.session), "a telephone waits")

            call.cancel()

            await until(lambda: not waiting(here.session), "it waits no more")


async def test_without_a_room_a_call_hears_that_it_cannot_be_there(
    house: Opened, monkeypatch: pytest.MonkeyPatch
):
    async with house() as here, Phone.open(700) as phone:

        async def broken(_session: object) -> str:
            raise Unavailable

        monkeypatch.setattr(here.gateway.rooms, "ensure", broken)
        monkeypatch.setattr(phone_seats, "_SEATED_WITHIN", 0.5)

        with pytest.raises(Unavailable):
            async with phone_seat(here.gateway.rooms, here.session, ADA, phone.hears_at):
                pytest.fail("it is not in a room")
        assert here.gateway.rooms.switchboard.lines(here.session) == ()


async def test_by_sound_too_everybody_enters_as_themselves(house: Opened):
    async with house() as here:
        eli = await here.line("p1")
        welcome = await said(eli, "enter")

        joined = await hear(eli)

        assert joined["id"] == welcome["feed"]
        assert joined["room"] == await here.gateway.rooms.ensure(here.session)
        [someone] = await participants(here, joined["room"])
        assert (someone["id"], someone["display"]) == (welcome["feed"], "P1")


async def participants(here: Any, room: str) -> list[dict[str, Any]]:
    """Whom Janus mixes in a room, asked as nobody but us can."""
    rooms = here.gateway.rooms
    async with Talk.open(rooms.http, await rooms.process.wait(), Leg.AUDIO) as talk:
        answer = await talk.ask(request="listparticipants", room=room)
    found: list[dict[str, Any]] = answer["participants"]
    return found


@pytest.mark.parametrize(
    "body",
    [
        {"request": "join"},  # a second time, by another handle
        {"request": "changeroom", "room": "x"},
        {"request": "create", "room": "x"},
        {"request": "destroy", "room": "x"},
        {"request": "kick", "room": "x", "id": "x"},
        {"request": "mute", "room": "x", "id": "x"},
        {"request": "mute_room", "room": "x"},
        {"request": "list"},
        {"request": "listparticipants", "room": "x"},
        {"request": "enable_recording", "room": "x", "record": True},
        {"request": "rtp_forward", "room": "x", "host": "192.0.2.1", "port": 9},
        {"request": "listforwarders", "room": "x"},
        {"request": "play_file", "room": "x", "filename": "x"},
        {"request": "publish"},
        {"request": "edit", "room": "x"},
    ],
    ids=str,
)
async def test_what_is_not_on_the_list_for_sound_is_refused(house: Opened, body):
    async with house() as here:
        eli = await here.line("p1")
        await said(eli, "enter")
        await hear(eli)
        handle = (await ask(eli, "b", janus="attach", leg="audio"))["data"]["id"]

        answer = await ask(eli, "evil", janus="message", handle_id=handle, body=body)

        assert answer["error"]["code"] == 403


async def test_a_browser_cannot_send_what_is_mixed_away_from_here(house: Opened):
    async with house() as here:
        eli = await here.line("p1")
        await said(eli, "enter")
        joined = await hear(eli)
        wish = {"request": "configure", "muted": True, "record": True, "filename": "x",
                "display": "Dr. Evil", "rtp": {"ip": "192.0.2.1", "port": 9}}  # fmt: skip

        await ask(eli, "c", janus="message", handle_id=joined["handle"], body=wish)

        [someone] = await participants(here, joined["room"])
        assert someone["display"] == "P1"
        assert someone["muted"] is True

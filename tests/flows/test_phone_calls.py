"""Calls seen through: a real telephone is rung by the ladder, and leads into the room."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.flows.test_ring import at, key_of, on_the_list, run_due, steps
from tests.make import FixedClock, seat_of
from tests.phone_check import a_phone_check
from tests.rtp_room import HUM, RtpRoom
from tests.sip_line import choices, samples, strength, telephone
from tests.sip_phone import Answers, SipPhone
from vioP.beside import beside
from vioP.domain.attendance import Evidence, Fact, Leg, Presence, taken_part
from vioP.domain.call import NOT_NEEDED, CallState, PhoneCall
from vioP.domain.ids import SeatId, SessionId
from vioP.domain.limit import Limit
from vioP.domain.phone_check import HEARD, digit_of
from vioP.domain.room import Guest
from vioP.domain.time import later
from vioP.flows.call_host import call_host
from vioP.flows.drill import drill
from vioP.flows.lose_calls import lose_calls
from vioP.flows.note_presence import Noted, note_presence
from vioP.flows.show import show_session
from vioP.phone.sip.telephone import SipTelephone
from vioP.phone.sounds import Sounds
from vioP.phoneroom import attend_all
from vioP.ports import Ports
from vioP.video.static import StaticRooms

NUMBER = "+13035550104"
_WITHIN = 15.0


@dataclass
class Called:
    """A missed group, a real telephone that rings for p4, and a room that hums."""

    ports: Ports
    session: SessionId
    room: RtpRoom
    phone: SipPhone
    ours: SipTelephone
    listens: str

    async def seat(self) -> SeatId:
        return await seat_of(self.ports, self.session, "p4")

    async def presence(self) -> Presence:
        seats = (await show_session(self.ports, self.session)).seats
        mine = await self.seat()
        return next(each.presence for each in seats if each.id == mine)

    async def evidence(self) -> tuple[Evidence, ...]:
        seats = (await show_session(self.ports, self.session)).seats
        mine = await self.seat()
        return next(each.evidence for each in seats if each.id == mine)

    async def until_state(self, state: CallState, rung: str = "call") -> None:
        """Wait until a call has got so far."""
        key = await key_of(self.ports, self.session, rung)
        async with asyncio.timeout(_WITHIN):
            while True:
                async with self.ports.store.read() as tx:
                    call = await tx.calls.find(key)
                if call is not None and call.state is state:
                    return
                await asyncio.sleep(0.02)

    async def outcome(self, rung: str = "call") -> str | None:
        key = await key_of(self.ports, self.session, rung)
        async with self.ports.store.read() as tx:
            call = await tx.calls.find(key)
        return call.outcome if call else None


@asynccontextmanager
async def house(
    ports: Ports,
    session: SessionId,
    sounds: Sounds,
    folder: Path,
    answers: Answers = "auto",
) -> AsyncIterator[Called]:
    room = RtpRoom()
    assert isinstance(ports.video, StaticRooms)
    ours_too = replace(ports.video, is_ours=True)  # as rooms of our own are
    async with SipPhone.open(folder / "phone", answers, number=NUMBER) as phone:
        given = choices(f"127.0.0.1:{phone.port}")
        async with telephone(given, sounds, folder / "ours") as ours:
            phoned = replace(ports, telephone=ours, video=ours_too)
            async with beside(attend_all(phoned, room, ours)):
                yield Called(phoned, session, room, phone, ours, given.listen)


@pytest.fixture
def url(sqlite_url: str) -> str:
    """A telephone of our own goes with one process, and that with SQLite."""
    return sqlite_url


@pytest.fixture
def phoned(ports: Ports) -> Ports:
    """Nobody waits at a door here, unless a test says so; a number leads in."""
    sender = replace(ports.house.sender, dial_in="+1 212 555 0188")
    house = replace(ports.house, waiting_room=False, sender=sender)
    return replace(ports, house=house)


@pytest.fixture
async def called(
    phoned: Ports, session: SessionId, sounds: Sounds, tmp_path: Path
) -> AsyncIterator[Called]:
    async with house(phoned, session, sounds, tmp_path) as opened:
        yield opened


async def test_key_one_leads_into_the_room_and_both_hear_each_other(called: Called):
    await at(called.ports, 6)
    await called.until_state(CallState.ANSWERED)
    await asyncio.sleep(1)
    assert await called.presence() is Presence.AWAY  # picking up is not joining
    assert not called.room.guests

    await called.phone.press("1")

    await called.room.until_seated()
    await asyncio.sleep(2)
    seat = await called.seat()
    [(where, guest)] = called.room.guests.values()
    assert (where, guest.id) == (called.session, seat)
    assert await called.presence() is Presence.PRESENT
    assert await called.outcome() == "on_the_phone"
    phone_heard = samples(called.phone.recorded()[-1])[-8000:]
    half = len(called.room.heard) // 4 * 2
    room_heard = [
        int.from_bytes(called.room.heard[at_ : at_ + 2], "little", signed=True)
        for at_ in range(half, len(called.room.heard) - 1, 2)
    ]
    assert strength(phone_heard, HUM) > 0.8
    assert strength(room_heard, 700) > 0.8  # what the phone plays
    await at(called.ports, 12)
    assert await on_the_list(called.ports, called.session) == set()


async def test_who_hangs_up_has_left_and_their_minutes_are_counted_as_sound(
    called: Called, clock: FixedClock
):
    await at(called.ports, 6)
    await called.until_state(CallState.ANSWERED)
    await called.phone.press("1")
    await called.room.until_seated()
    clock.forward(20)

    await called.phone.do("hangup")

    await called.room.until_seated(0)
    await asyncio.sleep(0.3)
    assert await called.presence() is Presence.LEFT
    session = await show_session(called.ports, called.session)
    part = taken_part(
        await called.evidence(),
        session.starts,
        session.ends,
        later(clock.now(), session.ends - session.starts),
    )
    assert (part.sound.total_seconds(), part.video.total_seconds()) == (1200, 0)


@pytest.mark.parametrize(
    ("key", "outcome", "rungs"),
    [
        ("2", "reached_not_coming", set()),
        ("9", "opted_out", {"coordinator"}),  # whom no phone reaches, a person does
        ("0", "wants_human", {"coordinator"}),
    ],
)
async def test_other_keys_are_heeded_and_answered(
    called: Called, key: str, outcome: str, rungs: set[str]
):
    await at(called.ports, 6)
    await called.until_state(CallState.ANSWERED)

    await called.phone.press(key)

    await called.phone.until("CALL_CLOSED", within=12)
    await run_due(called.ports)
    assert await called.outcome() == outcome
    assert not called.room.seats
    assert await on_the_list(called.ports, called.session) == rungs


async def test_a_call_nobody_presses_a_key_in_says_nothing_more_and_counts_as_none(
    called: Called, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("vioP.flows.attend_call._WAIT", 1.0)
    place = called.ours.place

    async def shorter(call: PhoneCall) -> str:
        return await place(replace(call, prompt=NOT_NEEDED))

    called.ours.place = shorter  # type: ignore[method-assign]  # or the test lasts a minute

    await at(called.ports, 6)

    await called.phone.until("CALL_CLOSED", within=30)
    await called.until_state(CallState.NO_KEY)
    heard = samples(called.phone.recorded()[-1])
    assert max(map(abs, heard[-8000:])) < 200  # a mailbox records nothing after it
    assert await called.presence() is Presence.AWAY


async def test_a_hang_up_in_the_prompt_lets_the_ladder_climb_on(called: Called):
    await at(called.ports, 6)
    await called.until_state(CallState.ANSWERED)

    await called.phone.do("hangup")

    await called.until_state(CallState.NO_KEY)
    await at(called.ports, 10)
    await called.until_state(CallState.ANSWERED, "second_call")


async def test_a_late_join_while_it_rings_cancels_within_a_second(
    phoned: Ports, session: SessionId, sounds: Sounds, tmp_path: Path
):
    async with house(phoned, session, sounds, tmp_path, "manual") as called:
        await at(called.ports, 6)
        await called.until_state(CallState.RINGING)
        loop = asyncio.get_running_loop()

        begun = loop.time()
        await note_presence(called.ports, [await _media_up(called)])
        await run_due(called.ports)
        await called.phone.until("CALL_CLOSED", within=1)

        assert loop.time() - begun < 1
        assert called.phone.count("CALL_ESTABLISHED") == 0
        assert await called.outcome() == "joined"


async def _media_up(called: Called) -> Noted:
    seat = await called.seat()
    now = called.ports.clock.now()
    up = Evidence(Fact.MEDIA_UP, now, "janus", Leg.AUDIO, "con_browser")
    return Noted(called.session, Guest(seat, "P"), up, "room:con_browser:1")


async def test_whoever_picked_up_while_they_joined_hears_that_they_are_connected(
    called: Called,
):
    await at(called.ports, 6)
    await called.until_state(CallState.ANSWERED)
    await asyncio.sleep(0.5)

    await note_presence(called.ports, [await _media_up(called)])
    await run_due(called.ports)

    await called.phone.until("CALL_CLOSED", within=8)
    heard = samples(called.phone.recorded()[-1])
    assert len([each for each in heard[8000:] if abs(each) > 1000]) > 2000  # words
    assert not called.room.seats


async def test_a_room_that_cannot_be_reached_brings_a_person(called: Called):
    called.room.is_down = True
    await at(called.ports, 6)
    await called.until_state(CallState.ANSWERED)

    await called.phone.press("1")

    await called.phone.until("CALL_CLOSED", within=12)
    await called.until_state(CallState.FAILED)
    await run_due(called.ports)
    assert await called.presence() is Presence.AWAY
    assert "coordinator" in await on_the_list(called.ports, called.session)


async def test_a_session_that_meets_where_no_phone_can_enter_brings_a_person(
    called: Called, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("vioP.ports.Ports.rooms_of", lambda *_: None)
    await at(called.ports, 6)
    await called.until_state(CallState.ANSWERED)

    await called.phone.press("1")

    await called.until_state(CallState.FAILED)
    await called.phone.until("CALL_CLOSED", within=12)
    assert not called.room.seats


async def test_a_killed_phone_process_frees_the_ladder_and_never_rings_again(
    called: Called,
):
    await at(called.ports, 6)
    await called.until_state(CallState.ANSWERED)
    killed = called.ours.process.pid
    assert killed is not None

    os.kill(killed, signal.SIGKILL)

    await called.until_state(CallState.FAILED)
    seat = await called.seat()
    assert (await steps(called.ports, seat))["call phone"] == ("sent", None)
    await at(called.ports, 7)
    await called.ours.process.wait(10)
    assert len(called.phone.recorded()) == 1
    await at(called.ports, 10)  # the second call is another rung
    await called.until_state(CallState.ANSWERED, "second_call")


async def test_a_killed_phone_process_takes_people_out_of_the_room(
    called: Called, clock: FixedClock
):
    await at(called.ports, 6)
    await called.until_state(CallState.ANSWERED)
    await called.phone.press("1")
    await called.room.until_seated()
    clock.forward(2)
    killed = called.ours.process.pid
    assert killed is not None

    os.kill(killed, signal.SIGKILL)

    await called.room.until_seated(0)
    await asyncio.sleep(0.3)
    assert await called.presence() is Presence.LEFT


async def test_calls_of_an_earlier_life_are_settled(
    phoned: Ports, session: SessionId, sounds: Sounds, tmp_path: Path
):
    async with house(phoned, session, sounds, tmp_path, "manual") as called:
        await at(called.ports, 6)
        await called.until_state(CallState.RINGING)
        ports = called.ports
    key = await key_of(ports, session)
    async with ports.store.write() as tx:  # as if the end had not been heard of
        await tx.connection.execute(
            "UPDATE attempt SET outcome = NULL, state = 'ringing' WHERE id = :id", id=key
        )

    assert await lose_calls(ports) == 1

    async with ports.store.read() as tx:
        call = await tx.calls.find(key)
    assert call is not None
    assert (call.state, call.outcome) == (CallState.FAILED, "failed")
    assert await lose_calls(ports) == 0


async def test_a_caller_waits_at_the_door_where_hosts_let_people_in(
    ports: Ports, session: SessionId, sounds: Sounds, tmp_path: Path
):
    async with house(ports, session, sounds, tmp_path) as called:
        await at(called.ports, 6)
        await called.until_state(CallState.ANSWERED)
        await called.phone.press("1")
        await called.room.until_somebody_waits()
        await asyncio.sleep(0.3)
        assert await called.presence() is Presence.AWAY
        assert await called.outcome() == "on_the_phone"

        called.room.admits.set()

        await called.room.until_seated()
        await asyncio.sleep(0.2)
        assert await called.presence() is Presence.PRESENT


async def test_a_room_that_ends_says_goodbye(called: Called, clock: FixedClock):
    await at(called.ports, 6)
    await called.until_state(CallState.ANSWERED)
    await called.phone.press("1")
    await called.room.until_seated()
    clock.forward(2)

    called.room.seats[0].over.set()

    await called.phone.until("CALL_CLOSED", within=8)
    assert await called.presence() is Presence.LEFT


async def test_a_phone_that_is_tested_is_proven_by_the_digit_on_the_screen(called: Called):
    key = await a_phone_check(called.ports, NUMBER)
    await run_due(called.ports)
    await called.phone.until("CALL_ESTABLISHED")
    await asyncio.sleep(1)
    right = digit_of(called.ports.secrets.code(key))
    wrong = next(each for each in "4678" if each != right)

    await called.phone.press(wrong)
    await asyncio.sleep(0.5)
    assert called.phone.count("CALL_CLOSED") == 0
    await called.phone.press(right)

    await called.phone.until("CALL_CLOSED", within=12)
    async with called.ports.store.read() as tx:
        check = await tx.phone_checks.find(key)
    assert check is not None
    assert check.outcome == HEARD
    assert not called.room.seats


async def test_a_host_who_is_fetched_by_phone_sits_there_as_the_host(called: Called):
    async with called.ports.store.write() as tx:
        await tx.connection.execute("UPDATE staff SET phone = :phone", phone=NUMBER)
        assert await call_host(called.ports, tx, called.session)
    await run_due(called.ports)
    await called.phone.until("CALL_ESTABLISHED")
    await asyncio.sleep(1)

    await called.phone.press("1")

    await called.room.until_seated()
    [(_, guest)] = called.room.guests.values()
    assert guest.is_host
    await called.phone.do("hangup")
    await called.room.until_seated(0)
    await asyncio.sleep(0.3)
    async with called.ports.store.read() as tx:
        assert not await tx.bridges.is_under_way(called.session)


async def test_a_drill_rings_and_says_that_it_worked(called: Called):
    await drill(called.ports, NUMBER, "t1")
    await run_due(called.ports)
    await called.phone.until("CALL_ESTABLISHED")
    await asyncio.sleep(1)

    await called.phone.press("1")

    await called.phone.until("CALL_CLOSED", within=12)
    assert not called.room.seats


async def dial(called: Called) -> None:
    """Call the number that leads in, and wait until it is picked up."""
    await called.phone.do("dial", f"sip:+12125550188@{called.listens}")
    await called.phone.until("CALL_ESTABLISHED")
    await asyncio.sleep(0.5)


async def test_who_dials_in_and_types_their_pin_is_in_the_room(called: Called):
    await dial(called)

    await called.phone.press(called.ports.pin(await called.seat()))

    await called.room.until_seated()
    await asyncio.sleep(2)
    assert await called.presence() is Presence.PRESENT
    assert strength(samples(called.phone.recorded()[-1])[-8000:], HUM) > 0.8
    await at(called.ports, 12)  # whoever is here is not looked for
    assert await on_the_list(called.ports, called.session) == set()
    assert called.phone.count("CALL_INCOMING") == 0


async def test_dialling_in_stops_a_call_that_is_under_way(called: Called):
    await at(called.ports, 6)
    await called.until_state(CallState.ANSWERED)
    key = await key_of(called.ports, called.session)
    seat = await called.seat()
    line = Guest(seat, "P")
    now = called.ports.clock.now()
    bridged = Evidence(Fact.PHONE_BRIDGED, now, "phone", Leg.PHONE, "con_1")

    await note_presence(called.ports, [Noted(called.session, line, bridged, "phone:1")])
    await run_due(called.ports)

    await called.phone.until("CALL_CLOSED", within=8)
    async with called.ports.store.read() as tx:
        call = await tx.calls.find(key)
    assert call is not None
    assert call.outcome == "joined"


async def test_three_wrong_pins_end_the_call_and_say_nothing_of_which_was_close(
    called: Called,
):
    await dial(called)

    for wrong in ("00000000", "11111111", "22222222"):
        await called.phone.press(wrong)
        await asyncio.sleep(0.3)

    await called.phone.until("CALL_CLOSED", within=8)
    assert not called.room.seats


async def test_the_pin_of_a_session_whose_door_is_shut_is_a_wrong_one(
    called: Called, clock: FixedClock
):
    clock.forward(-30)
    await dial(called)

    await called.phone.press(called.ports.pin(await called.seat()))

    await asyncio.sleep(1)
    assert not called.room.seats
    await called.phone.do("hangup")


async def test_whoever_tried_too_often_is_not_picked_up(
    called: Called, monkeypatch: pytest.MonkeyPatch
):
    one = Limit(1, timedelta(minutes=30))
    monkeypatch.setattr("vioP.flows.take_dial_in.WRONG_PINS_FROM_NUMBER", one)
    await dial(called)
    await called.phone.press("00000000")
    await asyncio.sleep(1)
    await called.phone.do("hangup")
    await called.phone.until("CALL_CLOSED", within=5)

    await called.phone.do("dial", f"sip:+12125550188@{called.listens}")

    await called.phone.until("CALL_CLOSED", within=5, count=2)
    assert called.phone.count("CALL_ESTABLISHED") == 1


async def test_where_nobody_dials_in_nothing_is_picked_up(
    ports: Ports, session: SessionId, sounds: Sounds, tmp_path: Path
):
    async with house(ports, session, sounds, tmp_path) as called:
        await called.phone.do("dial", f"sip:+12125550188@{called.listens}")

        await called.phone.until("CALL_CLOSED", within=5)
        assert called.phone.count("CALL_ESTABLISHED") == 0

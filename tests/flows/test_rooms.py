"""Rooms: who holds one, who is in it, and what is not known is not held against anybody."""

from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import pytest

from tests.make import (
    NINE,
    FixedClock,
    deliveries,
    group_session,
    keys_due,
    minutes_later,
    programme,
    publish,
    published_programme,
    seat_of,
)
from tests.video import RoomsInMemory
from vioP.domain.attendance import Evidence, Fact, Presence
from vioP.domain.delivery import Channel
from vioP.domain.errors import Unavailable
from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.programme import Programme
from vioP.domain.room import Guest, Seen, Sight, Sighting
from vioP.flows.deliver import deliver
from vioP.flows.enroll import discharge
from vioP.flows.hear_provider import hear_provider
from vioP.flows.import_programme import import_programme
from vioP.flows.look_into_room import look_into_room
from vioP.flows.mark_attendance import start_session
from vioP.flows.note_presence import Noted, note_presence
from vioP.flows.open_door import open_door
from vioP.flows.put_out import put_out
from vioP.flows.record_join import record_join
from vioP.flows.show import show_session
from vioP.flows.show_calls import show_call_list
from vioP.flows.sweep import sweep
from vioP.flows.tell_session import tell_session
from vioP.flows.watch_room import watch_room
from vioP.ports import Ports
from vioP.web.states import card
from vioP.worker import handlers


@pytest.fixture
def rooms() -> RoomsInMemory:
    """The service this house prefers."""
    return RoomsInMemory()


@pytest.fixture
def house(ports: Ports, rooms: RoomsInMemory) -> Ports:
    """The house, with a service that knows who is inside and a spare one that does not."""
    return replace(ports, video=rooms)


@pytest.fixture
async def session(house: Ports) -> SessionId:
    """The group at nine, begun by its host."""
    await published_programme(house)
    session_id = await group_session(house)
    await start_session(house, session_id, "c1")
    return session_id


async def enter(house: Ports, session: SessionId, name: str) -> SeatId:
    seat = await seat_of(house, session, name)
    await record_join(house, house.secrets.link_token(seat))
    return seat


async def presences(house: Ports, session: SessionId) -> dict[str, Presence]:
    shown = await show_session(house, session)
    return {each.participant_id: each.presence for each in shown.seats}


async def steps(house: Ports) -> set[str]:
    kinds = {each["kind"] for each in await deliveries(house.store)}
    return kinds - {"invite", "cancel"}


async def test_everybody_of_a_session_is_sent_to_the_same_service(
    house: Ports, session, rooms: RoomsInMemory
):
    guest = Guest("sea", "Eli")
    first = await open_door(house, session, guest)
    rooms.is_shut = True
    second = await open_door(house, session, guest)
    rooms.is_shut = False
    third = await open_door(house, session, guest)

    assert first.provider == "memory"
    assert second.provider == third.provider == "static"


async def test_a_service_that_stumbles_once_does_not_part_who_is_inside_from_who_comes(
    house: Ports, session, rooms: RoomsInMemory
):
    guest = Guest("sea", "Eli")
    await open_door(house, session, guest)
    rooms.stumbles = 1

    assert (await open_door(house, session, guest)).provider == "memory"


async def test_a_service_that_let_somebody_wait_is_not_asked_again(
    house: Ports, session, rooms: RoomsInMemory, clock: FixedClock
):
    guest = Guest("sea", "Eli")
    await open_door(house, session, guest)
    rooms.stumbles = 1
    rooms.hangs = lambda: clock.forward(1)

    assert (await open_door(house, session, guest)).provider == "static"


async def test_when_no_service_answers_nobody_counts_as_joined(
    house: Ports, session, rooms: RoomsInMemory
):
    rooms.is_shut = True
    shut = replace(house, spare_video=RoomsInMemory(name="spare", is_shut=True))

    with pytest.raises(Unavailable):
        await enter(shut, session, "p1")

    assert (await presences(house, session))["p1"] is Presence.AWAY


async def test_a_look_finds_who_came_and_who_went_without_a_word(
    house: Ports, session, rooms: RoomsInMemory, clock: FixedClock
):
    one, two = await enter(house, session, "p1"), await enter(house, session, "p2")
    rooms.inside[session] = [Seen(one, "laptop")]
    clock.forward(2)

    assert await look_into_room(house, session) is Sight.SEEN
    found = await presences(house, session)
    assert (found["p1"], found["p2"]) == (Presence.PRESENT, Presence.LEFT)

    rooms.inside[session] = [Seen(two, "phone")]
    clock.forward(1)
    await look_into_room(house, session)
    found = await presences(house, session)
    assert (found["p1"], found["p2"]) == (Presence.LEFT, Presence.PRESENT)


async def test_a_look_that_finds_nothing_new_writes_nothing(
    house: Ports, session, rooms: RoomsInMemory, statements, clock: FixedClock
):
    one = await enter(house, session, "p1")
    rooms.inside[session] = [Seen(one, "laptop")]
    await look_into_room(house, session)
    clock.forward(1)
    statements.clear()

    await look_into_room(house, session)

    assert len(statements) == 2  # which room, and who is known to be in it


async def test_nobody_is_reached_for_before_the_room_has_spoken(
    house: Ports, session, rooms: RoomsInMemory, clock: FixedClock
):
    await enter(house, session, "p1")
    rooms.is_silent = True
    clock.forward(6)

    await watch_room(house, session)
    assert await steps(house) == set()
    assert f"watch:{session}" in await keys_due(house.store, minutes_later(6.1))

    clock.forward(1)
    await watch_room(house, session)
    assert "incident" in await steps(house)
    assert {"call", "second_call"} & await steps(house) == set()


async def test_a_room_that_speaks_again_is_believed_again(
    house: Ports, session, rooms: RoomsInMemory, clock: FixedClock
):
    for name in ("p1", "p2", "p3"):
        seat = await enter(house, session, name)
        rooms.inside[session] = [*rooms.inside[session], Seen(seat, name)]
    rooms.is_silent = True
    clock.forward(5)
    await look_into_room(house, session)
    rooms.is_silent = False
    clock.forward(5)
    await watch_room(house, session)

    assert "incident" not in await steps(house)
    assert "call" in await steps(house)  # p4 has never come
    rooms.is_silent = True
    assert await look_into_room(house, session) is Sight.SETTLING


async def test_a_service_that_knows_nobody_holds_no_ladder_up(
    ports: Ports, clock: FixedClock
):
    await published_programme(ports)
    session_id = await group_session(ports)
    await start_session(ports, session_id, "c1")
    for name in ("p1", "p2", "p3"):
        await enter(ports, session_id, name)
    clock.forward(6)

    await watch_room(ports, session_id)

    assert "call" in await steps(ports)
    assert (await presences(ports, session_id))["p1"] is Presence.PRESENT


async def test_whoever_lost_their_seat_is_put_out(
    house: Ports, session, rooms: RoomsInMemory
):
    await enter(house, session, "p1")
    rooms.inside[session] = [Seen("sea_gone", "laptop"), Seen("k1", "desk", is_host=True)]

    await look_into_room(house, session)

    assert rooms.put_out == ["sea_gone"]


async def test_what_a_room_saw_is_kept_once_and_settles_what_was_under_way(
    house: Ports, session, clock: FixedClock
):
    seat = await seat_of(house, session, "p4")
    clock.forward(6)
    await watch_room(house, session)
    evidence = Evidence(Fact.ENTERED, clock.now(), "janus", None, "laptop")
    noted = Noted(session, Guest(seat, "P4"), evidence, "room:laptop:0")

    await note_presence(house, [noted])
    await note_presence(house, [noted])

    shown = await show_session(house, session)
    [kept] = [each for each in shown.seats if each.id == seat]
    assert kept.evidence == (evidence,)
    assert kept.presence is Presence.PRESENT


async def test_a_host_in_the_room_begins_the_session_but_not_the_day_before(
    house: Ports, clock: FixedClock
):
    await published_programme(house)
    session_id = await group_session(house)
    host = Guest("c1", "Doctor (host)", is_host=True)

    async def comes(minute: float) -> None:
        clock.moment = minutes_later(minute)
        evidence = Evidence(Fact.ENTERED, clock.now(), "janus", None, "desk")
        await note_presence(house, [Noted(session_id, host, evidence, f"{minute}")])

    await comes(-60 * 24)
    assert (await show_session(house, session_id)).host_started_at is None
    await comes(-4)
    await comes(0)
    assert (await show_session(house, session_id)).host_started_at == minutes_later(-4)
    assert minutes_later(0) == NINE


async def test_a_room_that_only_tells_is_believed_and_whoever_is_stuck_before_it_looked_for(
    house: Ports, session, rooms: RoomsInMemory, clock: FixedClock
):
    rooms.looks = False
    rooms.is_silent = True
    one = await enter(house, session, "p1")
    await enter(house, session, "p2")
    clock.forward(3)

    # Nothing was heard of this room: silence says nothing.
    assert await look_into_room(house, session) is Sight.SEEN
    assert (await presences(house, session))["p2"] is Presence.PRESENT

    name = await rooms.ensure(session)
    rooms.says = Sighting("1", name, one, Fact.ENTERED, clock.now(), None, "laptop")
    await hear_provider(house, "memory", {}, b"a message")
    await watch_room(house, session)
    found = await presences(house, session)
    assert (found["p1"], found["p2"]) == (Presence.PRESENT, Presence.LEFT)
    assert f"watch:{session}" in await keys_due(house.store, minutes_later(3.5))


async def test_a_host_who_is_heard_shows_that_messages_reach_us(
    house: Ports, session, rooms: RoomsInMemory, clock: FixedClock
):
    rooms.looks = False
    await enter(house, session, "p1")
    clock.forward(3)
    name = await rooms.ensure(session)
    rooms.says = Sighting("1", name, "c1", Fact.ENTERED, clock.now(), None, "desk")

    await hear_provider(house, "memory", {}, b"a message")
    await look_into_room(house, session)

    assert (await presences(house, session))["p1"] is Presence.LEFT


async def lose_place(house: Ports, name: str) -> None:
    """Discharge somebody as of yesterday, and tell everybody."""
    await discharge(house, ParticipantId(name), date(2026, 3, 9), "k1")
    await publish(house)


async def run_due(house: Ports, name: str) -> list[str]:
    """Run the waiting jobs of a name; answers their keys."""
    keys = [
        key
        for key in await keys_due(house.store, house.clock.now())
        if key.startswith(name)
    ]
    for key in keys:
        await handlers(house)[name]({"session_id": key.partition(":")[2]})
    return keys


async def test_whoever_is_discharged_is_put_out_of_the_room_and_nobody_else(
    house: Ports, session, rooms: RoomsInMemory
):
    one, two = await enter(house, session, "p1"), await enter(house, session, "p2")
    rooms.inside[session] = [Seen(one, "laptop"), Seen(two, "phone")]

    await lose_place(house, "p1")

    assert f"put_out:{session}" in await run_due(house, "put_out")
    assert rooms.put_out == [one]
    assert [each.guest_id for each in rooms.inside[session]] == [two]


async def test_a_session_that_is_called_off_ends_for_everybody(
    house: Ports, session, rooms: RoomsInMemory
):
    one = await enter(house, session, "p1")
    rooms.inside[session] = [Seen(one, "laptop"), Seen("c1", "desk", is_host=True)]

    for name in ("p1", "p2", "p3", "p4"):
        await discharge(house, ParticipantId(name), date(2026, 3, 9), "k1")
    await publish(house)
    await run_due(house, "put_out")

    assert session not in rooms.inside
    assert one in rooms.put_out


async def test_a_link_that_is_taken_back_ends_what_it_opened_even_if_the_job_was_lost(
    house: Ports, session, rooms: RoomsInMemory
):
    one, two = await enter(house, session, "p1"), await enter(house, session, "p2")
    rooms.inside[session] = [Seen(one, "laptop"), Seen(two, "phone")]
    await sweep(house)
    assert await run_due(house, "put_out") == []

    async with house.store.write() as tx:
        await tx.seats.revoke_link(one, house.clock.now())
    await sweep(house)
    await run_due(house, "put_out")

    assert rooms.put_out == [one]
    assert [each.guest_id for each in rooms.inside[session]] == [two]


async def test_a_room_that_does_not_answer_is_asked_again(
    house: Ports, session, rooms: RoomsInMemory
):
    one = await enter(house, session, "p1")
    async with house.store.write() as tx:
        await tx.seats.revoke_link(one, house.clock.now())
    rooms.is_shut = True

    with pytest.raises(Unavailable):
        await put_out(house, session)

    rooms.is_shut = False
    await put_out(house, session)
    await put_out(house, session)
    assert set(rooms.put_out) == {one}


async def test_nothing_is_asked_of_a_room_nobody_opened(house: Ports, rooms: RoomsInMemory):
    await published_programme(house)
    session = await group_session(house)

    await put_out(house, session)

    assert rooms.put_out == []


def meeting_at(video: str, fallback: str = "") -> Programme:
    """The small program, with a video service of its own choice."""
    given = programme()
    policy = replace(given.program.policy, video=video, video_fallback=fallback)
    return replace(given, program=replace(given.program, policy=policy))


async def test_moving_to_another_service_changes_no_link_and_sends_no_invite(
    house: Ports, session
):
    other = RoomsInMemory(name="zoom")
    here = replace(house, more_video=(other,))
    seat = await seat_of(here, session, "p1")
    link = here.secrets.link_token(seat)
    letters = await deliveries(here.store)
    was = await record_join(here, link)

    await import_programme(here, meeting_at("zoom"), "k1")
    stays = await record_join(here, link)
    async with here.store.write() as tx:
        await tx.connection.execute("DELETE FROM room")
    moves = await record_join(here, link)

    assert [urlsplit(each).netloc for each in (was, stays, moves)] == [
        "memory.test", "memory.test", "zoom.test",
    ]  # fmt: skip
    invites = [each for each in await deliveries(here.store) if each["kind"] == "invite"]
    assert invites == [each for each in letters if each["kind"] == "invite"]


async def test_a_program_has_its_own_way_out_when_its_service_does_not_answer(
    house: Ports, session
):
    guest = Guest("sea", "Eli")
    shut = RoomsInMemory(name="zoom", is_shut=True)
    here = replace(house, more_video=(shut, RoomsInMemory(name="jitsi")))

    await import_programme(here, meeting_at("zoom", "jitsi"), "k1")
    assert (await open_door(here, session, guest)).provider == "jitsi"

    async with here.store.write() as tx:
        await tx.connection.execute("DELETE FROM room")
    await import_programme(here, meeting_at("zoom", "none"), "k1")
    with pytest.raises(Unavailable):
        await open_door(here, session, guest)

    await import_programme(here, meeting_at("zoom"), "k1")
    assert (await open_door(here, session, guest)).provider == "static"


async def test_a_service_that_is_not_set_up_leaves_nobody_outside(house: Ports, session):
    await import_programme(house, meeting_at("livekit"), "k1")

    assert (await open_door(house, session, Guest("sea", "Eli"))).provider == "memory"


async def test_staff_are_told_of_each_incident_and_not_of_the_first_alone(
    house: Ports, session, rooms: RoomsInMemory, clock: FixedClock
):
    async def incidents() -> list[bool]:
        while await deliver(house, Channel.CALL_LIST):
            pass
        lines = [each for each in await show_call_list(house) if each.rung == "incident"]
        return [
            each.outcome is None for each in sorted(lines, key=lambda one: one.begun_at)
        ]

    for name in ("p1", "p2", "p3"):
        seat = await enter(house, session, name)
        rooms.inside[session] = [*rooms.inside[session], Seen(seat, name)]
    for told in ([True], [False, True], [False, False, True]):
        rooms.is_silent = True
        for _ in range(3):
            clock.forward(2)
            await watch_room(house, session)
        assert await incidents() == told
        shown = await show_session(house, session)
        assert card(shown, "UTC", house.clock.now()).room_is_in_doubt

        rooms.is_silent = False
        for _ in range(2):
            clock.forward(1)
            await watch_room(house, session)
        if len(told) == 2:
            await tell_session(house, session, "room_up", "k1")
        assert len(await incidents()) == len(told)
        shown = await show_session(house, session)
        assert not card(shown, "UTC", house.clock.now()).room_is_in_doubt

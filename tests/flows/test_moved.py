"""Put to another time, an appointment begins anew: whoever came to the old one is looked for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import time, timedelta

import pytest

from tests.flows.test_sick_call import DAY, GROUP, OUT, seats_on, two_groups
from tests.make import WEEK, FixedClock, Postbox, deliveries, minutes_later
from tests.video import RoomsInMemory
from vioP.domain.arrangement import MovedMeeting
from vioP.domain.attendance import Attendance, Evidence, Fact, Leg, Presence, taken_part
from vioP.domain.delivery import Channel
from vioP.domain.errors import Invalid, StalePlan
from vioP.domain.ids import SeatId, SessionId
from vioP.domain.live import LiveSeat, LiveSession
from vioP.domain.room import Guest, Proof, Seen
from vioP.domain.time import later
from vioP.flows.arrange import arrange
from vioP.flows.build_week import build_week
from vioP.flows.deliver import deliver
from vioP.flows.look_into_room import look_into_room
from vioP.flows.mark_attendance import mark_attendance, start_session
from vioP.flows.note_leave import show_leave, take_back_leave
from vioP.flows.note_presence import Noted, admit, note_presence
from vioP.flows.publish_week import Published, publish_week
from vioP.flows.record_join import record_join
from vioP.flows.show import show_session
from vioP.flows.sick_call import show_sick_call, take_sick_call
from vioP.flows.watch_session import watch_session
from vioP.ports import Ports
from vioP.storage import Store

ONE = 4 * 60  # one o'clock, in minutes after nine


async def session_of(ports: Ports) -> SessionId:
    async with ports.store.read() as tx:
        return (await tx.weeks.told(WEEK)).sessions[f"{GROUP}:{DAY}"]


async def move(ports: Ports, at: time = time(13)) -> Published:
    await arrange(ports, MovedMeeting(GROUP, DAY, DAY, at), "k1")
    await build_week(ports, WEEK, "k1")
    return await publish_week(ports, WEEK, "k1")


async def held_at_one(
    ports: Ports, clock: FixedClock, came: tuple[str, ...] = ("p2", "p3", "p4")
) -> dict[str, LiveSeat]:
    """The group is held at one, some come, and it is watched for a quarter of an hour."""
    session, links = await session_of(ports), await seats_on(ports)
    clock.moment = minutes_later(ONE - 1)
    for who in came:
        await record_join(ports, links[who][3])
    clock.moment = minutes_later(ONE + 1)
    await start_session(ports, session, OUT)
    for minute in (4, 8, 12, 16):
        clock.moment = minutes_later(ONE + minute)
        await watch_session(ports, session)
    return seats(await show_session(ports, session))


def seats(session: LiveSession) -> dict[str, LiveSeat]:
    return {each.participant_id: each for each in session.seats}


async def reached(store: Store, seat: LiveSeat) -> set[str]:
    """By which rungs somebody was reached at the time the appointment has now."""
    return {
        each["kind"]
        for each in await deliveries(store)
        if each["seat_id"] == seat.id
        and each["kind"] in {"nudge", "call", "coordinator"}
        and each["revision"] == seat.episode
    }


async def test_whoever_was_looked_for_in_vain_is_looked_for_again(
    store: Store, clock: FixedClock
):
    """The group runs, is called off in the middle, and stands again at one."""
    ports = await two_groups(store, clock)
    links, session = await seats_on(ports), await session_of(ports)
    clock.moment = minutes_later(-2)
    for who in ("p1", "p2", "p4"):
        await record_join(ports, links[who][3])
    await start_session(ports, session, OUT)
    for minute in (4, 8, 12, 16):
        clock.moment = minutes_later(minute)
        await watch_session(ports, session)
    found = await show_sick_call(ports, OUT, DAY, [])
    await take_sick_call(ports, OUT, DAY, [], found.version, "k1")
    clock.forward(1)
    [leave] = await show_leave(ports)
    await take_back_leave(ports, leave.id, "k1")
    await move(ports)

    there = await held_at_one(ports, clock, came=("p1", "p2"))

    assert there["p1"].presence is Presence.PRESENT
    for who in ("p3", "p4"):
        assert there[who].presence is Presence.AWAY
        assert await reached(store, there[who]) == {"nudge", "call", "coordinator"}


async def test_whoever_pressed_before_a_move_is_nudged_after_it(
    store: Store, clock: FixedClock
):
    postbox = Postbox()
    ports = replace(await two_groups(store, clock), mail=postbox)
    links = await seats_on(ports)
    clock.moment = minutes_later(-5)
    await record_join(ports, links["p1"][3])
    clock.forward(1)
    await move(ports)
    while await deliver(ports, Channel.MAIL):
        pass
    told = len(postbox.to("p1@participants.example"))

    session = await session_of(ports)
    clock.moment = minutes_later(ONE + 1)
    await start_session(ports, session, OUT)
    clock.moment = minutes_later(ONE + 5)
    await watch_session(ports, session)
    while await deliver(ports, Channel.MAIL):
        pass

    assert len(postbox.to("p1@participants.example")) == told + 1


async def test_the_host_of_one_time_has_not_begun_another_nor_let_anybody_in(
    store: Store, clock: FixedClock
):
    ports = await two_groups(store, clock)
    session, links = await session_of(ports), await seats_on(ports)
    clock.moment = minutes_later(-5)
    await start_session(ports, session, OUT)
    await admit(ports, [SeatId(links["p1"][1])], OUT)
    clock.forward(1)

    await move(ports)

    clock.moment = minutes_later(ONE + 5)
    await watch_session(ports, session)
    assert (await show_session(ports, session)).host_started_at is None
    assert "host_absent" in {each["kind"] for each in await deliveries(store)}
    async with store.read() as tx:
        assert not await tx.rooms.is_admitted(SeatId(links["p1"][1]))


async def test_whoever_was_still_in_the_room_at_the_move_did_not_come_to_the_new_time(
    store: Store, clock: FixedClock
):
    rooms = RoomsInMemory()
    ports = replace(await two_groups(store, clock), video=rooms)
    session, links = await session_of(ports), await seats_on(ports)
    clock.moment = minutes_later(-5)
    await record_join(ports, links["p1"][3])
    rooms.inside[session] = [Seen(links["p1"][1], "one", frozenset({Leg.VIDEO}))]
    await look_into_room(ports, session)
    clock.forward(1)
    await move(ports)
    clock.forward(0.2)
    await look_into_room(ports, session)
    clock.forward(2)
    rooms.inside[session] = []
    await look_into_room(ports, session)

    p1 = (await held_at_one(ports, clock))["p1"]

    assert p1.attendance(await show_session(ports, session)) is Attendance.PENDING
    assert await reached(store, p1) == {"nudge", "call", "coordinator"}


@dataclass
class SlowRooms(RoomsInMemory):
    """Rooms whose door takes so long that something happens meanwhile, once."""

    proves: frozenset[Proof] = frozenset()
    looks: bool = False
    meanwhile: list[Callable[[], Awaitable[object]]] = field(default_factory=list)

    async def door(self, session_id: SessionId, guest: Guest) -> str:
        while self.meanwhile:
            await self.meanwhile.pop()()
        return await super().door(session_id, guest)


async def test_a_press_that_is_under_way_while_the_appointment_moves_is_of_the_old_time(
    store: Store, clock: FixedClock
):
    plain = await two_groups(store, clock)
    links = await seats_on(plain)
    ports = replace(plain, video=SlowRooms(meanwhile=[lambda: move(plain)]))
    clock.moment = minutes_later(-5)

    await record_join(ports, links["p1"][3])

    p1 = (await held_at_one(plain, clock))["p1"]
    assert p1.presence is Presence.AWAY
    assert await reached(store, p1) == {"nudge", "call", "coordinator"}


async def test_whoever_is_inside_when_an_appointment_moves_by_minutes_stays_there(
    store: Store, clock: FixedClock
):
    ports = replace(await two_groups(store, clock), video=RoomsInMemory(looks=False))
    session, links = await session_of(ports), await seats_on(ports)
    clock.moment = minutes_later(-3)
    guest = Guest(SeatId(links["p1"][1]), "P1")
    for fact, leg in ((Fact.ENTERED, None), (Fact.MEDIA_UP, Leg.VIDEO)):
        seen = Evidence(fact, clock.moment, "zoom", leg, "one")
        key = ports.secrets.mint("evi", clock.moment)
        await note_presence(ports, [Noted(session, guest, seen, key)])
    clock.forward(1)

    await move(ports, time(9, 10))

    clock.moment = minutes_later(40)
    there = await show_session(ports, session)
    p1 = seats(there)["p1"]
    assert p1.presence is Presence.PRESENT
    assert p1.attendance(there) is Attendance.PRESENT
    took = taken_part(p1.evidence, there.starts, there.ends, clock.moment)
    assert took.video == timedelta(minutes=30)


async def test_after_a_move_a_clock_that_is_set_back_loses_nobody(
    store: Store, clock: FixedClock
):
    ports = await two_groups(store, clock)
    session, links = await session_of(ports), await seats_on(ports)
    clock.moment = minutes_later(-3)
    await record_join(ports, links["p1"][3])
    clock.moment = minutes_later(-2)
    await move(ports, time(9, 5))
    clock.moment = minutes_later(-4.5)

    await record_join(ports, links["p1"][3])
    seat = SeatId(links["p2"][1])
    shown = await show_session(ports, session)
    await mark_attendance(ports, shown, seat, Fact.MARKED_EXCUSED, "c1")

    there = seats(await show_session(ports, session))
    assert there["p1"].presence is Presence.PRESENT
    assert there["p2"].is_excused


@pytest.mark.parametrize("built", [-9, -40])
async def test_a_draft_that_moves_what_has_begun_meanwhile_is_not_published(
    store: Store, clock: FixedClock, built: int
):
    ports = await two_groups(store, clock)
    clock.moment = minutes_later(built)
    at = time(13) if built == -9 else time(8, 30)
    await arrange(ports, MovedMeeting(GROUP, DAY, DAY, at), "k1")
    draft = await build_week(ports, WEEK, "k1")
    before = await seats_on(ports)
    clock.moment = later(minutes_later(0 if built == -9 else -28), timedelta(minutes=2))

    with pytest.raises(StalePlan):
        await publish_week(ports, WEEK, "k1", draft.revision)

    assert await seats_on(ports) == before
    await build_week(ports, WEEK, "k1")
    assert (await publish_week(ports, WEEK, "k1")).updated == 0


async def test_a_group_that_has_begun_is_not_arranged_to_another_time(
    store: Store, clock: FixedClock
):
    ports = await two_groups(store, clock)
    clock.moment = minutes_later(10)

    with pytest.raises(Invalid, match="Tidewater has begun on 2026-03-10"):
        await arrange(ports, MovedMeeting(GROUP, DAY, DAY, time(13)), "k1")

"""A test with a person: booked within tech support's hours, a session beside the week's plan."""

from datetime import timedelta

import pytest

from tests.make import (
    NINE,
    WEEK,
    FixedClock,
    Postbox,
    clinician,
    deliveries,
    keys_due,
    minutes_later,
    publish,
    published_programme,
)
from vioP.domain.availability import Leave
from vioP.domain.delivery import Channel
from vioP.domain.errors import Conflict, Missing
from vioP.domain.ids import ParticipantId, StaffId
from vioP.domain.live import LiveSession
from vioP.domain.session import Kind
from vioP.domain.support_slot import SupportRules, free_slots
from vioP.flows.book_test import book_test, offer_tests
from vioP.flows.deliver import deliver
from vioP.flows.watch_session import watch_session
from vioP.ports import Ports

P1, P2, T1 = ParticipantId("p1"), ParticipantId("p2"), StaffId("t1")
AFTER_GROUP = minutes_later(150)  # half past eleven; their group is over at ten past


async def tests_of(ports: Ports) -> list[LiveSession]:
    async with ports.store.read() as tx:
        found = await tx.live.between(NINE, minutes_later(7 * 24 * 60))
    return [each for each in found if each.kind is Kind.TECH_TEST]


async def test_times_are_quarters_within_hours_beside_what_is_planned(ports: Ports):
    await published_programme(ports)

    slots, booked, zone = await offer_tests(ports, P1)

    starts = [each.starts for each in slots]
    assert booked is None
    assert zone == "America/Denver"
    assert starts[0] == minutes_later(135)  # not during the group, which ends at 11:10
    assert AFTER_GROUP in starts
    assert all(each.starts.minute % 15 == 0 for each in slots)
    assert {each.staff_id for each in slots} == {"t1"}
    assert max(starts) <= minutes_later(7 * 24 * 60)


async def test_a_booked_test_is_a_session_with_an_invite_a_link_and_a_watch(
    ports: Ports, postbox: Postbox
):
    await published_programme(ports)
    postbox.letters.clear()

    session_id = await book_test(ports, P1, AFTER_GROUP)
    await deliver(ports, Channel.MAIL)

    [session] = await tests_of(ports)
    assert (session.id, session.lead_id) == (session_id, T1)
    assert session.ends - session.starts == timedelta(minutes=15)
    own = [e for e in await deliveries(ports.store) if e["seat_id"] == session.seats[0].id]
    assert [(each["kind"], each["state"]) for each in own] == [("invite", "sent")]
    assert postbox.to("p1@participants.example")
    assert f"watch:{session_id}" in await keys_due(ports.store, AFTER_GROUP)


async def test_a_booked_test_has_a_ladder_of_its_own(ports: Ports, clock: FixedClock):
    await published_programme(ports)
    session_id = await book_test(ports, P1, AFTER_GROUP)
    clock.move_to(AFTER_GROUP)
    async with ports.store.write() as tx:
        await tx.live.start(session_id, AFTER_GROUP)
    clock.forward(3)

    await watch_session(ports, session_id)

    [session] = await tests_of(ports)
    assert {each.rung.value for each in session.seats[0].steps} == {"nudge"}


async def test_two_cannot_book_one_time_and_a_second_booking_replaces_the_first(
    ports: Ports,
):
    await published_programme(ports)
    free = [
        {each.starts for each in (await offer_tests(ports, who))[0]} for who in (P1, P2)
    ]
    shared = min(free[0] & free[1])
    other = min(free[0] - {shared})
    first = await book_test(ports, P1, shared)
    with pytest.raises(Conflict, match="not free any more"):
        await book_test(ports, P2, shared)

    second = await book_test(ports, P1, other)

    assert [each.id for each in await tests_of(ports)] == [second]
    assert first != second
    await book_test(ports, P2, shared)
    with pytest.raises(Missing):
        await book_test(ports, ParticipantId("p99"), AFTER_GROUP)


async def test_publishing_the_week_again_leaves_a_booked_test_alone(
    ports: Ports,
):
    await published_programme(ports)
    session_id = await book_test(ports, P1, AFTER_GROUP)
    async with ports.store.write() as tx:
        leave = Leave(minutes_later(24 * 60), minutes_later(72 * 60))
        await tx.programme.add_leave("l1", StaffId("c1"), leave)

    published = await publish(ports, WEEK)

    assert published.number == 2
    assert [each.id for each in await tests_of(ports)] == [session_id]
    async with ports.store.read() as tx:
        told = await tx.weeks.told(WEEK)
    assert not [key for key in told.sessions if key.startswith("tech_test")]


def test_leave_and_other_sessions_take_times_away():
    support = clinician("t1")
    rules = SupportRules(notice=timedelta(), ahead=timedelta(hours=1))
    busy = {T1: [(NINE, minutes_later(20))]}

    slots = free_slots(
        [support], busy, [(minutes_later(45), minutes_later(50))], rules, NINE
    )

    assert [each.starts for each in slots] == [minutes_later(30)]

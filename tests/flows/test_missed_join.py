"""A session nobody joined, from the first look to the last step, and back."""

from dataclasses import replace

import pytest

from tests.make import (
    NINE,
    FixedClock,
    Pocket,
    Postbox,
    deliveries,
    group_session,
    keys_due,
    participant,
    published_programme,
    seat_of,
)
from vioP.domain.attendance import Attendance, Fact
from vioP.domain.delivery import Channel
from vioP.domain.errors import Conflict, Invalid, NoShowTooSoon
from vioP.flows.deliver import deliver
from vioP.flows.mark_attendance import mark_attendance, start_session
from vioP.flows.record_join import record_join
from vioP.flows.settle_attempt import Outcome, settle_attempt
from vioP.flows.show import show_session
from vioP.flows.show_calls import show_call_list
from vioP.flows.sweep import sweep
from vioP.flows.tell_session import tell_session
from vioP.flows.watch_session import watch_session
from vioP.ports import Ports
from vioP.storage import Store


@pytest.fixture
async def session(ports: Ports, postbox: Postbox):
    """The group at nine: its invites have left, its host is there, p4 is missing."""
    await published_programme(ports)
    await run(ports)
    postbox.letters.clear()
    postbox.taken = 0
    session_id = await group_session(ports)
    await start_session(ports, session_id, "c1")
    for name in ("p1", "p2", "p3"):
        await join(ports, session_id, name)
    return session_id


async def join(ports: Ports, session_id, name: str) -> str:
    seat_id = await seat_of(ports, session_id, name)
    return await record_join(ports, ports.secrets.link_token(seat_id))


async def run(ports: Ports) -> None:
    """Deliver everything that is due on every channel."""
    for channel in Channel:
        while await deliver(ports, channel):
            pass


async def look(ports: Ports, session_id, minute: float) -> None:
    """Look at the session at a minute, and carry out what was decided."""
    clock = ports.clock
    assert isinstance(clock, FixedClock)
    clock.moment = NINE
    clock.forward(minute)
    await watch_session(ports, session_id)
    await run(ports)


async def open_rungs(ports: Ports) -> list[str]:
    return [each.rung for each in await show_call_list(ports) if each.outcome is None]


async def test_whoever_is_missing_gets_mail_and_text_then_calls_then_humans(
    ports: Ports, session, postbox: Postbox, pocket: Pocket
):
    await look(ports, session, 3)
    assert [letter.to for letter in postbox.letters.values()] == ["p4@participants.example"]
    assert len(pocket.texts) == 1
    assert await open_rungs(ports) == []

    for minute, rungs in (
        (6, ["call"]),
        (10, ["call", "second_call"]),
        (12, ["call", "second_call", "coordinator"]),
        (15, ["call", "second_call", "coordinator", "clinician"]),
    ):
        await look(ports, session, minute)
        assert await open_rungs(ports) == rungs


async def test_looking_twice_reaches_nobody_twice(
    ports: Ports, session, postbox: Postbox, pocket: Pocket
):
    for minute in (3, 3, 4, 6, 6, 7):
        await look(ports, session, minute)

    assert len(postbox.letters) == postbox.taken == 1
    assert len(pocket.texts) == 1
    assert await open_rungs(ports) == ["call"]


async def test_a_join_while_the_phone_is_about_to_ring_takes_the_call_off_the_list(
    ports: Ports, session
):
    await look(ports, session, 6)
    assert await open_rungs(ports) == ["call"]

    await join(ports, session, "p4")

    assert await open_rungs(ports) == []
    await look(ports, session, 12)
    assert await open_rungs(ports) == []


async def test_a_nudge_that_was_queued_is_not_sent_to_somebody_who_has_just_joined(
    ports: Ports, clock: FixedClock, session, postbox: Postbox
):
    clock.forward(3)
    await watch_session(ports, session)
    await join(ports, session, "p4")

    await run(ports)

    assert postbox.letters == {}
    nudges = [each for each in await deliveries(ports.store) if each["kind"] == "nudge"]
    assert {(each["state"], each["reason"]) for each in nudges} == {("skipped", "joined")}


async def test_after_an_outage_humans_are_told_and_nobody_is_nudged_late(
    ports: Ports, session, postbox: Postbox, pocket: Pocket
):
    await look(ports, session, 20)

    assert postbox.letters == {}
    assert pocket.texts == {}
    assert set(await open_rungs(ports)) == {"coordinator", "clinician"}
    stale = [each for each in await deliveries(ports.store) if each["reason"] == "stale"]
    assert {each["kind"] for each in stale} == {"nudge", "call", "second_call"}


async def test_a_missing_host_is_one_line_on_the_call_list_and_no_call_to_anybody(
    ports: Ports,
):
    await published_programme(ports)
    session_id = await group_session(ports)

    for minute in (2, 6, 10, 12, 15):
        await look(ports, session_id, minute)
    assert await open_rungs(ports) == ["host_absent"]

    await start_session(ports, session_id, "c1")
    assert await open_rungs(ports) == []


async def test_when_most_are_missing_there_is_one_incident(ports: Ports):
    await published_programme(ports)
    session_id = await group_session(ports)
    await start_session(ports, session_id, "c1")
    await join(ports, session_id, "p1")

    for minute in (3, 6, 10, 12):
        await look(ports, session_id, minute)

    assert await open_rungs(ports) == ["incident"]


async def test_once_staff_say_that_the_room_works_people_are_called_after_an_incident(
    ports: Ports,
):
    await published_programme(ports)
    session_id = await group_session(ports)
    await start_session(ports, session_id, "c1")
    await join(ports, session_id, "p1")
    await look(ports, session_id, 3)
    assert await open_rungs(ports) == ["incident"]

    await tell_session(ports, session_id, "room_up", "k1")
    await look(ports, session_id, 7)

    assert await open_rungs(ports) == ["call", "call", "call"]


async def test_high_risk_people_are_looked_for_by_a_human_at_five(ports: Ports):
    people = [participant(f"p{n}", high_risk=n == 4) for n in range(1, 5)]
    await published_programme(ports, people=people)
    session_id = await group_session(ports)
    await start_session(ports, session_id, "c1")
    for name in ("p1", "p2", "p3"):
        await join(ports, session_id, name)

    await look(ports, session_id, 5)
    assert await open_rungs(ports) == ["coordinator"]
    await look(ports, session_id, 10)
    assert await open_rungs(ports) == ["coordinator", "clinician"]


async def test_taking_part_by_phone_is_taking_part(ports: Ports, session):
    await look(ports, session, 6)
    [call] = await show_call_list(ports)

    await settle_attempt(ports, call.id, Outcome.ON_THE_PHONE, "k1")

    shown = await show_session(ports, session)
    assert shown.present == 4
    await look(ports, session, 12)
    assert await open_rungs(ports) == []


async def test_no_answer_lets_the_ladder_climb_on(ports: Ports, session):
    await look(ports, session, 6)
    [call] = await show_call_list(ports)

    await settle_attempt(ports, call.id, Outcome.NO_ANSWER, "k1")
    await look(ports, session, 10)

    assert await open_rungs(ports) == ["second_call"]


async def test_of_two_people_settling_one_call_the_first_answer_stands(
    ports: Ports, session
):
    await look(ports, session, 6)
    [call] = await show_call_list(ports)
    await settle_attempt(ports, call.id, Outcome.REACHED_JOINING, "k1")

    with pytest.raises(Conflict):
        await settle_attempt(ports, call.id, Outcome.NO_ANSWER, "k2")
    with pytest.raises(Invalid):
        await settle_attempt(ports, call.id, "gone fishing", "k2")


async def test_a_no_show_waits_twenty_minutes_and_for_the_host(
    ports: Ports, clock: FixedClock, session
):
    shown = await show_session(ports, session)
    seat = await seat_of(ports, session, "p4")
    clock.forward(19)
    with pytest.raises(NoShowTooSoon):
        await mark_attendance(ports, shown, seat, Fact.MARKED_NO_SHOW, "c1")

    clock.forward(1)
    await mark_attendance(ports, shown, seat, Fact.MARKED_NO_SHOW, "c1")

    after = await show_session(ports, session)
    [marked] = [each for each in after.seats if each.id == seat]
    assert marked.attendance(after) is Attendance.NO_SHOW


async def test_a_full_room_costs_no_more_statements_than_an_empty_one(
    ports: Ports, clock: FixedClock, session, statements
):
    clock.forward(6)
    statements.clear()

    await watch_session(ports, session)

    # Read the session and how to reach its people, write the steps, queue the jobs.
    assert len(statements) == 4


async def test_losing_every_job_loses_nobody(ports: Ports, session, clock: FixedClock):
    async with ports.store.write() as tx:
        await tx.connection.execute("DELETE FROM job")

    await sweep(ports)

    assert f"watch:{session}" in await keys_due(ports.store, clock.now())


async def test_mail_that_fails_is_tried_again_and_given_up_in_the_end(
    ports: Ports, clock: FixedClock, session, postbox: Postbox
):
    postbox.shut = True
    await look(ports, session, 3)
    waiting = [each for each in await deliveries(ports.store) if each["state"] == "pending"]
    assert [each["kind"] for each in waiting] == ["nudge"]

    postbox.shut = False
    clock.forward(1)
    await run(ports)

    assert len(postbox.letters) == 1


async def test_a_rolled_back_step_was_never_taken(store: Store, ports: Ports, session):
    class Broken:
        async def defer(self, _tx, _jobs):
            raise ConnectionError

    before = await deliveries(store)
    clock = ports.clock
    assert isinstance(clock, FixedClock)
    clock.forward(6)
    with pytest.raises(ConnectionError):
        await watch_session(replace(ports, jobs=Broken()), session)

    assert await deliveries(store) == before

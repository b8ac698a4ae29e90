"""Telling: edits that wait are one message, and what was taken back is none."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.make import (
    WEEK,
    FixedClock,
    Postbox,
    deliveries,
    keys_due,
    make_ports,
    minutes_later,
    participant,
    programme,
    publish,
)
from vioP.domain.delivery import Channel
from vioP.domain.ids import SeatId
from vioP.domain.reply import Answer, Reply
from vioP.domain.telling import Telling
from vioP.domain.time import Instant, Week, instant, later
from vioP.flows.deliver import deliver
from vioP.flows.enroll import discharge
from vioP.flows.import_programme import import_programme
from vioP.flows.look_ahead import look_ahead, next_look
from vioP.flows.sweep import sweep
from vioP.flows.tell_seats import tell_seats
from vioP.ports import Ports
from vioP.storage import Store
from vioP.storage.replies import KeptReply

NINETY = timedelta(seconds=90)
MOVE = "UPDATE seat SET starts = :starts, ends = :ends WHERE id = :id"
OWN = """
SELECT seat.id, seat.starts, seat.ends, seat.sequence FROM seat
WHERE participant_id = 'p1' ORDER BY starts
"""


@pytest.fixture
async def waiting(store: Store, clock: FixedClock, postbox: Postbox, pocket) -> Ports:
    """A week published on Sunday evening, its invites waiting for their window to close."""
    clock.moment = minutes_later(-2 * 24 * 60)
    telling = Telling(pace=timedelta(), overview_from=1000)
    plain = make_ports(store, clock, mail=postbox, texts=pocket)
    ports = replace(plain, house=replace(plain.house, telling=telling))
    await import_programme(ports, programme(), "k1")
    await publish(ports)
    return ports


async def first_seat(ports: Ports) -> tuple[SeatId, Instant, int]:
    async with ports.store.read() as tx:
        row = (await tx.connection.fetch(OWN))[0]
    return SeatId(row["id"]), row["starts"], row["sequence"]


async def move(ports: Ports, seat: SeatId, to: Instant) -> None:
    """What publishing a moved session does to a seat."""
    async with ports.store.write() as tx:
        ends = later(to, timedelta(minutes=50))
        await tx.connection.execute(MOVE, id=seat, starts=to, ends=ends)
        await tell_seats(ports, tx, WEEK, WEEK)


async def of_seat(ports: Ports, seat: SeatId) -> list[tuple[str, int, str]]:
    return [
        (each["kind"], each["revision"], each["state"])
        for each in await deliveries(ports.store)
        if each["seat_id"] == seat
    ]


async def close_window(ports: Ports, clock: FixedClock) -> None:
    clock.move_to(later(clock.now(), NINETY))
    while await deliver(ports, Channel.MAIL):
        pass


async def test_messages_wait_for_later_edits_and_the_engine_knows_until_when(
    waiting: Ports, clock: FixedClock, postbox: Postbox
):
    await deliver(waiting, Channel.MAIL)
    assert not postbox.letters
    assert await keys_due(waiting.store, clock.now()) == []
    assert "deliver:mail" in await keys_due(waiting.store, later(clock.now(), NINETY))

    await close_window(waiting, clock)

    assert len(postbox.letters) == 12


async def test_a_series_of_edits_is_one_message_and_keeps_its_number(
    waiting: Ports, clock: FixedClock
):
    seat, starts, _ = await first_seat(waiting)
    await close_window(waiting, clock)
    for minutes in (10, 20, 30):
        clock.forward(0.5)
        await move(waiting, seat, later(starts, timedelta(minutes=minutes)))

    assert await of_seat(waiting, seat) == [("invite", 0, "sent"), ("invite", 1, "pending")]
    # The first edit opened the window a minute ago: it closes in half a minute.
    clock.forward(0.5)
    await deliver(waiting, Channel.MAIL)
    assert await of_seat(waiting, seat) == [("invite", 0, "sent"), ("invite", 1, "sent")]


async def test_a_move_taken_back_in_time_is_never_heard_of(
    waiting: Ports, clock: FixedClock, postbox: Postbox
):
    seat, starts, _ = await first_seat(waiting)
    await close_window(waiting, clock)
    await move(waiting, seat, later(starts, timedelta(minutes=30)))
    await move(waiting, seat, starts)

    await close_window(waiting, clock)

    assert len(postbox.letters) == 12
    assert (await first_seat(waiting))[2] == 0


async def test_a_move_taken_back_while_the_first_invite_is_still_tried_lets_it_go_out(
    waiting: Ports, clock: FixedClock, postbox: Postbox
):
    seat, starts, _ = await first_seat(waiting)
    postbox.shut = True
    await close_window(waiting, clock)
    await move(waiting, seat, later(starts, timedelta(minutes=30)))
    await move(waiting, seat, starts)
    postbox.shut = False

    clock.forward(10)
    await deliver(waiting, Channel.MAIL)

    assert await of_seat(waiting, seat) == [("invite", 0, "sent")]


async def test_called_off_before_anything_left_nothing_leaves(
    waiting: Ports, clock: FixedClock, postbox: Postbox
):
    gone = participant("p4").id
    await discharge(waiting, gone, date(2026, 3, 8), "k1")
    await publish(waiting)

    await close_window(waiting, clock)

    assert postbox.to("p4@participants.example") == []
    assert len(postbox.letters) == 9


async def test_an_invite_that_may_have_left_is_cancelled_though_it_was_overtaken(
    waiting: Ports, clock: FixedClock, postbox: Postbox
):
    """It was handed over, the answer was lost, and the person was discharged meanwhile."""
    postbox.shut = True
    await close_window(waiting, clock)
    clock.forward(1)
    await deliver(waiting, Channel.MAIL)
    postbox.shut = False
    await discharge(waiting, participant("p4").id, date(2026, 3, 8), "k1")
    await publish(waiting)

    clock.forward(10)
    while await deliver(waiting, Channel.MAIL):
        pass

    letters = postbox.to("p4@participants.example")
    assert {
        b"METHOD=CANCEL" in each.raw.upper().replace(b'"', b"") for each in letters
    } == {True}
    assert len(letters) == 3


async def test_a_change_that_starts_soon_does_not_wait(
    waiting: Ports, clock: FixedClock, postbox: Postbox
):
    await close_window(waiting, clock)
    seat, starts, _ = await first_seat(waiting)
    clock.move_to(later(starts, -timedelta(minutes=115)))
    before = len(postbox.letters)

    await move(waiting, seat, later(starts, timedelta(minutes=15)))
    await deliver(waiting, Channel.MAIL)

    assert len(postbox.letters) == before + 1


async def test_whoever_gets_an_address_is_told_with_the_next_publication(
    waiting: Ports, clock: FixedClock, postbox: Postbox
):
    nobody = participant("p4", contact=replace(participant().contact, email=""))
    people = [*(participant(f"p{n}") for n in range(1, 4)), nobody]
    await import_programme(waiting, programme(people), "k1")
    await publish(waiting)
    async with waiting.store.write() as tx:
        await tell_seats(waiting, tx, WEEK, WEEK)
    await close_window(waiting, clock)
    assert postbox.to("p4@participants.example") == []
    people[-1] = participant("p4")
    await import_programme(waiting, programme(people), "k1")

    async with waiting.store.write() as tx:
        await tell_seats(waiting, tx, WEEK, WEEK)
    await close_window(waiting, clock)

    assert len(postbox.to("p4@participants.example")) == 3


async def test_a_new_time_asks_anew_and_a_new_phone_number_keeps_the_answer(
    waiting: Ports, clock: FixedClock
):
    await close_window(waiting, clock)
    seat, starts, _ = await first_seat(waiting)
    said = Reply(Answer.ACCEPTED, clock.now(), None, None)
    async with waiting.store.write() as tx:
        await tx.replies.add(KeptReply("rpl_1", seat, 0, clock.now(), "page", said))
    sender = replace(waiting.house.sender, phone="+1 212 555 0199")
    rung = replace(waiting, house=replace(waiting.house, sender=sender))
    async with rung.store.write() as tx:
        assert await tell_seats(rung, tx, WEEK, WEEK) == 12
    await close_window(rung, clock)
    assert await partstat(rung, seat, 1) == "ACCEPTED"

    async with rung.store.write() as tx:
        to = later(starts, timedelta(minutes=15))
        await tx.connection.execute(MOVE, id=seat, starts=to, ends=later(to, NINETY))
        await tell_seats(rung, tx, WEEK, WEEK)

    assert await partstat(rung, seat, 2) == "NEEDS-ACTION"


async def partstat(ports: Ports, seat: SeatId, revision: int) -> str:
    async with ports.store.read() as tx:
        [row] = await tx.connection.fetch(
            "SELECT OPENED(delivery.content) FROM delivery WHERE key = :key",
            key=f"invite:{seat}:{revision}",
        )
    return str(row["content"].get("answer", "NEEDS-ACTION"))


async def test_a_week_beyond_the_horizon_is_published_and_not_yet_told(
    waiting: Ports, clock: FixedClock, postbox: Postbox
):
    await close_window(waiting, clock)
    far = Week(date(2026, 3, 16))
    done = await publish(waiting, far)
    assert done.invited == 12
    assert len(await deliveries(waiting.store)) == 12

    clock.move_to(minutes_later(-24 * 60))  # Monday: two weeks now reach the week after
    await look_ahead(waiting)
    await look_ahead(waiting)
    await close_window(waiting, clock)

    assert len(postbox.letters) == 24


async def test_the_sweep_queues_the_next_morning_in_the_programs_zone(
    waiting: Ports, clock: FixedClock
):
    monday = instant(
        datetime(2026, 3, 9, 15, tzinfo=UTC)
    )  # 09:00, after the clocks changed

    await sweep(waiting)

    assert next_look(clock.now(), "America/Denver") == monday
    assert next_look(monday, "America/Denver") == later(monday, timedelta(days=1))
    assert "look_ahead" not in await keys_due(waiting.store, later(monday, -NINETY))
    assert "look_ahead" in await keys_due(waiting.store, monday)

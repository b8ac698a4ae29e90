"""What did not arrive is somebody's task until it has arrived, or a person has seen to it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.make import (
    FixedClock,
    Postbox,
    Refusing,
    deliveries,
    group_session,
    keys_due,
    minutes_later,
    participant,
    programme,
    publish,
    published_programme,
    seat_of,
)
from vioP.domain.delivery import Channel, Delivery, DeliveryKind, DeliveryState
from vioP.domain.errors import Conflict, Missing
from vioP.domain.people import Contact, Participant
from vioP.domain.time import later
from vioP.flows.deliver import deliver
from vioP.flows.import_programme import import_programme
from vioP.flows.settle_undelivered import handle, send_again, show_trouble, show_undelivered
from vioP.flows.take_text import take_text
from vioP.mail.errors import AddressRefused, AskedToWait, ServerAway
from vioP.ports import Ports
from vioP.storage.undelivered import Undelivered

P2 = "p2@participants.example"


def people(**facts: Any) -> list[Participant]:
    return [participant(f"p{n}", **(facts if n == 2 else {})) for n in range(1, 5)]


async def told(ports: Ports, error: Exception, **facts) -> None:
    """A week that was published, and one person's messages that met an answer."""
    clock, mail = ports.clock, ports.mail
    assert isinstance(clock, FixedClock)
    assert isinstance(mail, Postbox)
    clock.moment = minutes_later(-2 * 24 * 60)
    await import_programme(ports, programme(people(**facts)), "k1")
    await publish(ports)
    await deliver(replace(ports, mail=Refusing(error, P2, mail)), Channel.MAIL)


async def listed(ports: Ports) -> Sequence[Undelivered]:
    found = await show_undelivered(ports)
    assert (await show_trouble(ports)).messages == len(found)
    return found


async def test_what_was_refused_for_good_is_listed_with_whom_what_and_why(ports: Ports):
    await told(ports, AddressRefused())

    found = await listed(ports)

    assert len(found) == 3
    first = found[0]
    assert (first.name, first.email, first.phone) == ("P2 A.", P2, "+13035550101")
    assert (first.kind, first.reason) == (DeliveryKind.INVITE, "mail.address_refused")


async def test_it_goes_again_to_the_address_on_file_now(
    ports: Ports, clock: FixedClock, postbox: Postbox
):
    await told(ports, AddressRefused())
    right = Contact("right@participants.example", "+13035550101", sms=True)
    await import_programme(ports, programme(people(contact=right)), "k1")
    clock.forward(5)

    for each in await listed(ports):
        await send_again(ports, each.key, "k1")

    assert "deliver:mail" in await keys_due(ports.store, clock.now())
    await deliver(ports, Channel.MAIL)
    assert len(postbox.to("right@participants.example")) == 3
    assert postbox.to(P2) == []
    assert list(await listed(ports)) == []


async def test_one_that_is_refused_again_is_listed_again(ports: Ports, postbox: Postbox):
    await told(ports, AddressRefused())
    [key, *_] = [each.key for each in await listed(ports)]

    await send_again(ports, key, "k1")
    await deliver(
        replace(ports, mail=Refusing(AddressRefused(), P2, postbox)), Channel.MAIL
    )

    assert key in {each.key for each in await listed(ports)}


async def test_one_that_somebody_saw_to_is_gone_from_the_list_and_in_the_audit(
    ports: Ports,
):
    await told(ports, AddressRefused())
    [key, *_] = [each.key for each in await listed(ports)]

    await handle(ports, key, "k1")

    assert len(await listed(ports)) == 2
    with pytest.raises(Missing):
        await send_again(ports, key, "k1")
    async with ports.store.read() as tx:
        rows = await tx.audit.latest(1)
        counts = await tx.deliveries.counts()
    assert (rows[0].actor, rows[0].action, rows[0].object) == (
        "k1",
        "delivery.handled",
        key,
    )
    assert counts[DeliveryState.DEAD] == 2


async def test_what_a_newer_invite_replaces_is_nobodys_concern(
    ports: Ports, clock: FixedClock
):
    await told(ports, AddressRefused())
    await import_programme(ports, programme(people(zone="America/Chicago")), "k1")
    clock.forward(1)
    await publish(ports)

    assert list(await listed(ports)) == []


async def test_somebody_without_an_address_is_listed_and_cannot_be_sent_to(ports: Ports):
    await told(ports, AddressRefused(), contact=Contact("", "+13035550101"))

    found = await listed(ports)

    assert {each.reason for each in found} == {"no_address"}
    with pytest.raises(Conflict, match="publish the week again"):
        await send_again(ports, found[0].key, "k1")
    await handle(ports, found[0].key, "k1")
    assert len(await listed(ports)) == len(found) - 1


async def test_what_waits_for_long_is_listed_and_can_be_hurried_but_not_put_away(
    ports: Ports, clock: FixedClock, postbox: Postbox
):
    await told(ports, AskedToWait())
    busy = replace(ports, mail=Refusing(AskedToWait(), P2, postbox))
    assert list(await listed(ports)) == []
    for _ in range(4):
        clock.forward(11)
        await deliver(busy, Channel.MAIL)

    found = await listed(ports)

    assert {(each.waits, each.reason) for each in found} == {(True, "mail.asked_to_wait")}
    with pytest.raises(Conflict, match="still being tried"):
        await handle(ports, found[0].key, "k1")
    await send_again(ports, found[0].key, "k1")
    await deliver(ports, Channel.MAIL)
    assert len(postbox.to(P2)) == 1


async def test_what_was_never_sent_in_time_is_listed_for_a_week(
    ports: Ports, clock: FixedClock
):
    clock.moment = minutes_later(-2 * 24 * 60)
    await import_programme(ports, programme(), "k1")
    await publish(ports)
    clock.moment = minutes_later(7 * 24 * 60)
    await deliver(ports, Channel.MAIL)

    found = await listed(ports)

    assert {each.reason for each in found} == {"late"}
    with pytest.raises(Conflict, match="time is over"):
        await send_again(ports, found[0].key, "k1")
    clock.forward(8 * 24 * 60)
    assert list(await listed(ports)) == []


async def test_an_outage_of_a_moment_alarms_nobody(ports: Ports, clock: FixedClock):
    clock.moment = minutes_later(-2 * 24 * 60)
    await import_programme(ports, programme(), "k1")
    await publish(ports)
    await deliver(replace(ports, mail=Refusing(ServerAway())), Channel.MAIL)

    assert list((await show_trouble(ports)).outages) == []
    clock.forward(1)
    [outage] = (await show_trouble(ports)).outages
    assert outage.reason == "mail.away"


async def test_what_is_not_on_the_list_cannot_be_settled(ports: Ports):
    await told(ports, AddressRefused())
    sent = next(
        row["key"] for row in await deliveries(ports.store) if row["state"] == "sent"
    )

    for key in (sent, "invite:sea_nothing:0"):
        with pytest.raises(Missing):
            await send_again(ports, key, "k1")
        with pytest.raises(Missing):
            await handle(ports, key, "k1")


async def given_up(ports: Ports, kind: DeliveryKind, channel: Channel) -> str:
    """A step about p1 in the group at nine that was given up; gives its key."""
    await published_programme(ports)
    session = await group_session(ports)
    seat = await seat_of(ports, session, "p1")
    now = ports.clock.now()
    step = Delivery(
        key=f"{kind}:{seat}:0:{channel}",
        kind=kind,
        channel=channel,
        due=now,
        deadline=later(now, timedelta(minutes=4)),
        session_id=session,
        seat_id=seat,
        content={"name": "P1 A.", "phone": "+13035550101", "address": "old@example.org"},
        state=DeliveryState.DEAD,
        reason="fault",
    )
    async with ports.store.write() as tx:
        await tx.deliveries.add([step], now)
    return step.key


@pytest.mark.parametrize(
    "kind", [DeliveryKind.NUDGE, DeliveryKind.DAY_BEFORE, DeliveryKind.DOOR_OPEN]
)
async def test_whoever_wants_no_texts_by_now_is_sent_none_again(ports: Ports, kind):
    key = await given_up(ports, kind, Channel.SMS)
    await take_text(ports, "t1", "+13035550101", "STOP")

    with pytest.raises(Conflict, match="opted out"):
        await send_again(ports, key, "k1")


async def test_a_reminder_goes_again_to_where_the_gate_says(ports: Ports, postbox: Postbox):
    key = await given_up(ports, DeliveryKind.NUDGE, Channel.MAIL)
    postbox.letters.clear()

    await send_again(ports, key, "k1")
    await deliver(ports, Channel.MAIL)

    assert postbox.to("old@example.org") == []
    assert any(b"join now" in each.raw for each in postbox.to("p1@participants.example"))


async def test_a_call_that_failed_is_listed_and_not_placed_again(ports: Ports):
    key = await given_up(ports, DeliveryKind.CALL, Channel.PHONE)

    with pytest.raises(Conflict, match="not placed again"):
        await send_again(ports, key, "k1")
    await handle(ports, key, "k1")

    assert list(await listed(ports)) == []

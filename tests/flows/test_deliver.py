"""Delivering: one message that fails harms no other, and an outage loses nothing."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from tests.make import (
    FixedClock,
    Postbox,
    Refusing,
    deliveries,
    keys_due,
    minutes_later,
    participant,
    programme,
    publish,
)
from vioP.domain.delivery import AT_MOST_TRIES, Channel
from vioP.flows.deliver import deliver
from vioP.flows.import_programme import import_programme
from vioP.flows.sign_in import send_code
from vioP.mail.compose import Letter
from vioP.mail.errors import (
    AddressRefused,
    AskedToWait,
    NotAllowed,
    NotBegun,
    NotLetIn,
    ServerAway,
)
from vioP.mail.taken import Taken, nothing
from vioP.ports import Ports


@pytest.fixture
async def published(ports: Ports, clock: FixedClock) -> Ports:
    """Twelve invites, waiting to leave."""
    clock.moment = minutes_later(-2 * 24 * 60)
    await import_programme(ports, programme(), "k1")
    await publish(ports)
    return ports


async def states(ports: Ports) -> list[str]:
    return sorted(each["state"] for each in await deliveries(ports.store))


@dataclass
class Faulty:
    """A postbox with a fault of ours that one person's letters meet."""

    inner: Postbox
    tried: list[str] = field(default_factory=list)

    async def send(self, letter: Letter, taken: Taken = nothing) -> str:
        if letter.to.startswith("p2@"):
            self.tried.append(letter.message_id)
            raise KeyError("a bug")
        return await self.inner.send(letter, taken)


async def test_a_message_that_meets_a_fault_harms_no_other_and_is_given_up_in_the_end(
    published: Ports, clock: FixedClock, postbox: Postbox
):
    ports = replace(published, mail=Faulty(postbox))

    with pytest.raises(ExceptionGroup):
        await deliver(ports, Channel.MAIL)

    assert (await states(ports)).count("sent") == 9
    assert "deliver:mail" in await keys_due(ports.store, minutes_later(0))
    for _ in range(AT_MOST_TRIES):
        clock.forward(11)
        try:
            await deliver(ports, Channel.MAIL)
        except ExceptionGroup:
            continue
    assert await states(ports) == ["dead"] * 3 + ["sent"] * 9
    assert len(postbox.letters) == 9


async def test_an_outage_of_half_a_day_costs_nobody_their_invite(
    published: Ports, clock: FixedClock, postbox: Postbox
):
    postbox.shut = True
    for _ in range(12 * 6):
        await deliver(published, Channel.MAIL)
        clock.forward(10)
    assert set(await states(published)) == {"pending"}

    postbox.shut = False
    clock.forward(10)
    await deliver(published, Channel.MAIL)

    assert set(await states(published)) == {"sent"}


async def test_somebody_who_waits_for_a_code_does_not_wait_behind_a_week_of_invites(
    published: Ports, clock: FixedClock, postbox: Postbox
):
    clock.forward(1)
    await send_code(published, "p1@participants.example")

    await deliver(published, Channel.MAIL)

    first = next(iter(postbox.letters.values()))
    assert ".code@" in first.message_id


@dataclass
class Slow:
    """A postbox that takes half a minute over each letter."""

    inner: Postbox
    clock: FixedClock

    async def send(self, letter: Letter, taken: Taken = nothing) -> str:
        self.clock.forward(0.5)
        return await self.inner.send(letter, taken)


async def test_a_claim_that_runs_out_is_given_back_before_somebody_else_sends_it(
    published: Ports, clock: FixedClock, postbox: Postbox
):
    ports = replace(published, mail=Slow(postbox, clock))

    await deliver(ports, Channel.MAIL)

    rows = await deliveries(ports.store)
    assert {each["attempts"] for each in rows if each["state"] == "pending"} == {0}
    assert 0 < len(postbox.letters) < 12
    while await deliver(ports, Channel.MAIL):
        pass
    assert len(postbox.letters) == postbox.taken == 12


@dataclass
class Crowd:
    """A postbox that sees how many come at once."""

    inner: Postbox
    inside: int = 0
    most: int = 0

    async def send(self, letter: Letter, taken: Taken = nothing) -> str:
        self.inside += 1
        self.most = max(self.most, self.inside)
        await asyncio.sleep(0.01)
        self.inside -= 1
        return await self.inner.send(letter, taken)


async def test_letters_are_handed_over_side_by_side(published: Ports, postbox: Postbox):
    crowd = Crowd(postbox)

    await deliver(replace(published, mail=crowd), Channel.MAIL)

    assert crowd.most >= 10
    assert len(postbox.letters) == 12


async def test_what_was_not_begun_counts_as_no_try_and_comes_again_when_told(
    published: Ports, clock: FixedClock, postbox: Postbox
):
    full = replace(published, mail=Refusing(NotBegun(timedelta(seconds=30))))

    await deliver(full, Channel.MAIL)

    rows = await deliveries(full.store)
    assert {(each["state"], each["attempts"], each["reason"]) for each in rows} == {
        ("pending", 0, "mail.not_begun")
    }
    clock.forward(0.4)
    assert await deliver(published, Channel.MAIL) == 0
    clock.forward(0.1)
    assert await deliver(published, Channel.MAIL) == 12
    assert len(postbox.letters) == 12


async def test_somebody_never_told_about_an_appointment_is_not_told_that_it_is_gone(
    published: Ports, clock: FixedClock, postbox: Postbox
):
    full = replace(published, mail=Refusing(NotBegun(timedelta(seconds=5))))
    await deliver(full, Channel.MAIL)
    nobody = programme([participant("p9")], enrollments=(), service_plans=())
    clock.forward(1)
    await import_programme(published, nobody, "k1")
    await publish(published)

    while await deliver(published, Channel.MAIL):
        clock.forward(1)

    assert postbox.letters == {}
    assert await deliveries(published.store) == []


async def test_an_outage_is_known_from_its_first_trouble_until_a_letter_is_taken(
    published: Ports, clock: FixedClock
):
    began = clock.now()
    for error in (ServerAway(), NotLetIn()):
        await deliver(replace(published, mail=Refusing(error)), Channel.MAIL)
        clock.forward(10)

    async with published.store.read() as tx:
        [outage] = await tx.outages.all()
    assert (outage.reason, outage.since) == ("mail.not_let_in", began)
    assert outage.channel is Channel.MAIL
    await deliver(published, Channel.MAIL)
    async with published.store.read() as tx:
        assert list(await tx.outages.all()) == []


@pytest.mark.parametrize("error", [AskedToWait(), NotAllowed(), AddressRefused()])
async def test_what_is_said_to_one_letter_is_no_outage(published: Ports, error: Exception):
    await deliver(replace(published, mail=Refusing(error)), Channel.MAIL)

    async with published.store.read() as tx:
        assert list(await tx.outages.all()) == []
    wanted = "dead" if isinstance(error, AddressRefused) else "pending"
    assert set(await states(published)) == {wanted}


async def test_an_older_message_never_leaves_after_a_newer_one(
    published: Ports, clock: FixedClock, postbox: Postbox
):
    await deliver(replace(published, mail=Refusing(AskedToWait())), Channel.MAIL)
    clock.forward(1)
    people = [participant(f"p{number}", zone="America/Chicago") for number in range(1, 5)]
    await import_programme(published, programme(people), "k1")
    await publish(published)

    while await deliver(published, Channel.MAIL):
        clock.forward(11)

    sequences = {each.message_id.split(".")[1] for each in postbox.letters.values()}
    assert sequences == {"1"}
    rows = await deliveries(published.store)
    assert {each["reason"] for each in rows if each["revision"] == 0} == {"superseded"}

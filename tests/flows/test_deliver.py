"""Delivering: one message that fails harms no other, and an outage loses nothing."""

from dataclasses import dataclass, field, replace

import pytest

from tests.make import (
    FixedClock,
    Postbox,
    deliveries,
    keys_due,
    minutes_later,
    programme,
    publish,
)
from vioP.domain.delivery import AT_MOST_TRIES, Channel
from vioP.flows.deliver import deliver
from vioP.flows.import_programme import import_programme
from vioP.flows.sign_in import send_code
from vioP.mail.compose import Letter
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


async def test_a_claim_that_runs_out_is_handed_back_before_somebody_else_sends_it(
    published: Ports, clock: FixedClock, postbox: Postbox
):
    ports = replace(published, mail=Slow(postbox, clock))

    await deliver(ports, Channel.MAIL)

    assert (await states(ports)).count("sent") == 2
    assert (await states(ports)).count("pending") == 10
    while await deliver(ports, Channel.MAIL):
        pass
    assert len(postbox.letters) == postbox.taken == 12

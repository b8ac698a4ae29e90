"""What did not arrive: shown to somebody, sent again, or dealt with in another way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from vioP.domain.contact import Reach, may_reach
from vioP.domain.contact_facts import Way
from vioP.domain.delivery import Channel, DeliveryKind, DeliveryState
from vioP.domain.errors import Conflict, Missing
from vioP.domain.time import Instant, later
from vioP.flows.jobs import deliver_job
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.outages import Outage
from vioP.storage.undelivered import Undelivered

SHOWN = 100
_LATE_FOR = timedelta(days=7)
_TRIES = 5
_HICCUP = timedelta(minutes=1)
_WAYS = {Channel.MAIL: Way.MAIL, Channel.SMS: Way.TEXT}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with what leaves.

    Attributes:
        messages: How many did not arrive, all told.
        outages: Channels in trouble for longer than a moment.
    """

    messages: int
    outages: Sequence[Outage]


async def show_trouble(ports: Ports) -> Trouble:
    """How much did not arrive, and which channels are in trouble."""
    now = ports.clock.now()
    async with ports.store.read() as tx:
        count = await tx.undelivered.count(later(now, -_LATE_FOR), _TRIES)
        outages = await tx.outages.all()
    return Trouble(count, [each for each in outages if each.since <= later(now, -_HICCUP)])


async def show_undelivered(ports: Ports) -> Sequence[Undelivered]:
    """What did not arrive and nobody has dealt with, the oldest first."""
    async with ports.store.read() as tx:
        return await _open(tx, ports.clock.now())


async def send_again(ports: Ports, key: str, by: str) -> None:
    """Send a message now that was given up or still waits.

    It goes to the address that is on file now, in case that was what was wrong.

    Raises:
        Missing: There is no such message.
        Conflict: Its time is over, there is no address, the person may not be reached this
            way any more, or somebody else was faster.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        found = await _found(tx, key, now)
        why_not = cannot_go(found, now)
        if why_not:
            raise Conflict(why_not)
        content = dict(found.content) | await _where_to(ports, tx, found)
        if not await tx.undelivered.send_again(key, content, now):
            raise Conflict("Somebody else was faster. Look at the list again.")
        await tx.audit.note(now, by, "delivery.sent_again", key)
        await ports.jobs.defer(tx, [deliver_job(found.channel, now)])


async def handle(ports: Ports, key: str, by: str) -> None:
    """Note that somebody told the person in another way.

    Raises:
        Missing: There is no such message.
        Conflict: It is still tried, or somebody else was faster.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        await _found(tx, key, now)
        if not await tx.undelivered.handle(key, by, now):
            raise Conflict("It is still being tried. Look at the list again.")
        await tx.audit.note(now, by, "delivery.handled", key)


def cannot_go(message: Undelivered, now: Instant) -> str:
    """Why a message cannot be sent any more; nothing when it can."""
    if message.deadline is not None and now >= message.deadline:
        return "Its time is over."
    if message.state is DeliveryState.SKIPPED:
        return (
            "It was never meant for an address. Once there is one, publish the week again."
        )
    if message.channel is Channel.PHONE:
        return "A call is not placed again: the ladder climbs on, to people."
    if message.channel is Channel.MAIL and not message.email:
        return "There is no mail address on file."
    return ""


async def _where_to(ports: Ports, tx: Transaction, found: Undelivered) -> dict[str, str]:
    """Where a message goes now; what passed the gate before passes it once more."""
    way, now = _WAYS.get(found.channel), ports.clock.now()
    person = None
    gated = found.kind.is_news or found.kind.is_reminder or found.kind is DeliveryKind.NUDGE
    if found.participant_id and gated:
        person = await tx.contacts.of(found.participant_id, now)
    if way is None or person is None:
        is_mail = found.channel is Channel.MAIL and bool(found.email)
        return {"address": found.email} if is_mail else {}
    policy = ports.house.contact_policy((await tx.programme.policy()).quiet_hours)
    answer = may_reach(person.reachable, way, policy, now)
    if not isinstance(answer, Reach):
        raise Conflict(f"They may not be reached this way: {answer.replace('_', ' ')}.")
    return {"address" if way is Way.MAIL else "phone": answer.to}


async def _open(tx: Transaction, now: Instant) -> Sequence[Undelivered]:
    return await tx.undelivered.listed(later(now, -_LATE_FOR), _TRIES, SHOWN)


async def _found(tx: Transaction, key: str, now: Instant) -> Undelivered:
    for each in await _open(tx, now):
        if each.key == key:
            return each
    raise Missing("This message is not on the list. Somebody else may have settled it.")

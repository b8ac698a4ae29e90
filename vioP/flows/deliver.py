"""Deliver: send what is due on a channel. Claim with the guard, act, settle."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from vioP.domain.delivery import Channel, DeliveryState, Surroundings, guard
from vioP.domain.message import Text
from vioP.domain.time import Instant, later
from vioP.flows.hand_over import Round, give_back, hand_over, set_aside
from vioP.flows.jobs import deliver_job
from vioP.flows.write_message import write_letter, write_text
from vioP.mail.compose import Letter
from vioP.mail.server import LONGEST_SEND
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.deliveries import ClaimedDelivery

LEASE = 2 * LONGEST_SEND  # with less time left than one send, the next holder sends it
_BATCH = 100
_PART = 10  # so many are written in one go, off the event loop
_TEXTS_AT_ONCE = 4


async def deliver(ports: Ports, channel: Channel) -> int:
    """Send a batch of what is due on a channel, and queue the next batch.

    The guard is asked in the claiming transaction, so nobody who has just joined is nudged,
    and a message that was overtaken is dropped. A process that dies while sending leaves its
    claims to their lease; they are then sent again, unchanged, which every channel takes for
    the same message.

    Returns:
        How many were claimed.

    Raises:
        ExceptionGroup: Some met a fault of ours; they and all others are taken care of.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        claims = await _claim(tx, channel, now)
    going = Round(ports, later(now, LEASE - LONGEST_SEND))
    try:
        if channel is not Channel.CALL_LIST:
            await _send(going, channel, claims)
    finally:
        # Also after a fault: whatever else waits must not wait for it.
        async with ports.store.write() as tx:
            await _note_outage(tx, channel, going)
            due = await tx.deliveries.next_due(channel)
            if due is not None:
                await ports.jobs.defer(tx, [deliver_job(channel, max(due, now))])
    if going.surprises:
        raise ExceptionGroup("some deliveries failed", going.surprises)
    return len(claims)


async def _claim(
    tx: Transaction, channel: Channel, now: Instant
) -> Sequence[ClaimedDelivery]:
    """Claim, and drop at once what must not be sent.

    The call list is in the house: putting something on it needs no act outside, so it is
    claimed, listed and settled here, all in one transaction.
    """
    until = later(now, LEASE)
    claims = await tx.deliveries.claim(channel, now, until=until, at_most=_BATCH)
    around = await tx.deliveries.around(channel, until) if claims else {}
    sendable = []
    for claim in claims:
        facts = around.get(claim.delivery.key, Surroundings())
        reason = guard(claim.delivery, facts, now)
        if reason is not None:
            await tx.deliveries.settle(claim, DeliveryState.SKIPPED, now, reason=reason)
            continue
        if channel is Channel.CALL_LIST:
            await tx.attempts.begin(claim.delivery, now)
            await tx.deliveries.settle(claim, DeliveryState.SENT, now)
        sendable.append(claim)
    return sendable


async def _send(going: Round, channel: Channel, claims: Sequence[ClaimedDelivery]) -> None:
    """Write messages a few at a time, and hand them over side by side as they are written.

    How many are under way to the far end at once is the mail adapter's to know. Of one
    seat's messages a claim holds one only, so side by side changes no order.
    """
    room = asyncio.Semaphore(_BATCH if channel is Channel.MAIL else _TEXTS_AT_ONCE)
    async with asyncio.TaskGroup() as group:
        for first in range(0, len(claims), _PART):
            part = claims[first : first + _PART]
            messages = await _written(going.ports, channel, part)
            for claim, message in zip(part, messages, strict=True):
                group.create_task(_one(going, room, claim, message))


async def _one(
    going: Round,
    room: asyncio.Semaphore,
    claim: ClaimedDelivery,
    message: Letter | Text | BaseException,
) -> None:
    async with room:
        if isinstance(message, BaseException):
            await set_aside(going, claim, message)
        elif going.ports.clock.now() >= going.until:
            await give_back(going.ports, claim, timedelta())
        else:
            await hand_over(going, claim, message)


async def _written(
    ports: Ports, channel: Channel, claims: Sequence[ClaimedDelivery]
) -> Sequence[Letter | Text | BaseException]:
    """The messages of some claims; for one that cannot be written, why."""

    def write(claim: ClaimedDelivery) -> Letter | Text:
        if channel is Channel.MAIL:
            return write_letter(ports, claim.delivery)
        return write_text(ports, claim.delivery)

    def write_all() -> Sequence[Letter | Text]:
        return [write(each) for each in claims]

    [written] = await asyncio.gather(asyncio.to_thread(write_all), return_exceptions=True)
    if not isinstance(written, BaseException):
        return written
    return await asyncio.gather(
        *(asyncio.to_thread(write, each) for each in claims), return_exceptions=True
    )


async def _note_outage(tx: Transaction, channel: Channel, going: Round) -> None:
    if going.trouble is not None:
        reason, next_try = going.trouble
        await tx.outages.note(channel, reason, going.ports.clock.now(), next_try)
    elif going.went_well:
        await tx.outages.end(channel)

"""Deliver: send what is due on a channel. Claim with the guard, act, settle."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog

from vioP.domain.delivery import (
    AT_MOST_TRIES,
    Channel,
    DeliveryState,
    Surroundings,
    guard,
    retry_at,
)
from vioP.domain.errors import Invalid, Unavailable
from vioP.domain.time import Instant, later
from vioP.flows.jobs import deliver_job
from vioP.flows.write_message import write_letter, write_text
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.deliveries import ClaimedDelivery

log = structlog.get_logger()

LEASE = timedelta(seconds=90)
# No adapter takes longer over one message; with less time left, the next holder sends it.
_LONGEST_SEND = timedelta(seconds=45)
_BATCH = 20


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
    try:
        if channel is not Channel.CALL_LIST:
            await _send(ports, channel, claims, later(now, LEASE - _LONGEST_SEND))
    finally:
        # Also after a fault: whatever else waits must not wait for it.
        async with ports.store.write() as tx:
            due = await tx.deliveries.next_due(channel)
            if due is not None:
                await ports.jobs.defer(tx, [deliver_job(channel, max(due, now))])
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


async def _send(
    ports: Ports, channel: Channel, claims: Sequence[ClaimedDelivery], until: Instant
) -> None:
    """Send one message after the other, as long as the claims surely hold.

    Raises:
        ExceptionGroup: Some could not be written or sent for a reason nobody foresaw. They
            were put back or given up, and the others were sent.
    """
    surprises: list[Exception] = []
    for number, claim in enumerate(claims):
        if ports.clock.now() >= until:
            await _hand_back(ports, claims[number:])
            break
        [surprise] = await asyncio.gather(
            _act_and_settle(ports, channel, claim), return_exceptions=True
        )
        if isinstance(surprise, Exception):
            surprises.append(surprise)
            await _set_aside(ports, claim)
        elif isinstance(surprise, BaseException):
            raise surprise
    if surprises:
        raise ExceptionGroup("some deliveries failed", surprises)


async def _act_and_settle(ports: Ports, channel: Channel, claim: ClaimedDelivery) -> None:
    """Send one message and write down how it went."""
    try:
        reference = await _act(ports, channel, claim)
    except Unavailable as error:
        await _put_back(ports, claim, error)
    except Invalid as error:
        log.warning("delivery.refused", key=claim.delivery.key, code=error.code)
        await _settle(ports, claim, DeliveryState.DEAD, reason=error.code)
    else:
        await _settle(ports, claim, DeliveryState.SENT, reference=reference)


async def _hand_back(ports: Ports, claims: Sequence[ClaimedDelivery]) -> None:
    """Give up claims that are running out; these messages were not begun."""
    async with ports.store.write() as tx:
        for claim in claims:
            await tx.deliveries.retry(claim, claim.delivery.due, None)


async def _act(ports: Ports, channel: Channel, claim: ClaimedDelivery) -> str:
    if channel is Channel.MAIL:
        return await ports.mail.send(write_letter(ports, claim.delivery))
    return await ports.texts.send(write_text(ports, claim.delivery))


async def _settle(
    ports: Ports,
    claim: ClaimedDelivery,
    state: DeliveryState,
    *,
    reason: str | None = None,
    reference: str | None = None,
) -> None:
    async with ports.store.write() as tx:
        await tx.deliveries.settle(
            claim, state, ports.clock.now(), reason=reason, provider_ref=reference
        )


async def _put_back(ports: Ports, claim: ClaimedDelivery, error: Unavailable) -> None:
    """Try again later. A deadline ends this; an outage alone never does."""
    log.warning("delivery.put_back", key=claim.delivery.key, code=error.code)
    now = ports.clock.now()
    due = retry_at(claim.attempts, claim.delivery.deadline, now)
    async with ports.store.write() as tx:
        await tx.deliveries.retry(claim, due, error.code)


async def _set_aside(ports: Ports, claim: ClaimedDelivery) -> None:
    """Try a message again that met a fault of ours, and give it up when that never helps."""
    if claim.attempts >= AT_MOST_TRIES:
        log.error("delivery.given_up", key=claim.delivery.key)
        await _settle(ports, claim, DeliveryState.DEAD, reason="fault")
        return
    now = ports.clock.now()
    due = retry_at(claim.attempts, claim.delivery.deadline, now)
    async with ports.store.write() as tx:
        await tx.deliveries.retry(claim, due, "fault")

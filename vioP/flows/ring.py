"""Ring: place the calls that are due. Claim with the guard, look up, call, settle.

A call cannot be taken back, so a claim that may have been acted on before is looked up at
the far end first: for one step of a ladder a phone rings once, whatever is killed meanwhile.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from vioP.domain.call import CallState, PhoneCall, prompt
from vioP.domain.delivery import (
    AT_MOST_TRIES,
    Channel,
    DeliveryKind,
    DeliveryState,
    SkipReason,
    Surroundings,
    guard,
    require_content,
    retry_at,
)
from vioP.domain.errors import Invalid, NoTelephone, Unavailable
from vioP.domain.time import Instant, later
from vioP.flows.call_host import bring_host
from vioP.flows.hear_call import end_if_unneeded
from vioP.flows.jobs import deliver_job
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.deliveries import ClaimedDelivery

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
_BATCH = 100
_AT_ONCE = 20
_WAIT_FOR_THE_OTHER = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class _Due:
    """A call that is ours to place, unless something speaks against it."""

    claim: ClaimedDelivery
    against: SkipReason | None


async def ring(ports: Ports) -> int:
    """Place a batch of the calls that are due, and queue the next batch.

    Returns:
        How many were claimed.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        due = await _claim(tx, now)
    room = asyncio.Semaphore(_AT_ONCE)
    try:
        async with asyncio.TaskGroup() as group:
            for each in due:
                group.create_task(_one(ports, room, each))
    finally:
        async with ports.store.write() as tx:
            next_due = await tx.deliveries.next_due(Channel.PHONE)
            if next_due is not None:
                await ports.jobs.defer(tx, [deliver_job(Channel.PHONE, max(next_due, now))])
    return len(due)


async def _claim(tx: Transaction, now: Instant) -> Sequence[_Due]:
    """Claim; what was never begun and must not be is dropped at once."""
    until = later(now, LEASE)
    claims = await tx.deliveries.claim(Channel.PHONE, now, until=until, at_most=_BATCH)
    around = await tx.deliveries.around(Channel.PHONE, until) if claims else {}
    found = []
    for claim in claims:
        facts = around.get(claim.delivery.key, Surroundings())
        against = guard(claim.delivery, facts, now)
        if await tx.calls.find(claim.delivery.key) is None:  # surely never begun
            if against is not None:
                await tx.deliveries.settle(
                    claim, DeliveryState.SKIPPED, now, reason=against
                )
                await _bring_host(tx, claim, now)
                continue
            if await _is_engaged(tx, claim):
                due = later(now, _WAIT_FOR_THE_OTHER)
                await tx.deliveries.retry(claim, due, "engaged")
                continue
            await tx.attempts.begin(claim.delivery, now)
        found.append(_Due(claim, against))
    return found


async def _is_engaged(tx: Transaction, claim: ClaimedDelivery) -> bool:
    """Whether their phone rings already: nobody is called twice at once."""
    if claim.delivery.seat_id is None:
        return False
    return await tx.calls.is_under_way(claim.delivery.key, claim.delivery.seat_id)


async def _one(ports: Ports, room: asyncio.Semaphore, due: _Due) -> None:
    async with room:
        claim = due.claim
        try:
            reference = await _placed(ports, due)
        except Unavailable as error:
            log.warning("call.put_back", key=claim.delivery.key, code=error.code)
            await _put_back(ports, claim, error.code)
        except Invalid as error:
            log.warning("call.refused", key=claim.delivery.key, code=error.code)
            await _settle(ports, claim, DeliveryState.DEAD, error.code)
        else:
            await _settle_placed(ports, due, reference)


async def _placed(ports: Ports, due: _Due) -> str | None:
    """What the far end calls the call, or nothing when it never rang and shall not.

    Raises:
        NoTelephone: It was taken out of the settings since.
        ContentLost: Whom to call cannot be read any more.
    """
    telephone = ports.telephone
    if telephone is None:
        raise NoTelephone
    delivery = due.claim.delivery
    if due.claim.attempts > 1:
        found = await telephone.find(delivery.key)
        if found is not None or due.against is not None:
            return found
    require_content(delivery)
    words = delivery.content.get("prompt") or prompt(ports.house.sender.name)
    language = delivery.content.get("language", "en")
    call = PhoneCall(delivery.key, delivery.content["phone"], words, language)
    return await telephone.place(call)


async def _settle_placed(ports: Ports, due: _Due, reference: str | None) -> None:
    if reference is None:
        await _settle(ports, due.claim, DeliveryState.SKIPPED, str(due.against))
        return
    delivery = due.claim.delivery
    now = ports.clock.now()
    async with ports.store.write() as tx:
        await tx.deliveries.settle(
            due.claim, DeliveryState.SENT, now, provider_ref=reference
        )
        await tx.calls.placed(delivery.key, reference)
        await end_if_unneeded(ports, tx, delivery.key)  # they may have joined meanwhile


async def _settle(
    ports: Ports, claim: ClaimedDelivery, state: DeliveryState, reason: str
) -> None:
    """Write down that it never rang; the ladder climbs on."""
    now = ports.clock.now()
    async with ports.store.write() as tx:
        await tx.deliveries.settle(claim, state, now, reason=reason)
        await tx.attempts.settle(claim.delivery.key, CallState.FAILED, now, "viop")
        await _bring_host(tx, claim, now)


async def _bring_host(tx: Transaction, claim: ClaimedDelivery, now: Instant) -> None:
    """Somebody holds the line for a host whose phone does not ring: a person fetches them."""
    delivery = claim.delivery
    if delivery.kind is DeliveryKind.BRIDGE and delivery.session_id is not None:
        await bring_host(tx, delivery.session_id, delivery.key, now)


async def _put_back(ports: Ports, claim: ClaimedDelivery, reason: str) -> None:
    """Try again, the look-up first. A call that is too late by then is dropped."""
    if claim.attempts >= AT_MOST_TRIES:
        await _settle(ports, claim, DeliveryState.DEAD, reason)
        return
    now = ports.clock.now()
    due = retry_at(claim.attempts, claim.delivery.deadline, now)
    async with ports.store.write() as tx:
        await tx.deliveries.retry(claim, due, reason)
        await _bring_host(tx, claim, now)

"""Hear a telephone company: keep what it says, heed it, and answer.

It is kept before it is answered. What cannot be heeded now, because the database was busy
or a text is only just being handed over, is heeded a little later by a job.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import assert_never

import structlog

from vioP.domain.attendance import Evidence, Fact, Leg
from vioP.domain.call import CallState
from vioP.domain.carrier import (
    CallWent,
    Forward,
    Noted,
    PickedUp,
    Pressed,
    Reply,
    Say,
    SomebodyCalls,
    TextCame,
    TextWent,
    Told,
    WriteBack,
)
from vioP.domain.delivery import AT_MOST_TRIES, DeliveryKind
from vioP.domain.errors import Missing, Unavailable
from vioP.domain.ids import SeatId
from vioP.domain.time import later
from vioP.flows.answer_call import answer_call, ours, take_key
from vioP.flows.call_host import bring_host
from vioP.flows.hear_call import hear_call
from vioP.flows.jobs import hear_carrier_job, watch_job
from vioP.flows.take_text import take_text
from vioP.meeting import CarrierHooks
from vioP.ports import Ports
from vioP.storage.calls import CallRow
from vioP.storage.carrier_inbox import CarrierEvent

log = structlog.get_logger()

_AGAIN_IN = timedelta(seconds=5)


async def hear_carrier(
    ports: Ports, provider: str, target: str, headers: Mapping[str, str], raw: bytes
) -> str:
    """Take a telephone company's message; when this returns, it is kept.

    Returns:
        The answer, in the company's own words.

    Raises:
        Missing: This house has no such company, or it says nothing at this address.
        NotFromCarrier: The message is not proven to come from it. Nothing was kept.
    """
    carrier = _known(ports, provider)
    carrier.verify(target, headers, raw)
    told = carrier.read(target, raw)
    event = CarrierEvent(provider, told.id, target, raw.decode("latin-1"))
    async with ports.store.write() as tx:
        is_news = await tx.carrier_inbox.keep(event, ports.clock.now())
    if not is_news and isinstance(told, CallWent | TextWent):
        return carrier.written(Noted())
    try:
        reply = await _heed(ports, told)
    except Unavailable:
        await _later(ports)
        return carrier.written(Noted())
    await _done(ports, event)
    return carrier.written(reply)


async def hear_again(ports: Ports) -> int:
    """Heed what could not be heeded when it was told.

    Returns:
        How much was.
    """
    now = ports.clock.now()
    async with ports.store.read() as tx:
        waiting = await tx.carrier_inbox.waiting(later(now, -_AGAIN_IN), AT_MOST_TRIES)
    heeded = 0
    for event in waiting:
        async with ports.store.write() as tx:
            await tx.carrier_inbox.tried(event)
        try:
            await _heed(ports, _known(ports, event.provider).read(event.target, event.raw))
        except Unavailable as error:
            log.warning("carrier.waits", key=event.event_id, code=error.code)
            await _later(ports)
            continue
        await _done(ports, event)
        heeded += 1
    return heeded


def _known(ports: Ports, provider: str) -> CarrierHooks:
    if ports.carrier is None or ports.carrier.name != provider:
        raise Missing
    return ports.carrier


async def _heed(ports: Ports, told: Told) -> Reply:
    try:
        return await _reply(ports, told)
    except Missing:
        # A call or text of another installation, or of a database before its backup.
        log.warning("carrier.unknown", key=told.id)
        return Say() if isinstance(told, PickedUp | Pressed) else Noted()


async def _reply(ports: Ports, told: Told) -> Reply:
    match told:
        case PickedUp():
            return await answer_call(ports, told)
        case Pressed():
            return await take_key(ports, told)
        case CallWent():
            await _call_went(ports, told)
            return Noted()
        case TextCame():
            heard = await take_text(ports, told.id, told.number, told.body)
            return WriteBack("" if told.is_answered else heard.answer)
        case TextWent():
            await _text_went(ports, told)
            return Noted()
        case SomebodyCalls():
            return _to_the_office(ports)
        case _:
            assert_never(told)


async def _call_went(ports: Ports, told: CallWent) -> None:
    """Note how far a call got. One that rings beside ours, or for nobody, is ended."""
    call = await ours(ports, told.key, told.reference)
    rings_on = not told.is_over and ports.telephone is not None
    if call is None:
        if rings_on and ports.telephone is not None:
            await ports.telephone.end(told.reference, "")
        return
    if told.is_over and call.state is CallState.BRIDGED:
        await _hung_up(ports, call)
        return
    if told.state is not None:
        await hear_call(ports, told.key, told.state)
    if told.is_over and call.rung == DeliveryKind.BRIDGE and call.session_id is not None:
        async with ports.store.write() as tx:
            await bring_host(tx, call.session_id, call.id, ports.clock.now())


async def _hung_up(ports: Ports, call: CallRow) -> None:
    """Somebody who took part by phone is on it no more; their ladder may have to climb."""
    now = ports.clock.now()
    async with ports.store.write() as tx:
        if call.rung == DeliveryKind.BRIDGE:
            await tx.calls.note(call.id, CallState.CANCELLED)
        elif call.seat_id is not None and call.session_id is not None:
            left = Evidence(Fact.LEFT, now, "phone", Leg.PHONE)
            await tx.live.witness(
                SeatId(call.seat_id), left, recorded_at=now, key=f"left:{call.id}"
            )
            await ports.jobs.defer(tx, [watch_job(call.session_id, now)])


async def _text_went(ports: Ports, told: TextWent) -> None:
    """A text that did not arrive is shown with what else did not.

    Raises:
        Unavailable: It is only just being handed over; hear this again.
    """
    if not told.trouble:
        return
    now = ports.clock.now()
    async with ports.store.write() as tx:
        if await tx.sent.text_lost(told.key, told.reference, told.trouble, now):
            log.warning("text.lost", key=told.key, code=told.trouble)
        elif await tx.sent.text_leaves(told.key, told.reference):
            raise Unavailable("This text is only just being handed over.")


def _to_the_office(ports: Ports) -> Reply:
    """Whoever calls back the number that called them gets through to people."""
    sender = ports.house.sender
    number = "".join(each for each in sender.phone if each in "+0123456789")
    return Forward(number, f"This is {sender.name}. We put you through.")


async def _later(ports: Ports) -> None:
    due = later(ports.clock.now(), _AGAIN_IN * 2)
    async with ports.store.write() as tx:
        await ports.jobs.defer(tx, [hear_carrier_job(due)])


async def _done(ports: Ports, event: CarrierEvent) -> None:
    async with ports.store.write() as tx:
        await tx.carrier_inbox.done(event, ports.clock.now())

"""Hand over: give one message to the far end, and write down how that went."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from vioP.domain.delivery import AT_MOST_TRIES, DeliveryState, rest, retry_at
from vioP.domain.errors import DatabaseBusy, Invalid, Unavailable
from vioP.domain.message import Text
from vioP.domain.time import Instant
from vioP.mail.compose import Letter
from vioP.mail.errors import AskedToWait, NotAllowed, NotBegun
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.deliveries import ClaimedDelivery

log = structlog.get_logger()

_PAUSE = timedelta(seconds=1)
_TRIES = 30


@dataclass(slots=True)
class Round:
    """One batch on its way, and what is learnt meanwhile.

    Attributes:
        until: From then on nothing is begun; the claims may run out before it ends.
        surprises: What nobody foresaw.
        trouble: The newest trouble of the channel as a whole and when it is tried again;
            nothing when what came after it went well.
        went_well: Whether the far end answered as it should.
    """

    ports: Ports
    until: Instant
    surprises: list[Exception] = field(default_factory=list)
    trouble: tuple[str, Instant] | None = None
    went_well: bool = False


async def hand_over(going: Round, claim: ClaimedDelivery, message: Letter | Text) -> None:
    """Give a message away and settle its delivery, whatever comes of it."""
    [outcome] = await asyncio.gather(
        _act(going.ports, claim, message), return_exceptions=True
    )
    match outcome:
        case None:
            _went_well(going)
        case NotBegun():
            await give_back(going.ports, claim, outcome.wait, outcome.code)
        case Unavailable():
            await _put_back(going, claim, outcome)
        case Invalid():
            _went_well(going)
            await _give_up(going.ports, claim, outcome)
        case BaseException():
            await set_aside(going, claim, outcome)


async def give_back(
    ports: Ports, claim: ClaimedDelivery, wait: timedelta, reason: str | None = None
) -> None:
    """Give up the claim of a message that was not begun; this was no try."""
    now = ports.clock.now()
    due = rest(wait, claim.delivery.deadline, now) if wait else claim.delivery.due
    await _write_down(ports, lambda tx: tx.deliveries.give_back(claim, due, reason))


async def set_aside(going: Round, claim: ClaimedDelivery, fault: BaseException) -> None:
    """Try a message again that met a fault of ours, and give it up when that never helps.

    One that cannot be written because of what it says is given up at once.

    Raises:
        BaseException: What must end this task was no fault.
    """
    if isinstance(fault, Invalid):
        await _give_up(going.ports, claim, fault)
        return
    if not isinstance(fault, Exception):
        raise fault
    going.surprises.append(fault)
    if claim.attempts >= AT_MOST_TRIES:
        log.error("delivery.given_up", key=claim.delivery.key)
        await _settle(going.ports, claim, DeliveryState.DEAD, reason="fault")
        return
    await _try_again(going.ports, claim, "fault")


async def _act(ports: Ports, claim: ClaimedDelivery, message: Letter | Text) -> None:
    async def taken(reference: str) -> None:
        await _settle(ports, claim, DeliveryState.SENT, reference=reference)

    if isinstance(message, Letter):
        await ports.mail.send(message, taken)
    else:
        await taken(await ports.texts.send(message))


def _went_well(going: Round) -> None:
    going.went_well, going.trouble = True, None


async def _put_back(going: Round, claim: ClaimedDelivery, error: Unavailable) -> None:
    """Try again later. A deadline ends this; an outage alone never does."""
    log.warning("delivery.put_back", key=claim.delivery.key, code=error.code)
    due = await _try_again(going.ports, claim, error.code)
    if isinstance(error, AskedToWait | NotAllowed):
        _went_well(going)  # with the channel; it is this message that has to wait
    else:
        going.trouble = (error.code, due)


async def _give_up(ports: Ports, claim: ClaimedDelivery, refusal: Invalid) -> None:
    log.warning("delivery.refused", key=claim.delivery.key, code=refusal.code)
    await _settle(ports, claim, DeliveryState.DEAD, reason=refusal.code)


async def _try_again(ports: Ports, claim: ClaimedDelivery, reason: str) -> Instant:
    due = retry_at(claim.attempts, claim.delivery.deadline, ports.clock.now())
    await _write_down(ports, lambda tx: tx.deliveries.retry(claim, due, reason))
    return due


async def _settle(
    ports: Ports,
    claim: ClaimedDelivery,
    state: DeliveryState,
    *,
    reason: str | None = None,
    reference: str | None = None,
) -> None:
    now = ports.clock.now()
    await _write_down(
        ports,
        lambda tx: tx.deliveries.settle(
            claim, state, now, reason=reason, provider_ref=reference
        ),
    )


async def _write_down(
    ports: Ports, how_it_went: Callable[[Transaction], Awaitable[None]]
) -> None:
    """Write down how it went, again every second while the database is away.

    What left and is never written down leaves once more when its lease ends, and what did
    not leave waits for that.

    Raises:
        DatabaseBusy: It stayed away too long.
    """
    for _ in range(_TRIES):
        try:
            async with ports.store.write() as tx:
                return await how_it_went(tx)
        except DatabaseBusy:
            await asyncio.sleep(_PAUSE.total_seconds())
    raise DatabaseBusy

"""Answer a call of ours that was picked up: what is said, and what a key leads to."""

import structlog

from vioP.domain import call as words
from vioP.domain.call import CallState
from vioP.domain.carrier import Ask, Connect, PickedUp, Pressed, Reply, Say
from vioP.domain.delivery import DeliveryKind
from vioP.domain.errors import Missing
from vioP.domain.ids import SessionId
from vioP.domain.keyword import Wish
from vioP.domain.phone_check import HEARD, THANKS, TRIES, is_check
from vioP.flows.call_host import bring_host, call_host
from vioP.flows.hear_call import hear_call, hear_key
from vioP.ports import Ports
from vioP.storage.calls import CallRow

log = structlog.get_logger()

_TURNS = 2


async def answer_call(ports: Ports, told: PickedUp) -> Reply:
    """What is said to whoever picked up: neutral words, and nothing at all to a mailbox.

    Whoever has joined meanwhile hears that they are connected already.

    Raises:
        Missing: There is no call of this key.
    """
    call = await ours(ports, told.key, told.reference)
    if call is None or _is_for_nobody(call):
        return _not_needed(call)
    if told.is_machine:
        await hear_call(ports, told.key, CallState.MAILBOX)
        return Say()
    await hear_call(ports, told.key, CallState.ANSWERED)
    return Ask(told.key, await _prompt(ports, call), 1)


async def take_key(ports: Ports, told: Pressed) -> Reply:
    """Heed a key, and say what it has led to; without one, ask once more.

    Raises:
        Missing: There is no call of this key.
    """
    call = await ours(ports, told.key, told.reference)
    if call is not None and is_check(told.key):
        return await _check_key(ports, told)
    if call is None or _is_for_nobody(call):
        return _not_needed(call)
    wish = await hear_key(ports, told.key, told.pressed) if told.pressed else Wish.UNCLEAR
    if wish is Wish.UNCLEAR:
        return await _ask_again(ports, call, told, _TURNS)
    if call.rung == DeliveryKind.DRILL:
        return Say(words.DRILL_WORKS)
    if wish is Wish.JOIN_BY_PHONE and call.session_id is not None:
        return await _connect(ports, call, call.session_id)
    if call.rung == DeliveryKind.BRIDGE:
        await _host_is_not_coming(ports, call)
    return Say(words.goodbye(wish, ports.house.minutes_alone))


async def ours(ports: Ports, key: str, reference: str) -> CallRow | None:
    """The call a carrier speaks of; nothing when it rings beside the one we know.

    The first to tell what the call is called is believed, whether that is the answer to our
    order or the call itself: it may ring before the order is answered.

    Raises:
        Missing: There is no call of this key.
    """
    async with ports.store.write() as tx:
        call = await tx.calls.find(key)
        if call is None:
            raise Missing("There is no call of this key.")
        if call.reference is None:
            await tx.calls.placed(key, reference)
    if call.reference in {None, reference}:
        return call
    log.error("call.twice", key=key)
    return None


def _is_for_nobody(call: CallRow) -> bool:
    """Whether whoever is called has joined, or is not looked for any more."""
    return call.state is CallState.CANCELLED or call.outcome == "joined"


def _not_needed(call: CallRow | None) -> Say:
    """What is said on such a call; on one that rings beside ours, nothing."""
    if call is None:
        return Say()
    return Say(words.ALREADY_HERE if call.outcome == "joined" else words.NOT_NEEDED)


async def _ask_again(ports: Ports, call: CallRow, told: Pressed, turns: int) -> Reply:
    if told.turn < turns:
        return Ask(told.key, await _prompt(ports, call), told.turn + 1)
    await hear_call(ports, told.key, CallState.NO_KEY)
    return Say()


async def _connect(ports: Ports, call: CallRow, session_id: SessionId) -> Reply:
    """Connect with whoever takes part by phone, and fetch the host if they are not there."""
    if call.state.is_over and call.state is not CallState.BRIDGED:  # they hung up
        return _not_needed(call)
    room = ports.secrets.phone_room(session_id)
    if call.rung == DeliveryKind.BRIDGE:
        return Connect(room, "", is_host=True)
    async with ports.store.write() as tx:
        await call_host(ports, tx, session_id)
    return Connect(room, words.BE_CONNECTED)


async def _host_is_not_coming(ports: Ports, call: CallRow) -> None:
    if call.session_id is not None:
        async with ports.store.write() as tx:
            await bring_host(tx, call.session_id, call.id, ports.clock.now())


async def _prompt(ports: Ports, call: CallRow) -> str:
    async with ports.store.read() as tx:
        begun = await tx.sent.call(call.id)
    own = begun.prompt if begun else ""
    return own or words.prompt(ports.house.sender.name)


async def _check_key(ports: Ports, told: Pressed) -> Reply:
    """A key in a call that tests a phone: it is over once the key means something."""
    wish = await hear_key(ports, told.key, told.pressed) if told.pressed else Wish.UNCLEAR
    async with ports.store.read() as tx:
        call = await tx.calls.find(told.key)
    if call is None or call.outcome == HEARD:
        return Say(THANKS)
    if call.state.is_over:
        return Say(words.goodbye(wish, ports.house.minutes_alone))
    return await _ask_again(ports, call, told, TRIES if told.pressed else _TURNS)

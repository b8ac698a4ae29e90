"""Hear how a call goes: it rings, somebody answers, presses a key, or does not.

What the far end tells comes in any order, and more than once; a call that is over stays so.
"""

from vioP.domain.approach import will_send_human
from vioP.domain.attendance import Evidence, Fact
from vioP.domain.call import CallState
from vioP.domain.contact import called_number
from vioP.domain.contact_facts import Way
from vioP.domain.errors import Missing
from vioP.domain.ids import SeatId, SessionId
from vioP.domain.keyword import Wish, wish_of_key
from vioP.domain.live import LiveSeat, LiveSession
from vioP.domain.phone_check import is_check
from vioP.domain.time import Instant
from vioP.flows.check_phone import hear_check
from vioP.flows.end_calls import call_off
from vioP.flows.heed import Asked, heed
from vioP.flows.jobs import watch_job
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.calls import CallRow

_ORDER = (CallState.PLACED, CallState.RINGING, CallState.ANSWERED)
_OUTCOMES = {
    Wish.JOIN_BY_PHONE: "on_the_phone",
    Wish.NOT_COMING: "reached_not_coming",
    Wish.WRONG_NUMBER: "wrong_number",
    Wish.LATER: "not_safe",
    Wish.STOP: "opted_out",
    Wish.HUMAN: "wants_human",
}
_EVIDENCE = {
    Wish.JOIN_BY_PHONE: Fact.PHONE_BRIDGED,
    Wish.NOT_COMING: Fact.MARKED_EXCUSED,
}
_BY = "phone"
_NO_REPORT = "no_report"  # it was given up, and rings after all


async def hear_call(ports: Ports, key: str, state: CallState) -> None:
    """Note how far a call got.

    Raises:
        Missing: There is no call of this key.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        call = await _call(tx, key)
        if call.state.is_over or not _is_news(call.state, state):
            return
        await tx.calls.note(key, state)
        if state.is_over:
            await tx.attempts.settle(key, state.value, now, _BY)
            await _look_again(ports, tx, call, now)
        else:
            await end_if_unneeded(ports, tx, key)


async def end_if_unneeded(ports: Ports, tx: Transaction, key: str) -> None:
    """Have a call ended at once whose person arrived, or was let go, before it rang."""
    call = await _call(tx, key)
    needed = call.outcome in {None, _NO_REPORT} or call.state is CallState.BRIDGED
    if not needed and call.seat_id is not None and call.session_id is not None:
        await call_off(ports, tx, call.session_id, SeatId(call.seat_id))


async def hear_key(ports: Ports, key: str, pressed: str) -> Wish:
    """Heed a key that was pressed during a call; a key that means nothing changes nothing.

    Whoever presses a key and hangs up may be heard to hang up first: what they asked for
    holds. Only joining does not, because nobody is on the line any more.

    Returns:
        What it asks for; the far end does it, or says goodbye.

    Raises:
        Missing: There is no call of this key.
    """
    if is_check(key):
        return await hear_check(ports, key, pressed)
    now = ports.clock.now()
    wish = wish_of_key(pressed)
    async with ports.store.write() as tx:
        call = await _call(tx, key)
        bridged = wish is Wish.JOIN_BY_PHONE
        hung_up = call.state is CallState.NO_KEY and not bridged
        if (call.state.is_over and not hung_up) or wish not in _OUTCOMES:
            return wish
        if not hung_up:
            state = CallState.BRIDGED if bridged else CallState.ANSWERED
            await tx.calls.note(key, state)
        await tx.attempts.settle(key, _OUTCOMES[wish], now, _BY)
        if call.seat_id is not None and call.session_id is not None:
            await _heed(ports, tx, (call.id, call.session_id, SeatId(call.seat_id)), wish)
        await _look_again(ports, tx, call, now)
    return wish


async def hear_joining(ports: Ports, key: str) -> CallRow:
    """Somebody has pressed the key that joins by phone, and is about to be connected.

    That they are in the room is noted by whoever connects them, once they are.

    Returns:
        The call as it stood before. One that is over must not be connected.

    Raises:
        Missing: There is no call of this key.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        call = await _call(tx, key)
        if not call.state.is_over:
            await tx.calls.note(key, CallState.BRIDGED)
            await tx.attempts.settle(key, _OUTCOMES[Wish.JOIN_BY_PHONE], now, _BY)
            await _look_again(ports, tx, call, now)
    return call


async def hear_unconnected(ports: Ports, key: str) -> None:
    """Somebody wanted to join by phone, and no room took them: a person looks for them now.

    Raises:
        Missing: There is no call of this key.
    """
    async with ports.store.write() as tx:
        call = await _call(tx, key)
        await tx.calls.note(key, CallState.FAILED)
        if call.seat_id is not None and call.session_id is not None:
            about = call.id, call.session_id, SeatId(call.seat_id)
            await _heed(ports, tx, about, Wish.HUMAN)
        await _look_again(ports, tx, call, ports.clock.now())


async def _heed(
    ports: Ports, tx: Transaction, about: tuple[str, SessionId, SeatId], wish: Wish
) -> None:
    key, session_id, seat_id = about
    now = ports.clock.now()
    fact = _EVIDENCE.get(wish)
    if fact is not None:
        evidence = Evidence(fact, now, _BY)
        await tx.live.witness(seat_id, evidence, recorded_at=now, key=f"call:{key}")
        if wish is Wish.JOIN_BY_PHONE:
            await tx.attempts.settle_of_seat(seat_id, "joined", now, "viop")
        return
    session = await tx.live.session(session_id)
    seat = _seat(session, seat_id)
    known = await tx.contacts.of(seat.participant_id, now) if seat else None
    if session is None or seat is None or known is None:
        return
    begun = await tx.sent.call(key)  # of a minor it rang for whoever answers for them
    asked = Asked(
        key=f"call:{key}:{wish}",
        person=seat.participant_id,
        way=Way.MACHINE_CALL,
        number=begun.to if begun else called_number(known.reachable),
        at=now,
        source="keys",
        session_id=session_id,
        seat_id=seat_id,
        is_missing=will_send_human(ports.house.ladder, session, seat_id, now),
    )
    await heed(ports, tx, asked, wish)


def _seat(session: LiveSession | None, seat_id: SeatId) -> LiveSeat | None:
    seats = session.seats if session else ()
    return next((each for each in seats if each.id == seat_id), None)


async def _call(tx: Transaction, key: str) -> CallRow:
    call = await tx.calls.find(key)
    if call is None:
        raise Missing("There is no call of this key.")
    return call


async def _look_again(ports: Ports, tx: Transaction, call: CallRow, now: Instant) -> None:
    """The ladder is consulted at once: it may end this call, or climb on."""
    if call.session_id is not None:
        await ports.jobs.defer(tx, [watch_job(call.session_id, now)])


def _is_news(before: CallState, after: CallState) -> bool:
    return after.is_over or _ORDER.index(after) > _ORDER.index(before)

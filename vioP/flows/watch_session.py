"""Missed join: look at every seat of a running session and climb its ladder."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from vioP.domain.delivery import Channel, Delivery, DeliveryKind, DeliveryState, SkipReason
from vioP.domain.fallback import Breaker, Move, Rung, next_moves
from vioP.domain.ids import SessionId
from vioP.domain.live import LiveSeat, LiveSession, facts_of
from vioP.domain.time import later
from vioP.flows.jobs import deliver_job, watch_job
from vioP.ports import Ports


async def watch_session(
    ports: Ports, session_id: SessionId, *, room_is_silent: bool = False
) -> None:
    """Write down the steps that are due, and when to look again.

    Runs as a job, any number of times. One read, one decision, one write: the steps, the
    jobs that carry them out and the next look commit together or not at all.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        session = await tx.live.session(session_id)
        if session is None:
            return
        facts = replace(facts_of(session), room_is_silent=room_is_silent)
        decided = next_moves(ports.house.ladder, facts, now)
        seats = {seat.id: seat for seat in session.seats}
        deliveries = [
            delivery
            for move in decided.moves
            for delivery in _step(session, seats[move.seat.seat_id], move, ports)
        ]
        if decided.breaker is not None and decided.breaker not in session.told:
            deliveries.append(_alarm(session, decided.breaker, ports))
        await tx.deliveries.add(deliveries, now)
        channels = {each.channel for each in deliveries}
        jobs = [deliver_job(channel, now) for channel in sorted(channels)]
        if decided.look is not None:
            look = max(decided.look, later(now, timedelta(seconds=1)))
            jobs.append(watch_job(session_id, look))
        await ports.jobs.defer(tx, jobs)


def _step(
    session: LiveSession, seat: LiveSeat, move: Move, ports: Ports
) -> Iterator[Delivery]:
    """One rung as deliveries: a nudge leaves on every channel its person allows."""
    stale = ports.house.ladder.stale_after
    channels = _channels(seat, move.rung)
    for channel in channels or (Channel.MAIL,):
        state, reason = DeliveryState.PENDING, None
        if move.stale:
            state, reason = DeliveryState.SKIPPED, SkipReason.STALE
        elif not channels:
            state, reason = DeliveryState.SKIPPED, SkipReason.NO_ADDRESS
        yield Delivery(
            key=f"{move.rung}:{seat.id}:{seat.episode}:{channel}",
            kind=DeliveryKind(move.rung),
            channel=channel,
            due=move.due,
            deadline=None if move.rung.is_human else later(move.due, stale),
            session_id=session.id,
            seat_id=seat.id,
            revision=seat.episode,
            content={
                "name": seat.name,
                "address": seat.contact.email,
                "phone": seat.contact.phone,
                "starts": session.starts.isoformat(),
                "ends": session.ends.isoformat(),
                "zone": seat.zone,
            },
            state=state,
            reason=reason,
        )


def _channels(seat: LiveSeat, rung: Rung) -> tuple[Channel, ...]:
    if rung is not Rung.NUDGE:
        return (Channel.CALL_LIST,)
    contact = seat.contact
    mail = (Channel.MAIL,) if contact.email else ()
    return (*mail, Channel.SMS) if contact.phone and contact.sms else mail


def _alarm(session: LiveSession, breaker: Breaker, ports: Ports) -> Delivery:
    """A human is told that the session itself is in trouble."""
    return Delivery(
        key=f"{breaker}:{session.id}",
        kind=DeliveryKind(breaker),
        channel=Channel.CALL_LIST,
        due=ports.clock.now(),
        session_id=session.id,
    )

"""Missed join: look at every seat of a running session and climb its ladder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from vioP.domain.approach import NUDGE_WAYS, approached, as_reached
from vioP.domain.attendance import Presence
from vioP.domain.contact import ContactPolicy, Reach, Reachable, may_reach
from vioP.domain.contact_facts import Way
from vioP.domain.delivery import Channel, Delivery, DeliveryKind, DeliveryState
from vioP.domain.fallback import Breaker, Ladder, Move, Rung, next_moves
from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.ladder_times import in_minutes, with_times
from vioP.domain.live import LiveSeat, LiveSession, facts_of
from vioP.domain.tech_trouble import had_trouble
from vioP.domain.time import Instant, later
from vioP.flows.jobs import deliver_job, end_calls_job, watch_job
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.contacts import KnownPerson
from vioP.storage.marks import INCIDENT_OVER

# A machine's call that has not reported by then will not: it rang, and was not picked up.
NO_REPORT_AFTER = timedelta(minutes=3, seconds=30)


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at a session."""

    session: LiveSession
    people: Mapping[SeatId, Reachable]
    ladder: Ladder
    policy: ContactPolicy
    now: Instant
    machine: bool


async def watch_session(
    ports: Ports, session_id: SessionId, *, room_is_silent: bool = False
) -> None:
    """Write down the steps that are due, and when to look again.

    Runs as a job, any number of times. One decision on one view of the facts: the steps,
    the jobs that carry them out and the next look commit together or not at all.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        session = await tx.live.session(session_id)
        if session is None:
            return
        look = _look(ports, session, await tx.contacts.of_session(session_id, now), now)
        known = facts_of(session)
        known = replace(known, room_is_silent=known.room_is_silent or room_is_silent)
        facts = approached(
            known, session, look.people, look.policy, now, machine=look.machine
        )
        decided = next_moves(look.ladder, facts, now)
        seats = {seat.id: seat for seat in session.seats}
        deliveries = [
            delivery
            for move in decided.moves
            for delivery in _step(look, seats[move.seat.seat_id], move)
        ]
        deliveries += await _alarms(tx, ports, session, decided.breaker)
        await tx.deliveries.add(deliveries, now)
        await _mind_calls(tx, ports, look)
        channels = {each.channel for each in deliveries}
        jobs = [deliver_job(channel, now) for channel in sorted(channels)]
        if decided.look is None:
            await tx.marks.close(session_id, now)
            for seat in session.seats:
                if had_trouble(seat.evidence):
                    await tx.tech_checks.end(seat.participant_id, now)
        else:
            jobs.append(watch_job(session_id, max(decided.look, later(now, _PAUSE))))
        await ports.jobs.defer(tx, jobs)


_PAUSE = timedelta(seconds=1)


def _look(
    ports: Ports,
    session: LiveSession,
    people: Mapping[ParticipantId, KnownPerson],
    now: Instant,
) -> _Look:
    house = ports.house
    return _Look(
        session=session,
        people={seat.id: people[seat.participant_id].reachable for seat in session.seats},
        ladder=with_times(house.ladder, in_minutes(session.times)),
        policy=house.contact_policy(session.quiet_hours),
        now=now,
        machine=ports.telephone is not None,
    )


async def _mind_calls(tx: Transaction, ports: Ports, look: _Look) -> None:
    """End calls that ring for nobody who is looked for; give up those that say nothing."""
    ringing = [
        seat
        for seat in look.session.seats
        if any(step.channel is Channel.PHONE for step in seat.steps)
    ]
    if not ringing:
        return
    await tx.calls.give_up_silent(
        look.session.id, later(look.now, -NO_REPORT_AFTER), look.now
    )
    for seat in ringing:
        here = seat.presence is Presence.PRESENT or seat.is_excused
        if here or not seat.is_expected(look.session):
            job = end_calls_job(look.session.id, seat.id, look.now)
            await ports.jobs.defer(tx, [job])


def _step(look: _Look, seat: LiveSeat, move: Move) -> Iterator[Delivery]:
    """One rung as deliveries, one for each channel it could leave by.

    A channel the gate refuses is written down as skipped, with the reason.
    """
    person = as_reached(look.people[seat.id], seat)
    for channel, way in _channels(move.rung, machine=look.machine):
        answer: Reach | str | None = move.skip
        if way is not None and answer is None:
            answer = may_reach(person, way, look.policy, look.now, safety=person.high_risk)
        yield _delivery(look, seat, move, channel, answer)


def _channels(rung: Rung, *, machine: bool) -> tuple[tuple[Channel, Way | None], ...]:
    if rung is Rung.NUDGE:
        return NUDGE_WAYS
    if rung.is_human:
        return ((Channel.CALL_LIST, None),)
    if machine:
        return ((Channel.PHONE, Way.MACHINE_CALL),)
    return ((Channel.CALL_LIST, Way.HUMAN_CALL),)


def _delivery(
    look: _Look, seat: LiveSeat, move: Move, channel: Channel, answer: Reach | str | None
) -> Delivery:
    refused = str(answer) if isinstance(answer, str) else None
    reach = answer if isinstance(answer, Reach) else Reach("")
    session = look.session
    return Delivery(
        key=f"{move.rung}:{seat.id}:{seat.episode}:{channel}",
        kind=DeliveryKind(move.rung),
        channel=channel,
        due=move.due,
        deadline=None if move.rung.is_human else later(move.due, look.ladder.stale_after),
        session_id=session.id,
        seat_id=seat.id,
        revision=seat.episode,
        content={
            "name": seat.name,
            "address": reach.to if channel is Channel.MAIL else seat.contact.email,
            "phone": seat.contact.phone if channel is Channel.MAIL else reach.to,
            "consent": reach.basis,
            "language": seat.language,
            "starts": session.starts.isoformat(),
            "ends": session.ends.isoformat(),
            "zone": seat.zone,
        },
        state=DeliveryState.SKIPPED if refused else DeliveryState.PENDING,
        reason=refused,
    )


async def _alarms(
    tx: Transaction, ports: Ports, session: LiveSession, breaker: Breaker | None
) -> list[Delivery]:
    """A human is told that the session itself is in trouble, of each incident anew."""
    now = ports.clock.now()
    if Breaker.INCIDENT in session.told and breaker is not Breaker.INCIDENT:
        mark = ports.secrets.mint("mrk", now)
        await tx.marks.add(mark, session.id, INCIDENT_OVER, now, "viop")
    if breaker is None or breaker in session.told:
        return []
    if breaker is Breaker.INCIDENT:  # one open line about it is enough
        await tx.attempts.settle_of_session(session.id, breaker, "overtaken", now)
    return [_alarm(session, breaker, now)]


def _alarm(session: LiveSession, breaker: Breaker, now: Instant) -> Delivery:
    again = f":{session.incidents}" if breaker is Breaker.INCIDENT else ""
    return Delivery(
        key=f"{breaker}:{session.id}{again if session.incidents else ''}",
        kind=DeliveryKind(breaker),
        channel=Channel.CALL_LIST,
        due=now,
        session_id=session.id,
    )

"""From what is known about people to the facts the ladder asks for: whom may we reach, how?"""

from collections.abc import Mapping
from dataclasses import replace

from vioP.domain.attendance import came_last
from vioP.domain.contact import ContactPolicy, Reach, Reachable, Refusal, may_reach
from vioP.domain.contact_facts import (
    ContactKind,
    Way,
    cannot_talk_until,
    comes_at,
    is_silenced,
)
from vioP.domain.delivery import Channel, DeliveryState
from vioP.domain.fallback import Ladder, Rung, SeatFacts, SessionFacts, rungs_ahead
from vioP.domain.ids import SeatId
from vioP.domain.ladder_times import in_minutes, with_times
from vioP.domain.live import LiveSeat, LiveSession, facts_of
from vioP.domain.time import Instant

_LEFT = {DeliveryState.SENDING, DeliveryState.SENT}
_WAYS = {Channel.MAIL: Way.MAIL, Channel.SMS: Way.TEXT}
NUDGE_WAYS = ((Channel.MAIL, Way.MAIL), (Channel.SMS, Way.TEXT))


def approached(
    facts: SessionFacts,
    session: LiveSession,
    people: Mapping[SeatId, Reachable],
    policy: ContactPolicy,
    now: Instant,
    *,
    machine: bool,
) -> SessionFacts:
    """The facts of a session with what the gate says about each of its people.

    Args:
        facts: What is known of the session.
        session: The session the facts are about.
        people: How each seat's person can be reached.
        policy: What the program has decided about reaching people.
        now: The present instant.
        machine: Whether calls are made by a machine; by people otherwise.
    """
    live = {seat.id: seat for seat in session.seats}
    seats = tuple(
        _asking(
            _approached(
                seat, live[seat.seat_id], people[seat.seat_id], policy, now, machine
            ),
            live[seat.seat_id],
            people[seat.seat_id],
            facts.starts,
        )
        for seat in facts.seats
    )
    return replace(facts, seats=seats)


def will_send_human(
    ladder: Ladder, session: LiveSession, seat_id: SeatId, now: Instant
) -> bool:
    """Whether a ladder climbs for somebody who is missing, and has a person left for them."""
    facts = facts_of(session)
    own = with_times(ladder, in_minutes(session.times))
    return session.starts <= now < session.ends and any(
        rung.is_human
        for seat in facts.seats
        if seat.seat_id == seat_id and not seat.here
        for rung, _ in rungs_ahead(own, facts, seat)
    )


def as_reached(person: Reachable, seat: LiveSeat) -> Reachable:
    """A person with when they were last reached about this seat."""
    reached = tuple(
        (_WAYS[step.channel], step.done_at or step.due)
        for step in seat.steps
        if step.channel in _WAYS and step.state in _LEFT
    )
    return replace(person, reached=reached)


def refusal_of(
    person: Reachable, rung: Rung, policy: ContactPolicy, now: Instant, *, machine: bool
) -> Refusal | None:
    """Why a rung may not be taken for somebody now, or nothing. Humans always may look."""
    if rung.is_human:
        return None
    ways = [way for _, way in NUDGE_WAYS]
    if rung.is_call:
        ways = [Way.MACHINE_CALL if machine else Way.HUMAN_CALL]
    answers = [may_reach(person, way, policy, now, safety=person.high_risk) for way in ways]
    refused = [each for each in answers if not isinstance(each, Reach)]
    return refused[0] if len(refused) == len(answers) else None


def _approached(
    facts: SeatFacts,
    seat: LiveSeat,
    person: Reachable,
    policy: ContactPolicy,
    now: Instant,
    machine: bool,
) -> SeatFacts:
    here = facts.here or is_silenced(person.facts)
    known = as_reached(person, seat)
    refused = {
        rung: reason
        for rung in (() if here else Rung)  # nobody is reached for who is here
        if (reason := refusal_of(known, rung, policy, now, machine=machine)) is not None
    }
    return replace(
        facts,
        here=here,
        refused=refused,
        leave_alone_until=cannot_talk_until(person.facts, now),
    )


def _asking(
    facts: SeatFacts, seat: LiveSeat, person: Reachable, since: Instant
) -> SeatFacts:
    return replace(
        facts,
        asked_call_at=_unanswered(person, seat, ContactKind.CALL_ME, since),
        asked_human_at=_unanswered(person, seat, ContactKind.WANTS_HUMAN, since),
        comes_at=comes_at(person.facts, since, came_last(seat.evidence)),
    )


def _unanswered(
    person: Reachable, seat: LiveSeat, kind: ContactKind, since: Instant
) -> Instant | None:
    """When somebody asked for something that no step has given them since.

    What was asked before the session began is a line of the call list of its own.
    """
    answering = {
        step.due
        for step in seat.steps
        if step.state is not DeliveryState.SKIPPED
        and (step.rung.is_human or (step.rung.is_call and kind is ContactKind.CALL_ME))
    }
    asked = max(
        (each.at for each in person.facts if each.kind is kind and each.at >= since),
        default=None,
    )
    if asked is None or any(due >= asked for due in answering):
        return None
    return asked

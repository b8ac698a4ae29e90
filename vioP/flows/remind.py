"""Remind: the day before, on the day, and when the door opens, people hear when and how.

A reminder leaves as a text where somebody agreed to texts, and by mail otherwise: one is
enough. Whoever's device was not found ready is led to its check the day before.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from vioP.domain.contact import ContactPolicy, Reach, Reachable, may_reach
from vioP.domain.contact_facts import Way
from vioP.domain.delivery import Channel, Delivery, DeliveryKind, DeliveryState
from vioP.domain.ids import ParticipantId, SessionId
from vioP.domain.reminder import Reminder, due_now
from vioP.domain.time import Instant, later
from vioP.flows.jobs import deliver_job
from vioP.i18n import place_words, reading, say
from vioP.ports import Ports
from vioP.storage import Transaction

EVERY = timedelta(minutes=1)
_AHEAD = timedelta(days=2, hours=6)  # a day before, by any clock, and a late evening
_WAYS = ((Channel.SMS, Way.TEXT), (Channel.MAIL, Way.MAIL))


async def remind(ports: Ports) -> int:
    """Write down the reminders that are due, each once, and queue their sending.

    Returns:
        How many are due; those that were written before count again, and leave once.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        seats = await tx.expected.between(now, later(now, _AHEAD))
        due = due_now(seats, ports.house.reminders, now)
        if not due:
            return 0
        people = await _reachable(tx, {each.seat.session_id for each in due}, now)
        policy = ports.house.contact_policy((await tx.programme.policy()).quiet_hours)
        ready = {
            who
            for who, check in (await tx.readiness.checks()).items()
            if check.is_enough(now)
        }
        deliveries = [
            _delivery(each, people[each.seat.participant_id], policy, ready, now)
            for each in due
            if each.seat.participant_id in people
        ]
        await tx.deliveries.add(deliveries, now)
        channels = sorted({each.channel for each in deliveries})
        await ports.jobs.defer(tx, [deliver_job(channel, now) for channel in channels])
    return len(deliveries)


async def _reachable(
    tx: Transaction, sessions: Iterable[SessionId], now: Instant
) -> Mapping[ParticipantId, Reachable]:
    found: dict[ParticipantId, Reachable] = {}
    for session_id in sorted(sessions):
        known = await tx.contacts.of_session(session_id, now)
        found |= {who: person.reachable for who, person in known.items()}
    return found


def _delivery(
    reminder: Reminder,
    person: Reachable,
    policy: ContactPolicy,
    ready: set[ParticipantId],
    now: Instant,
) -> Delivery:
    """A reminder by the first way that is open; by none, it is written down why."""
    answers = [(channel, may_reach(person, way, policy, now)) for channel, way in _WAYS]
    open_ways = [each for each in answers if isinstance(each[1], Reach)]
    channel, answer = open_ways[0] if open_ways else answers[0]
    to = answer.to if isinstance(answer, Reach) else ""
    seat = reminder.seat
    with reading(seat.language):
        told = {"when": when_words(reminder), "zone": place_words(seat.zone)}
    content = {
        "name": seat.name,
        "address": to,
        "phone": to,
        "language": seat.language,
        **told,
    }
    leads_to_check = reminder.kind is DeliveryKind.DAY_BEFORE
    if leads_to_check and seat.participant_id not in ready:
        content["check"] = "yes"
    return Delivery(
        key=reminder.key,
        kind=reminder.kind,
        channel=channel,
        due=now,
        deadline=reminder.until,
        session_id=seat.session_id,
        seat_id=seat.seat_id,
        content=content,
        state=DeliveryState.PENDING if to else DeliveryState.SKIPPED,
        reason=None if to else str(answer),
    )


def when_words(reminder: Reminder) -> str:
    """When it is, in the language of its reader: ``tomorrow 09:00, 13:30 and 2 more``."""
    times = ", ".join(reminder.clocks)
    if reminder.more:
        times = say("%(times)s and %(count)s more") % {
            "times": times,
            "count": reminder.more,
        }
    match reminder.kind:
        case DeliveryKind.DAY_BEFORE:
            return say("tomorrow %(times)s") % {"times": times}
        case DeliveryKind.SAME_DAY:
            return say("today %(times)s") % {"times": times}
        case _:
            return say("now")

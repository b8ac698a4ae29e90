"""Tell of clocks: a week and a day before clocks change apart, to whom it moves a meeting."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from vioP.domain.clocks import (
    Ahead,
    MovedReading,
    change_between,
    moved_readings,
    notice_due,
)
from vioP.domain.delivery import Channel, Delivery, DeliveryKind, DeliveryState, SkipReason
from vioP.domain.people import Participant
from vioP.domain.programme import Programme
from vioP.domain.time import Instant
from vioP.flows.jobs import deliver_job
from vioP.i18n import reading, say, weekly
from vioP.mail.words import day_words, zone_words
from vioP.ports import Ports
from vioP.storage import Transaction


async def tell_clocks(ports: Ports, tx: Transaction) -> None:
    """Write one mail to everybody whose own clock reading moves before long, each once."""
    programme = await tx.programme.read()
    if programme is None:
        return
    now = ports.clock.now()
    told = [
        _notice(person, day, ahead, moved, now)
        for person in programme.participants
        for day, ahead, moved in _changes(programme, person, now)
    ]
    await tx.deliveries.add(told, now)
    if told:
        await ports.jobs.defer(tx, [deliver_job(Channel.MAIL, now)])


def _changes(
    programme: Programme, person: Participant, now: Instant
) -> Iterator[tuple[date, Ahead, list[MovedReading]]]:
    """What moves for somebody, by the day on which it does."""
    own = ZoneInfo(person.zone)
    moved: defaultdict[date, list[MovedReading]] = defaultdict(list)
    enrollments = [
        each for each in programme.enrollments if each.participant_id == person.id
    ]
    joined = {each.cohort_id for each in enrollments}
    for cohort in programme.cohorts:
        if cohort.id not in joined:
            continue
        anchor = ZoneInfo(cohort.zone)
        day = change_between(anchor, own, now.astimezone(anchor).date())
        if day is not None:
            theirs = [each for each in enrollments if each.cohort_id == cohort.id]
            moved[day] += moved_readings(cohort, theirs, own, day)
    for day, readings in moved.items():
        ahead = notice_due(now.astimezone(own).date(), day)
        coming = sorted(
            (each for each in readings if each.starts > now), key=lambda each: each.starts
        )
        if ahead is not None and coming:
            yield day, ahead, coming


def _notice(
    person: Participant, day: date, ahead: Ahead, moved: list[MovedReading], now: Instant
) -> Delivery:
    address = person.contact.email
    with reading(person.language):
        told = {
            "day": day_words(day),
            "starts": day_words(moved[0].after.date()),
            "zone": zone_words(moved[0].after, person.zone),
            "lines": "\n".join(_line(each) for each in moved),
        }
    return Delivery(
        key=f"clocks:{person.id}:{day}:{ahead}",
        kind=DeliveryKind.CLOCKS,
        channel=Channel.MAIL,
        due=now,
        deadline=moved[0].starts,
        content={
            "name": person.name,
            "address": address,
            "stamped": now.isoformat(),
            "language": person.language,
            **told,
        },
        state=DeliveryState.PENDING if address else DeliveryState.SKIPPED,
        reason=None if address else SkipReason.NO_ADDRESS,
    )


def _line(moved: MovedReading) -> str:
    """The new reading, and what it was before: with the weekday when that differs too."""
    before = f"{moved.before:%H:%M}"
    if moved.before.weekday() != moved.after.weekday():
        before = f"{weekly(moved.before.date())} {before}"
    return say("%(days)s at %(time)s, until now %(before)s") % {
        "days": weekly(moved.after.date()),
        "time": f"{moved.after:%H:%M}",
        "before": before,
    }

"""Enroll: a participant joins a cohort that takes people, has a place, and is nowhere else."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from vioP.domain.enrollment import Enrollment, clashing_days, stretch_id
from vioP.domain.errors import (
    CohortFull,
    CohortNotOpen,
    CohortsOverlap,
    Invalid,
    Missing,
    NoProgramme,
)
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.openings import not_open
from vioP.domain.places import places_of
from vioP.domain.program import WEEKDAYS
from vioP.domain.programme import Programme, differences
from vioP.domain.right_age import wrong_age
from vioP.domain.suppose import discharged, enrolled
from vioP.domain.time import Instant
from vioP.domain.waiting import with_offers
from vioP.flows.close_waiting import close_waiting, withdraw_waiting
from vioP.flows.end_consents import end_consents
from vioP.ports import Ports
from vioP.storage import Transaction


@dataclass(frozen=True, slots=True)
class Joining:
    """Who joins which cohort.

    Attributes:
        until: The day after the last one.
        days: The weekdays attended; empty means all of the cohort's.
        above: Whether whoever enrolls them was told that it has no place, and wants it.
    """

    participant_id: ParticipantId
    cohort_id: CohortId
    first: date
    until: date
    days: tuple[int, ...] = ()
    above: bool = False


async def enroll(ports: Ports, joining: Joining, by: str) -> None:
    """Enroll a participant in a cohort from a day on, until the day before another.

    Their entry on its waiting list is closed by it. A stretch of theirs there that is not over
    by then is changed; whoever comes back keeps the one before.

    Raises:
        Missing: There is no such participant or cohort.
        CohortsOverlap: The cohort meets while another one of theirs does.
        CohortNotOpen: It takes nobody on that day; the message names the next one.
        CohortFull: It has no place for them, and nobody said that it may have one more.
        Invalid: The days are out of order, it is for people of other ages, or they are in it then.
    """
    async with ports.store.write() as tx:
        await join(tx, joining, by, ports.clock.now())


async def join(tx: Transaction, joining: Joining, by: str, now: Instant) -> None:
    """Enroll somebody as a part of something else; raises what ``enroll`` does."""
    await tx.programme.lock()  # of two who give the last place away, one is told
    programme = await tx.programme.read()
    if programme is None:
        raise NoProgramme
    enrollment = _enrollment(programme, joining)
    _require_after(programme, enrollment, now)
    require_no_overlap(programme, enrollment)
    require_open(programme, enrollment)
    who, where = enrollment.participant_id, enrollment.cohort_id
    for why in wrong_age(programme, who, where, enrollment.first.year):
        raise Invalid(f"{why} Choose a cohort for people of that age.")
    full = await _why_full(tx, programme, enrollment, now)
    if full and not joining.above:
        raise CohortFull(full)
    changes = differences(programme, enrolled(programme, enrollment))
    await end_consents(tx, changes, now)
    await tx.programme.apply(changes)
    told = {"first": f"{enrollment.first}", "until": f"{enrollment.until}"}
    told |= {"above_maximum": "yes"} if full else {}
    await tx.audit.note(now, by, "participant.enrolled", enrollment.id, told)
    await close_waiting(tx, changes, by, now)


async def discharge(
    ports: Ports,
    participant_id: ParticipantId,
    last: date,
    by: str,
    cohort_id: CohortId | None = None,
) -> None:
    """End enrollments of a participant after a day. Their weeks are then built anew.

    Args:
        ports: The surroundings.
        participant_id: Whose they are.
        last: The last day they hold.
        by: Who ends them.
        cohort_id: Where they end; nothing ends all of them, and all waiting with them.

    Raises:
        Missing: There is no such participant, or they are not enrolled then.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        programme = await tx.programme.read()
        if programme is None:
            raise NoProgramme
        after = discharged(programme, participant_id, last, cohort_id)
        await tx.programme.apply(differences(programme, after))
        told = {"last": f"{last}"} | ({"cohort": cohort_id} if cohort_id else {})
        await tx.audit.note(now, by, "participant.discharged", participant_id, told)
        if cohort_id is None:
            await withdraw_waiting(tx, participant_id, f"Discharged after {last}.", by, now)


def _require_after(programme: Programme, enrollment: Enrollment, now: Instant) -> None:
    """Refuse to begin a stretch that has begun once more: what is left of it would be lost.

    Raises:
        Invalid: Somebody is in the cohort on that day, and was before; the message says until when.
    """
    for each in programme.enrollments:
        is_begun = each.first < min(enrollment.first, now.date())
        if each.id == enrollment.id and is_begun:
            raise Invalid(
                f"{each.participant_id} is in {each.cohort_id} until the day before "
                f"{each.until}. Begin on that day, or later."
            )


def require_no_overlap(programme: Programme, enrollment: Enrollment) -> None:
    """Refuse an enrollment that would put its participant in two places at once.

    Raises:
        Missing: There is no such participant or cohort.
        CohortsOverlap: It would; the message names the cohorts and days.
    """
    cohorts = {each.id: each for each in programme.cohorts}
    known = {each.id for each in programme.participants}
    if enrollment.cohort_id not in cohorts or enrollment.participant_id not in known:
        raise Missing
    wanted = cohorts[enrollment.cohort_id]
    for other in programme.enrollments:
        if other.participant_id != enrollment.participant_id or other.id == enrollment.id:
            continue
        first = max(other.first, enrollment.first)
        until = min(other.until, enrollment.until)
        days = clashing_days(wanted, cohorts[other.cohort_id], first, until)
        if days:
            named = " and ".join(WEEKDAYS[day].capitalize() for day in days)
            raise CohortsOverlap(
                f"{enrollment.participant_id} is in {other.cohort_id}, which meets at the same "
                f"time as {enrollment.cohort_id} on {named}. Choose one of the two, or end "
                f"the enrollment in {other.cohort_id} first."
            )


def require_open(programme: Programme, enrollment: Enrollment) -> None:
    """Refuse an enrollment that begins on a day on which its cohort takes nobody.

    Raises:
        CohortNotOpen: It does; the message names the next day on which they could begin.
    """
    found = not_open(programme, enrollment)
    if found is not None:
        raise CohortNotOpen(f"{found.why} {found.remedy}")


def _enrollment(programme: Programme, joining: Joining) -> Enrollment:
    who, where = joining.participant_id, joining.cohort_id
    try:
        return Enrollment(
            stretch_id(programme.enrollments, who, where, joining.first),
            who,
            where,
            joining.first,
            joining.until,
            joining.days,
        )
    except ValueError as error:
        raise Invalid(
            f"It would end on {joining.until}, before it begins on {joining.first}. Choose "
            "a later end."
        ) from error


async def _why_full(
    tx: Transaction, programme: Programme, enrollment: Enrollment, now: Instant
) -> str:
    """Why a cohort has no place for an enrollment, in words; empty if it has.

    Places that are offered to others count as taken.
    """
    cohort = next(each for each in programme.cohorts if each.id == enrollment.cohort_id)
    policy = programme.program.policy
    others = [each for each in programme.enrollments if each.id != enrollment.id]
    today = now.astimezone(ZoneInfo(cohort.zone)).date()
    places = places_of(cohort, policy.group_max, others)
    waiting = [
        each
        for each in await tx.waiting.open()
        if each.cohort_id == cohort.id and each.participant_id != enrollment.participant_id
    ]
    held = with_offers(places, waiting, today)
    day = held.first_full(enrollment.first, enrollment.until, enrollment.days)
    if day is None:
        return ""
    offered = held.taken(day) - places.taken(day)
    offers = f", {offered} of them held by an offer" if offered else ""
    free = held.free_from(enrollment.first, enrollment.days)
    later = f"A place is free from {free} on." if free else "None is known to come free."
    return (
        f"{cohort.id} has no place on {day}: {held.taken(day)} of {places.most} "
        f"are taken{offers}. {later}"
    )

"""Enroll: a participant joins another cohort, unless that would put them in two places."""

from datetime import date

from vioP.domain.enrollment import Enrollment, clashing_days
from vioP.domain.errors import CohortsOverlap, Missing, NoProgramme
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.program import WEEKDAYS
from vioP.domain.programme import Programme, differences
from vioP.domain.suppose import discharged, enrolled
from vioP.ports import Ports


async def enroll(
    ports: Ports,
    participant_id: ParticipantId,
    cohort_id: CohortId,
    first: date,
    until: date,
    by: str,
) -> None:
    """Enroll a participant in a cohort from a day on, until the day before another.

    Raises:
        Missing: There is no such participant or cohort.
        CohortsOverlap: The cohort meets while another one of theirs does.
        Invalid: The days are out of order.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        programme = await tx.programme.read()
        if programme is None:
            raise NoProgramme
        enrollment = Enrollment(
            f"{participant_id}-{cohort_id}", participant_id, cohort_id, first, until
        )
        require_no_overlap(programme, enrollment)
        after = enrolled(programme, enrollment)
        await tx.programme.apply(differences(programme, after))
        await tx.audit.note(now, by, "participant.enrolled", enrollment.id)


async def discharge(
    ports: Ports, participant_id: ParticipantId, last: date, by: str
) -> None:
    """End every enrollment of a participant after a day. Their week is then built anew.

    Raises:
        Missing: There is no such participant, or they are not enrolled then.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        programme = await tx.programme.read()
        if programme is None:
            raise NoProgramme
        after = discharged(programme, participant_id, last)
        await tx.programme.apply(differences(programme, after))
        await tx.audit.note(now, by, "participant.discharged", participant_id)


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

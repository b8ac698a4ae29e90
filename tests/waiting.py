"""A cohort that is full, and people who wait for it."""

from dataclasses import replace
from datetime import date
from typing import Any

from tests.make import cohort, enrollment, participant, programme
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.programme import Programme
from vioP.domain.waiting import Entry
from vioP.ports import Ports

TODAY, MONDAY = date(2026, 3, 10), date(2026, 3, 16)
P4, P5 = ParticipantId("p4"), ParticipantId("p5")
TIDEWATER = CohortId("tidewater")


def full_programme(**parts: Any) -> Programme:
    """Three people in a cohort of three places; p4 and p5 are in none."""
    people = [participant(f"p{number}") for number in range(1, 6)]
    inside = tuple(enrollment(each.id) for each in people[:3])
    given = {"cohorts": (cohort(capacity=3),), "enrollments": inside} | parts
    return programme(people, **given)


def without(full: Programme, who: str, until: date) -> Programme:
    """The same programme, in which one of the three leaves earlier."""
    return replace(
        full,
        enrollments=tuple(
            replace(each, until=until) if each.participant_id == who else each
            for each in full.enrollments
        ),
    )


async def waits(ports: Ports, who: ParticipantId = P4, **facts: Any) -> Entry:
    """Somebody on the list, without asking whether they may be."""
    given: dict[str, Any] = {
        "id": f"wai_{who}",
        "participant_id": who,
        "cohort_id": TIDEWATER,
        "asked_on": date(2026, 3, 1),
        "earliest": TODAY,
    }
    entry = Entry(**(given | facts))
    async with ports.store.write() as tx:
        await tx.waiting.add(entry, "k1", ports.clock.now())
    return entry

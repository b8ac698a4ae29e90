"""Joining where a cohort takes people: enrolling, trying it, and looking for a place."""

from dataclasses import replace
from datetime import date

import pytest

from tests.make import cohort, enrollment, make_ports, participant, programme
from vioP.domain.errors import CohortNotOpen, Invalid
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.program import EnrollmentMode
from vioP.domain.rotation import ModuleTurn
from vioP.domain.suppose import Admitted
from vioP.domain.time import Week
from vioP.flows.enroll import Joining, enroll
from vioP.flows.import_programme import import_programme
from vioP.flows.recommend_cohorts import recommend_cohorts
from vioP.flows.suppose_week import suppose_week
from vioP.ports import Ports
from vioP.storage import Store
from vioP.storage.audit_search import AuditQuery

WEEK = Week(date(2026, 3, 9))
NEW = ParticipantId("new")
# Sleep in the week of the ninth, Coping in the two after it.
TURNS = (ModuleTurn("Coping", 2), ModuleTurn("Sleep", 1))
SECOND_COPING = date(2026, 3, 17)


@pytest.fixture
async def ports(store: Store, clock) -> Ports:
    """One cohort that takes people where Coping begins, and one that is closed."""
    ports = make_ports(store, clock)
    people = [participant("p1"), participant(NEW)]
    at_modules = cohort(
        first_day=date(2026, 2, 23),
        rotation=TURNS,
        mode=EnrollmentMode.MODULE_START,
        opens_at=("Coping",),
    )
    closed = cohort(
        "closed",
        days=(0, 2),
        first_day=date(2026, 3, 2),
        mode=EnrollmentMode.CLOSED,
    )
    stated = programme(
        people, cohorts=(at_modules, closed), enrollments=(enrollment("p1"),)
    )
    await import_programme(ports, replace(stated, service_plans=()), "test")
    return ports


async def join(ports: Ports, first: date, who: str = NEW, to: str = "tidewater") -> None:
    until = date(2026, 6, 1)
    await enroll(ports, Joining(ParticipantId(who), CohortId(to), first, until), "k1")


async def firsts(ports: Ports) -> dict[str, date]:
    async with ports.store.read() as tx:
        programme = await tx.programme.read()
    assert programme is not None
    return {each.id: each.first for each in programme.enrollments}


async def test_nobody_is_enrolled_in_the_middle_and_the_next_day_is_named(ports: Ports):
    with pytest.raises(CohortNotOpen, match=f"The next day to begin is {SECOND_COPING}"):
        await join(ports, date(2026, 3, 10))
    assert set(await firsts(ports)) == {"p1-tidewater"}

    await join(ports, SECOND_COPING)
    assert (await firsts(ports))["new-tidewater"] == SECOND_COPING


async def test_a_refusal_says_no_module(ports: Ports):
    with pytest.raises(CohortNotOpen) as refused:
        await join(ports, date(2026, 3, 10))

    assert "Coping" not in str(refused.value)


async def test_nobody_joins_a_closed_cohort_that_has_started(ports: Ports):
    with pytest.raises(CohortNotOpen, match="closed: nobody joins after"):
        await join(ports, date(2026, 3, 16), to="closed")


async def test_whoever_is_in_it_stays_longer(ports: Ports):
    await join(ports, date(2026, 3, 2), who="p1")

    assert (await firsts(ports))["p1-tidewater"] == date(2026, 3, 2)


async def test_supposing_somebody_joined_says_so_too(ports: Ports):
    joined = Admitted(NEW, CohortId("tidewater"), date(2026, 3, 10))

    with pytest.raises(CohortNotOpen):
        await suppose_week(ports, WEEK, joined)


async def test_where_somebody_fits_depends_on_the_week(ports: Ports):
    now = {each.cohort_id: each for each in await recommend_cohorts(ports, NEW, WEEK)}
    later = {
        each.cohort_id: each
        for each in await recommend_cohorts(ports, NEW, Week(date(2026, 3, 16)))
    }

    waits, shut = now[CohortId("tidewater")], now[CohortId("closed")]
    assert waits.opens == SECOND_COPING
    assert f"The next day to begin is {SECOND_COPING}." in waits.against[0]
    assert (shut.opens, len(shut.against)) == (None, 1)
    assert later[CohortId("tidewater")].against == ()
    assert later[CohortId("tidewater")].opens is None
    assert later[CohortId("tidewater")].sessions


async def test_whoever_comes_back_keeps_the_stretch_before(ports: Ports):
    over = date(2026, 2, 27)
    left = Joining(ParticipantId("p1"), CohortId("tidewater"), date(2026, 2, 24), over)
    await enroll(ports, left, "k1")
    await join(ports, SECOND_COPING, who="p1")
    longer = replace(left, first=SECOND_COPING, until=date(2026, 7, 1))
    await enroll(ports, longer, "k1")

    async with ports.store.read() as tx:
        programme = await tx.programme.read()
        rows = await tx.audit_search.find(AuditQuery(action="participant.enrolled"), 10)
    assert programme is not None
    own = sorted(
        (e.first, e.until) for e in programme.enrollments if e.participant_id == "p1"
    )
    assert own == [(left.first, over), (longer.first, longer.until)]
    assert [(row.details["first"], row.details["until"]) for row in rows] == [
        ("2026-03-17", "2026-07-01"),
        ("2026-03-17", "2026-06-01"),
        ("2026-02-24", "2026-02-27"),
    ]


async def test_nobody_is_enrolled_in_a_cohort_for_people_of_other_ages(ports: Ports):
    async with ports.store.read() as tx:
        stated = await tx.programme.read()
    assert stated is not None
    teens = tuple(replace(each, ages=(13, 17)) for each in stated.tracks)
    await import_programme(ports, replace(stated, tracks=teens), "test")

    with pytest.raises(
        Invalid, match="Tidewater takes people of 13 to 17; new is 35 or 36"
    ):
        await join(ports, SECOND_COPING)

    assert NEW not in await firsts(ports)

"""The weeks ahead, and where somebody would fit."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.make import make_ports, programme
from vioP.domain.errors import Missing
from vioP.domain.ids import ParticipantId
from vioP.domain.people import Licence
from vioP.domain.time import Week
from vioP.flows.forecast_weeks import forecast_weeks
from vioP.flows.import_programme import import_programme
from vioP.flows.recommend_cohorts import recommend_cohorts

WEEK = Week(date(2026, 3, 16))


@pytest.fixture
def stated():
    return programme()


async def test_six_weeks_are_foreseen_and_nothing_is_kept(store, clock, stated):
    ports = make_ports(store, clock)
    await import_programme(ports, stated, "test")
    ahead = await forecast_weeks(ports, WEEK)
    assert [each.week.monday for each in ahead] == [
        WEEK.monday + timedelta(weeks=each) for each in range(6)
    ]
    assert ahead[0].sessions
    async with store.read() as tx:
        assert await tx.weeks.draft(WEEK) is None


async def test_a_licence_that_ends_and_a_full_week_are_foreseen(store, clock, stated):
    ports = make_ports(store, clock)
    last = WEEK.monday + timedelta(days=9)
    first = next(each for each in stated.staff if each.licences)
    ending = Licence(first.licences[0].state, last=last)
    policy = replace(stated.program.policy, clinician_max_week=1)
    changed = replace(
        stated,
        staff=tuple(
            replace(each, licences=(ending,)) if each is first else each
            for each in stated.staff
        ),
        program=replace(stated.program, policy=policy),
    )
    await import_programme(ports, changed, "test")

    ahead = await forecast_weeks(ports, WEEK, 2)

    texts = [" ".join(one.text for one in each.notices) for each in ahead]
    assert f"ends on {last}" not in texts[0]
    assert f"ends on {last}" in texts[1]
    assert "appointments are needed" in texts[0]


async def test_a_cohort_without_a_licence_is_refused_and_one_with_is_priced(
    store, clock, stated
):
    ports = make_ports(store, clock)
    cohort = stated.cohorts[0]
    other = replace(cohort, id="elsewhere", facilitators=cohort.facilitators)
    who = stated.participants[0].id
    without = replace(
        stated,
        cohorts=(cohort, other),
        enrollments=tuple(e for e in stated.enrollments if e.participant_id != who),
    )
    await import_programme(ports, without, "test")
    found = {each.cohort_id: each for each in await recommend_cohorts(ports, who, WEEK)}
    assert found[cohort.id].against == ()
    assert found[cohort.id].price >= 3
    assert any(each.cohort_id == cohort.id for each in found[cohort.id].sessions)

    nobody = tuple(replace(each, licences=()) for each in stated.staff)
    await import_programme(ports, replace(without, staff=nobody), "test")
    found = {each.cohort_id: each for each in await recommend_cohorts(ports, who, WEEK)}
    assert any("licence" in each for each in found[cohort.id].against)
    assert not any("other session" in each for each in found[cohort.id].against)
    assert found[cohort.id].sessions == ()


async def test_a_stranger_has_no_recommendation(store, clock, stated):
    ports = make_ports(store, clock)
    await import_programme(ports, stated, "test")
    with pytest.raises(Missing):
        await recommend_cohorts(ports, ParticipantId("nobody"), WEEK)


@pytest.mark.parametrize("who", ["p1", "p4"])
async def test_a_full_cohort_is_full_whoever_asks_and_takes_nobodys_place(
    store, clock, stated, who: str
):
    ports = make_ports(store, clock)
    full = replace(
        stated,
        cohorts=tuple(replace(each, capacity=3) for each in stated.cohorts),
        enrollments=tuple(e for e in stated.enrollments if e.participant_id != who),
    )
    await import_programme(ports, full, "test")

    [found] = await recommend_cohorts(ports, ParticipantId(who), WEEK)

    assert found.is_full
    assert found.against == (
        "tidewater on 2026-03-17 is full (3 of 3).",
        "tidewater on 2026-03-19 is full (3 of 3).",
    )

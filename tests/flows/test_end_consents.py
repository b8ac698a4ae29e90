"""Consents that end with care, and people who come back after theirs had ended."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.make import FixedClock, make_ports, programme
from vioP.domain.consent import Consent, ConsentKind, in_force
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.time import later
from vioP.flows.enroll import Joining, discharge, enroll
from vioP.flows.import_programme import import_programme
from vioP.ports import Ports
from vioP.storage import Store

P1, TIDEWATER = ParticipantId("p1"), CohortId("tidewater")
SHARED, VIDEO = ConsentKind.PART2_DISCLOSURE, ConsentKind.TELEHEALTH


@pytest.fixture
async def ports(store: Store, clock: FixedClock) -> Ports:
    """Somebody in care, who agreed to one thing until it ends, and to another for good."""
    ports = make_ports(store, clock)
    await import_programme(ports, programme(), "test")
    async with ports.store.write() as tx:
        for number, kind in enumerate((SHARED, VIDEO)):
            given = Consent(kind, clock.now(), version="1", with_care=kind is SHARED)
            await tx.consents.give(f"con_{number}", P1, given)
    return ports


async def holds(ports: Ports) -> frozenset[ConsentKind]:
    async with ports.store.read() as tx:
        consents, stretches = await tx.consents.of(P1), await tx.consents.stretches(P1)
    return in_force(consents, ports.clock.now().date(), stretches)


async def come_back(ports: Ports, clock: FixedClock, away: int) -> date:
    """Leave today's care, stay away for some days, and enroll again in the same cohort."""
    last = clock.now().date()
    await discharge(ports, P1, last, "k1")
    clock.move_to(later(clock.now(), timedelta(days=1 + away)))
    first = last + timedelta(days=1 + away)
    await enroll(ports, Joining(P1, TIDEWATER, first, first + timedelta(days=60)), "k1")
    return last


async def test_whoever_comes_back_has_to_agree_anew_to_what_ended_with_their_care(
    ports: Ports, clock: FixedClock
):
    before = await holds(ports)

    last = await come_back(ports, clock, away=20)

    assert before == {SHARED, VIDEO}
    assert await holds(ports) == {VIDEO}
    async with ports.store.read() as tx:
        ended = {each.kind: each.until for each in await tx.consents.of(P1)}
    assert ended == {SHARED: last + timedelta(days=1), VIDEO: None}


async def test_whoever_goes_on_without_a_day_between_need_not(
    ports: Ports, clock: FixedClock
):
    await come_back(ports, clock, away=0)

    assert await holds(ports) == {SHARED, VIDEO}


async def test_an_import_that_brings_somebody_back_counts_as_well(
    ports: Ports, clock: FixedClock
):
    small = programme()
    until = clock.now().date() + timedelta(days=1)
    later_on = (until + timedelta(days=30), until + timedelta(days=90))

    def stretched(first: date | None, until: date):
        own = [each for each in small.enrollments if each.participant_id == P1]
        rest = [each for each in small.enrollments if each.participant_id != P1]
        changed = [replace(own[0], first=first or own[0].first, until=until)]
        return replace(small, enrollments=(*changed, *rest))

    await import_programme(ports, stretched(None, until), "test")
    clock.move_to(later(clock.now(), timedelta(days=31)))
    await import_programme(ports, stretched(*later_on), "test")

    assert await holds(ports) == {VIDEO}

"""Publishing: once, only to those concerned, and never from an old basis."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from tests.make import (
    WEEK,
    FixedClock,
    cohort,
    deliveries,
    enrollment,
    minutes_later,
    participant,
    programme,
    publish,
)
from vioP.domain.availability import Hours, Leave, every_day
from vioP.domain.delivery import Channel
from vioP.domain.errors import NoPlan, NoProgramme, StalePlan
from vioP.domain.ids import ParticipantId, StaffId
from vioP.domain.programme import Programme
from vioP.domain.session import Block
from vioP.domain.time import later
from vioP.flows.build_week import build_week
from vioP.flows.deliver import deliver
from vioP.flows.enroll import discharge
from vioP.flows.import_programme import import_programme
from vioP.flows.publish_week import publish_week
from vioP.ports import Ports
from vioP.storage import Store

BEFORE = minutes_later(-2 * 24 * 60)


@pytest.fixture(autouse=True)
def sunday(clock: FixedClock):
    """The week is planned on the Sunday before."""
    clock.moment = BEFORE


async def test_a_first_publication_invites_everybody_once(ports: Ports, store: Store):
    await import_programme(ports, programme(), "k1")

    done = await publish(ports)

    assert (done.invited, done.updated, done.cancelled) == (12, 0, 0)
    assert len(await deliveries(store)) == 12


async def test_publishing_twice_writes_nothing(ports: Ports, statements):
    await import_programme(ports, programme(), "k1")
    await publish(ports)
    statements.clear()

    again = await publish_week(ports, WEEK, "k1")

    assert again.number == 0
    assert not [each for each in statements if not each.strip().startswith("SELECT")]


async def test_building_again_finds_the_same_week_and_tells_nobody(
    ports: Ports, store: Store
):
    await import_programme(ports, programme(), "k1")
    await publish(ports)

    assert (await publish(ports)).number == 0
    assert len(await deliveries(store)) == 12


async def test_a_changed_programme_makes_a_draft_stale(ports: Ports):
    await import_programme(ports, programme(), "k1")
    await build_week(ports, WEEK, "k1")
    await import_programme(
        ports, programme([participant(f"p{n}") for n in range(1, 6)]), "k1"
    )

    with pytest.raises(StalePlan):
        await publish_week(ports, WEEK, "k1")


async def test_somebody_elses_newer_draft_makes_the_one_on_screen_stale(ports: Ports):
    await import_programme(ports, programme(), "k1")
    seen = await build_week(ports, WEEK, "k1")
    await build_week(ports, WEEK, "k2")

    with pytest.raises(StalePlan):
        await publish_week(ports, WEEK, "k1", seen.revision)


async def test_nothing_to_publish_is_said_so(ports: Ports):
    with pytest.raises(NoProgramme):
        await build_week(ports, WEEK, "k1")
    with pytest.raises(NoPlan):
        await publish_week(ports, WEEK, "k1")


async def test_a_newcomer_changes_nobody_elses_week(ports: Ports):
    await import_programme(ports, programme(), "k1")
    await publish(ports)
    people = [participant(f"p{n}") for n in range(1, 6)]
    await import_programme(ports, programme(people), "k1")

    done = await publish(ports)

    assert (done.invited, done.updated, done.cancelled) == (3, 0, 0)


async def test_a_discharge_cancels_what_is_ahead_with_the_sequence_raised(
    ports: Ports, store: Store
):
    await import_programme(ports, programme(), "k1")
    await publish(ports)
    await deliver(ports, Channel.MAIL)
    await discharge(ports, ParticipantId("p4"), date(2026, 3, 9), "k1")

    done = await publish(ports)

    assert done.cancelled >= 2
    cancels = [each for each in await deliveries(store) if each["kind"] == "cancel"]
    assert {each["revision"] for each in cancels} == {1}


async def test_leave_moves_only_the_appointments_it_touches(ports: Ports, store: Store):
    await import_programme(ports, programme(), "k1")
    await publish(ports)
    await deliver(ports, Channel.MAIL)
    async with store.read() as tx:
        before = {seat.id: seat for seat in (await tx.weeks.told(WEEK)).seats}
    first = min(
        (seat for seat in before.values() if "individual" in seat.session_key),
        key=lambda seat: seat.starts,
    )
    async with store.write() as tx:
        await tx.programme.add_leave(
            "lve_1", StaffId("c1"), Leave(first.starts, first.ends)
        )

    done = await publish(ports)

    assert (done.invited, done.cancelled) == (0, 0)
    assert 1 <= done.updated <= 2
    async with store.read() as tx:
        after = {seat.id: seat for seat in (await tx.weeks.told(WEEK)).seats}
    changed = [each for each in after.values() if before[each.id] != each]
    assert len(changed) == done.updated
    assert all(each.sequence == 1 and each.uid == before[each.id].uid for each in changed)


async def test_somebody_who_comes_back_keeps_their_uid_and_goes_on_counting(
    ports: Ports, store: Store
):
    await import_programme(ports, programme(), "k1")
    await publish(ports)
    await deliver(ports, Channel.MAIL)
    everybody = programme()
    without = [each for each in everybody.enrollments if each.participant_id != "p4"]
    plans = [each for each in everybody.service_plans if each.participant_id != "p4"]
    await import_programme(
        ports,
        replace(everybody, enrollments=tuple(without), service_plans=tuple(plans)),
        "k1",
    )
    await publish(ports)
    await deliver(ports, Channel.MAIL)
    await import_programme(ports, everybody, "k1")

    await publish(ports)

    async with store.read() as tx:
        seats = (await tx.weeks.told(WEEK)).seats
    assert {seat.sequence for seat in seats if seat.participant_id == "p4"} == {2}
    assert {seat.sequence for seat in seats if seat.participant_id == "p1"} == {0}


async def test_the_price_of_publishing_does_not_grow_with_seats(ports: Ports, statements):
    counts = []
    for size in (4, 8):
        people = [participant(f"p{n}") for n in range(1, size + 1)]
        await import_programme(ports, programme(people), "k1")
        await build_week(ports, WEEK, "k1")
        statements.clear()
        await publish_week(ports, WEEK, "k1")
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 23


async def test_the_price_of_building_does_not_grow_with_people(ports: Ports, statements):
    counts = []
    for size in (4, 8):
        people = [participant(f"p{n}") for n in range(1, size + 1)]
        await import_programme(ports, programme(people), "k1")
        statements.clear()
        await build_week(ports, WEEK, "k1")
        counts.append(len(statements))

    assert counts[0] == counts[1]


async def test_whoever_has_no_mail_address_is_written_down_as_not_told(
    ports: Ports, store: Store
):
    nobody = participant("p4", contact=replace(participant().contact, email=""))
    people = [*(participant(f"p{n}") for n in range(1, 4)), nobody]
    await import_programme(ports, programme(people), "k1")

    await publish(ports)

    skipped = [each for each in await deliveries(store) if each["state"] == "skipped"]
    assert {each["reason"] for each in skipped} == {"no_address"}
    assert len(skipped) == 3


async def test_an_enrollment_that_begins_midweek_begins_midweek(ports: Ports, store: Store):
    everybody = programme()
    late = enrollment("p4", first=date(2026, 3, 11))
    others = [each for each in everybody.enrollments if each.participant_id != "p4"]
    await import_programme(ports, replace(everybody, enrollments=(*others, late)), "k1")

    await publish(ports)

    async with store.read() as tx:
        seats = [s for s in (await tx.weeks.told(WEEK)).seats if s.participant_id == "p4"]
    assert min(seat.starts for seat in seats) > minutes_later(24 * 60 - 9 * 60)
    assert len(seats) == 2
    assert all(seat.ends < seat.starts + timedelta(hours=3) for seat in seats)


async def test_nothing_is_planned_into_the_past_and_what_was_held_stays(
    ports: Ports, store: Store, clock: FixedClock
):
    await import_programme(ports, programme(), "k1")
    await publish(ports)
    async with store.read() as tx:
        before = {seat.id: seat for seat in (await tx.weeks.told(WEEK)).seats}
    clock.moment = minutes_later(3 * 60)
    people = [participant(f"p{n}") for n in range(1, 6)]
    await import_programme(ports, programme(people), "k1")

    done = await publish(ports)

    async with store.read() as tx:
        after = {seat.id: seat for seat in (await tx.weeks.told(WEEK)).seats}
    assert done.updated == done.cancelled == 0
    assert {key: after[key] for key in before} == before
    new = [seat for key, seat in after.items() if key not in before]
    assert len(new) == done.invited == 2
    assert all(seat.starts >= clock.moment for seat in new)


@pytest.mark.parametrize(
    ("passed", "at"),
    [(30, time(13)), (3 * 60, time(13)), (-20, time(8, 30)), (30, time(8, 30))],
    ids=["while it runs", "when it is over", "to a time that is past", "to one before it"],
)
async def test_a_group_that_has_begun_or_would_have_keeps_its_time_whatever_a_file_says(
    ports: Ports, store: Store, clock: FixedClock, passed: int, at: time
):
    await import_programme(ports, programme(), "k1")
    await publish(ports)
    async with store.read() as tx:
        before = {seat.id: seat for seat in (await tx.weeks.told(WEEK)).seats}
    clock.moment = minutes_later(passed)
    shorter = cohort(at=at, blocks=(Block("skills", 90),))
    await import_programme(ports, programme(cohorts=(shorter,)), "k1")

    done = await publish(ports)

    async with store.read() as tx:
        after = {seat.id: seat for seat in (await tx.weeks.told(WEEK)).seats}
    moved = {seat.session_key for key, seat in after.items() if seat != before[key]}
    assert f"tidewater:{date(2026, 3, 12)}" in moved
    assert f"tidewater:{date(2026, 3, 10)}" not in moved
    assert done.invited == done.cancelled == 0
    async with store.read() as tx:
        last = await tx.weeks.published(WEEK)
    assert last is not None
    [today] = [s for s in last.plan.sessions if s.key == f"tidewater:{date(2026, 3, 10)}"]
    assert (today.promise.at, today.care_minutes) == (time(9), 120)


async def test_a_group_that_is_yet_to_begin_goes_where_a_file_puts_it(
    ports: Ports, store: Store, clock: FixedClock
):
    await import_programme(ports, programme(), "k1")
    await publish(ports)
    clock.moment = minutes_later(-60)
    await import_programme(ports, programme(cohorts=(cohort(at=time(13)),)), "k1")

    await publish(ports)

    async with store.read() as tx:
        seats = (await tx.weeks.told(WEEK)).seats
    today = {s.starts for s in seats if s.session_key == f"tidewater:{date(2026, 3, 10)}"}
    assert today == {minutes_later(4 * 60)}


def with_hours(opens: int) -> Programme:
    """The small program, with clinicians who begin at an hour."""
    plain = programme()
    staff = [
        replace(each, hours=every_day(time(opens), time(18))) if each.licences else each
        for each in plain.staff
    ]
    return replace(plain, staff=tuple(staff))


def closed_today() -> Programme:
    """The small program, closed on the day of its first group."""
    plain = programme()
    return replace(plain, program=replace(plain.program, holidays=(date(2026, 3, 10),)))


@pytest.mark.parametrize("passed", [30, 3 * 60])
@pytest.mark.parametrize(
    "changed",
    [
        with_hours(13),
        closed_today(),
        programme(cohorts=(cohort(days=(2, 3)),)),
        programme(cohorts=(cohort(facilitators=(StaffId("c2"),)),)),
    ],
    ids=["hours", "closed", "weekday", "facilitator"],
)
async def test_nobody_is_put_out_of_a_group_that_has_begun_whatever_a_file_says(
    ports: Ports, store: Store, clock: FixedClock, changed: Programme, passed: int
):
    await import_programme(ports, replace(programme(), service_plans=()), "k1")
    await publish(ports)
    today = f"tidewater:{date(2026, 3, 10)}"
    async with store.read() as tx:
        told = await tx.weeks.told(WEEK)
    clock.moment = minutes_later(passed)
    await import_programme(ports, replace(changed, service_plans=()), "k1")

    await publish(ports)

    async with store.read() as tx:
        now, last = await tx.weeks.told(WEEK), await tx.weeks.published(WEEK)
        running = await tx.live.session(told.sessions[today])
    before = {seat for seat in told.seats if seat.session_key == today}
    assert {seat for seat in now.seats if seat.session_key == today} == before
    assert last is not None
    assert today in {each.key for each in last.plan.sessions}
    assert today not in {each.need for each in last.plan.unplaced}
    assert running is not None
    assert "c1" in running.staff


@pytest.mark.parametrize("passed", [10, 3 * 60])
@pytest.mark.parametrize(
    "changed",
    [
        with_hours(17),
        closed_today(),
        replace(
            programme(),
            service_plans=tuple(
                replace(each, staff_id=StaffId("c2"), minutes=30)
                for each in programme().service_plans
            ),
        ),
        programme(
            [
                participant(f"p{n}", hours=(Hours(4, time(9), time(12)),))
                for n in range(1, 5)
            ]
        ),
    ],
    ids=["hours", "closed", "clinician", "participant"],
)
async def test_an_appointment_that_has_begun_stays_as_it_is_whatever_a_file_says(
    ports: Ports, store: Store, clock: FixedClock, changed: Programme, passed: int
):
    await import_programme(ports, programme(), "k1")
    await publish(ports)
    async with store.read() as tx:
        told = await tx.weeks.told(WEEK)
    first = min(
        (each for each in told.seats if each.group_day is None), key=lambda e: e.starts
    )
    clock.moment = later(first.starts, timedelta(minutes=passed))
    await import_programme(ports, changed, "k1")

    await publish(ports)

    async with store.read() as tx:
        now, last = await tx.weeks.told(WEEK), await tx.weeks.published(WEEK)
    assert first in now.seats
    assert last is not None
    [stays] = [each for each in last.plan.sessions if each.key == first.session_key]
    assert (stays.starts, stays.ends, stays.staff) == (first.starts, first.ends, ("c1",))

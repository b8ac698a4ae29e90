"""A sick call: the clinician's appointments move, others stay, and it can be taken back."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from tests.make import clinician, make_ports, programme, publish
from vioP.domain.availability import every_day
from vioP.domain.errors import Invalid, Missing
from vioP.domain.ids import StaffId
from vioP.domain.search import Wish
from vioP.domain.time import Week
from vioP.flows.build_week import build_week
from vioP.flows.compare_week import compare_week
from vioP.flows.import_programme import import_programme
from vioP.flows.note_leave import note_leave, show_leave, take_back_leave
from vioP.flows.show import show_week
from vioP.planner.changes import What
from vioP.ports import Clock, Ports
from vioP.storage import Store

WEEK = Week(date(2026, 3, 16))


async def told(store: Store, clock: Clock, **parts: Any) -> Ports:
    ports = make_ports(store, clock)
    await import_programme(ports, replace(programme(), **parts), "test")
    await publish(ports, WEEK)
    return ports


async def test_a_sick_day_moves_that_days_appointments_and_says_it_was_forced(store, clock):
    ports = await told(store, clock)
    shown = await show_week(ports, WEEK)
    assert shown.published is not None
    own = next(each for each in shown.published.plan.sessions if each.cohort_id is None)
    day = own.promise.day

    await note_leave(ports, own.staff[0], day, day, "test")
    assert (await show_week(ports, WEEK)).is_stale
    await build_week(ports, WEEK, "test")

    compared = await compare_week(ports, WEEK, await show_week(ports, WEEK))
    moved = [each for each in compared.changes if each.what is What.MOVED and each.before]
    gone = {each.key for each in moved if each.before and each.before.cohort_id is None}
    then = {
        each.key
        for each in shown.published.plan.sessions
        if each.cohort_id is None and each.staff == own.staff and each.promise.day == day
    }
    assert gone == then
    assert all(
        each.why == ("the clinician does not work then",)
        for each in moved
        if each.key in gone
    )
    assert compared.before is not None
    assert compared.after is not None
    before, after = (
        {each.wish: each.count for each in week.wishes}
        for week in (compared.before, compared.after)
    )
    assert before[Wish.TOLD_OTHERWISE] == 0
    assert after[Wish.TOLD_OTHERWISE] == len(gone)
    assert compared.before.score < compared.after.score


async def test_a_group_nobody_can_hold_names_who_could(store, clock):
    spare = clinician("c8", hours=every_day(time(8), time(18)))
    ports = await told(store, clock, staff=(*programme().staff, spare))
    cohort = programme().cohorts[0]
    day = WEEK.monday + timedelta(days=cohort.days[0])
    for each in cohort.facilitators:
        await note_leave(ports, each, day, day, "test")

    built = await build_week(ports, WEEK, "test")

    unheld = next(each for each in built.plan.unplaced if each.need.startswith(cohort.id))
    assert "c8" in unheld.remedies[0]


async def test_leave_is_taken_back_once(store, clock):
    ports = await told(store, clock)
    noted = await note_leave(ports, StaffId("c1"), WEEK.monday, WEEK.monday, "test")
    assert [each.id for each in await show_leave(ports)] == [noted.id]

    await take_back_leave(ports, noted.id, "test")

    assert await show_leave(ports) == []
    with pytest.raises(Missing):
        await take_back_leave(ports, noted.id, "test")


async def test_leave_of_nobody_or_backwards_is_refused(store, clock):
    ports = await told(store, clock)
    with pytest.raises(Missing):
        await note_leave(ports, StaffId("nobody"), WEEK.monday, WEEK.monday, "test")
    before = WEEK.monday - timedelta(days=1)
    with pytest.raises(Invalid):
        await note_leave(ports, StaffId("c1"), WEEK.monday, before, "test")

"""Time off: what it would touch, and that nothing changes before somebody has agreed."""

from dataclasses import replace
from datetime import date

import pytest

from tests.make import WEEK, FixedClock, cohort, make_ports, minutes_later
from tests.make import programme as small
from vioP.domain.errors import Invalid, Missing, TimeOffDecided
from vioP.domain.ids import StaffId
from vioP.domain.time_off import TimeOffState
from vioP.flows.ask_time_off import ask_time_off, show_own_time_off, withdraw_time_off
from vioP.flows.build_week import build_week
from vioP.flows.decide_time_off import (
    accept_time_off,
    count_time_off,
    decline_time_off,
    show_time_off,
)
from vioP.flows.foresee_time_off import foresee_time_off
from vioP.flows.import_programme import import_programme
from vioP.flows.note_leave import show_leave, take_back_leave
from vioP.flows.publish_week import publish_week
from vioP.flows.show import show_week
from vioP.ports import Ports

WHO, OTHER = StaffId("c1"), StaffId("c2")
THURSDAY, NEXT_TUESDAY = date(2026, 3, 12), date(2026, 3, 17)


@pytest.fixture
async def told(store, clock: FixedClock) -> Ports:
    """The small program, c1 its only facilitator, this week published and the next one not."""
    clock.moment = minutes_later(-120)
    ports = make_ports(store, clock)
    alone = replace(cohort(), facilitators=(WHO,))
    await import_programme(ports, small(cohorts=(alone,)), "test")
    await build_week(ports, WEEK, "test")
    await publish_week(ports, WEEK, "test")
    return ports


async def test_the_preview_names_groups_and_who_could_stand_in_and_keeps_nothing(
    told: Ports,
):
    now, then = await foresee_time_off(told, WHO, THURSDAY, NEXT_TUESDAY)

    assert [each.meeting.starts.date() for each in (*now.groups, *then.groups)] == [
        THURSDAY,
        NEXT_TUESDAY,
    ]
    assert now.groups[0].hosts == ()
    assert [each.id for each in now.groups[0].candidates] == [OTHER]
    assert now.is_told
    assert all(each.before and WHO in each.before.staff for each in now.changes)
    assert now.unplaced == 1
    assert (then.is_told, then.changes) == (False, ())
    assert await show_leave(told) == []
    assert await count_time_off(told) == 0


async def test_asking_changes_nothing_until_a_coordinator_agrees(told: Ports):
    asked = await ask_time_off(told, WHO, THURSDAY, NEXT_TUESDAY)

    assert await show_leave(told) == []
    assert not (await show_week(told, WEEK)).is_stale
    assert await show_time_off(told) == [asked]

    await accept_time_off(told, asked.id, "k1")

    [leave] = await show_leave(told)
    assert (leave.id, leave.staff_id) == (asked.id, WHO)
    assert (await show_week(told, WEEK)).is_stale
    assert await show_time_off(told) == []
    [own] = await show_own_time_off(told, WHO)
    assert own.state is TimeOffState.ACCEPTED

    await take_back_leave(told, leave.id, "k1")
    [own] = await show_own_time_off(told, WHO)
    assert own.state is TimeOffState.WITHDRAWN


async def test_who_is_declined_reads_why_and_may_ask_again(told: Ports):
    asked = await ask_time_off(told, WHO, THURSDAY, THURSDAY)
    with pytest.raises(Invalid, match="Say why"):
        await decline_time_off(told, asked.id, "", "k1")

    await decline_time_off(told, asked.id, "Nobody else can hold the group.", "k1")

    [own] = await show_own_time_off(told, WHO)
    assert (own.state, own.answer) == (
        TimeOffState.DECLINED,
        "Nobody else can hold the group.",
    )
    assert await show_leave(told) == []
    await ask_time_off(told, WHO, THURSDAY, THURSDAY)
    assert await count_time_off(told) == 1


async def test_a_request_is_decided_once_and_only_its_own_clinician_takes_it_back(
    told: Ports,
):
    asked = await ask_time_off(told, WHO, THURSDAY, THURSDAY)
    with pytest.raises(Missing):
        await withdraw_time_off(told, OTHER, asked.id)
    await withdraw_time_off(told, WHO, asked.id)

    with pytest.raises(TimeOffDecided):
        await accept_time_off(told, asked.id, "k1")
    with pytest.raises(TimeOffDecided):
        await decline_time_off(told, asked.id, "No.", "k1")
    with pytest.raises(TimeOffDecided):
        await withdraw_time_off(told, WHO, asked.id)

    assert await show_leave(told) == []


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (NEXT_TUESDAY, THURSDAY, "is before the first"),
        (date(2026, 3, 9), THURSDAY, "is over"),
        (THURSDAY, date(2026, 4, 9), "At most 28 days"),
        (date(2026, 3, 11), THURSDAY, "already"),
    ],
)
async def test_days_that_cannot_be_asked_for_are_refused_with_the_reason(
    told: Ports, first: date, last: date, says: str
):
    await ask_time_off(told, WHO, THURSDAY, THURSDAY)

    with pytest.raises(Invalid, match=says):
        await ask_time_off(told, WHO, first, last)

    assert await count_time_off(told) == 1

"""Somebody is out today: the preview keeps nothing, and one press does what it showed."""

from dataclasses import replace
from datetime import date

import pytest

from tests.make import WEEK, FixedClock, cohort, make_ports, minutes_later
from tests.make import programme as small
from vioP.domain.errors import Invalid, Missing, StalePlan
from vioP.domain.ids import CohortId, StaffId
from vioP.flows.arrange import show_arrangements
from vioP.flows.build_week import build_week
from vioP.flows.import_programme import import_programme
from vioP.flows.note_leave import note_leave, show_leave
from vioP.flows.publish_week import publish_week
from vioP.flows.show import show_week
from vioP.flows.sick_call import show_sick_call, take_sick_call
from vioP.ports import Ports

OUT, DAY = StaffId("c1"), date(2026, 3, 10)
GROUP = CohortId("tidewater")
INSTEAD = {GROUP: StaffId("c2")}


@pytest.fixture
async def told(store, clock: FixedClock) -> Ports:
    """The small program, c1 its only facilitator, its week published, on the morning of the day."""
    clock.moment = minutes_later(-120)
    ports = make_ports(store, clock)
    alone = replace(cohort(), facilitators=(OUT,))
    await import_programme(ports, small(cohorts=(alone,)), "test")
    await build_week(ports, WEEK, "test")
    await publish_week(ports, WEEK, "test")
    return ports


async def hosts(ports: Ports) -> dict[str, tuple[StaffId, ...]]:
    week = await show_week(ports, WEEK)
    assert week.published is not None
    return {each.key: each.staff for each in week.published.plan.sessions}


async def test_the_preview_says_who_is_lacking_and_who_could_stand_in_and_keeps_nothing(
    told: Ports,
):
    before = await hosts(told)

    found = await show_sick_call(told, OUT, DAY, {})
    with_c2 = await show_sick_call(told, OUT, DAY, INSTEAD)

    [group] = found.groups
    assert (group.cohort_id, group.people, group.hosts) == (GROUP, 4, ())
    assert len(group.lacking) == 4
    assert [(each.id, each.covers) for each in group.candidates] == [("c2", 4)]
    assert any(each.need.startswith("tidewater") for each in found.supposed.unplaced)
    assert with_c2.supposed.unplaced == ()
    assert await show_leave(told) == []
    assert await hosts(told) == before


async def test_one_press_puts_the_substitute_in_and_tells_only_whose_time_changes(
    told: Ports,
):
    shown = await show_sick_call(told, OUT, DAY, INSTEAD)

    published = await take_sick_call(told, OUT, DAY, INSTEAD, shown.version, "k1")

    assert (await hosts(told))["tidewater:2026-03-10"] == ("c2",)
    assert published.updated == shown.supposed.told
    assert (published.updated, published.invited, published.cancelled) == (2, 0, 0)
    [leave] = await show_leave(told)
    assert leave.staff_id == OUT


async def test_what_was_looked_at_before_a_change_is_refused_and_nothing_is_written(
    told: Ports,
):
    shown = await show_sick_call(told, OUT, DAY, INSTEAD)
    await note_leave(told, StaffId("c2"), DAY, DAY, "k1")

    with pytest.raises(StalePlan):
        await take_sick_call(told, OUT, DAY, INSTEAD, shown.version, "k1")

    assert [each.staff_id for each in await show_leave(told)] == ["c2"]
    assert await show_arrangements(told) == []


@pytest.mark.parametrize(
    ("cohort_id", "who", "says"),
    [
        ("nowhere", "c2", "There is no cohort"),
        ("tidewater", "k1", "There is no clinician"),
        ("tidewater", "c1", "is a facilitator"),
    ],
)
async def test_a_substitute_who_cannot_be_one_is_refused_whole(
    told: Ports, cohort_id: str, who: str, says: str
):
    shown = await show_sick_call(told, OUT, DAY, {})
    chosen = {CohortId(cohort_id): StaffId(who)}

    with pytest.raises((Missing, Invalid), match=says):
        await take_sick_call(told, OUT, DAY, chosen, shown.version, "k1")

    assert await show_leave(told) == []

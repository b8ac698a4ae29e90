"""Somebody is out today: the preview keeps nothing, and one press does what it showed."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from tests.make import (
    WEEK,
    FixedClock,
    cohort,
    deliveries,
    enrollment,
    make_ports,
    minutes_later,
    participant,
)
from tests.make import programme as small
from vioP.domain.arrangement import MakeUp, MergedMeeting, StandIn
from vioP.domain.errors import Invalid, Missing, StalePlan
from vioP.domain.ids import CohortId, StaffId
from vioP.domain.people import CalendarChoice
from vioP.flows.arrange import arrange, show_arrangements, take_back_arrangement
from vioP.flows.build_week import build_week
from vioP.flows.import_programme import import_programme
from vioP.flows.mark_attendance import start_session
from vioP.flows.note_leave import note_leave, show_leave, take_back_leave
from vioP.flows.publish_week import publish_week
from vioP.flows.show import show_roster, show_week
from vioP.flows.sick_call import Instead, show_sick_call, take_sick_call
from vioP.planner.changes import What
from vioP.ports import Ports
from vioP.storage import Store
from vioP.web.course_words import course_line

OUT, DAY = StaffId("c1"), date(2026, 3, 10)
GROUP = CohortId("tidewater")
INSTEAD = [StandIn(GROUP, DAY, StaffId("c2"))]


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

    found = await show_sick_call(told, OUT, DAY, [])
    with_c2 = await show_sick_call(told, OUT, DAY, INSTEAD)

    [out] = found.groups
    group = out.without
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
    shown = await show_sick_call(told, OUT, DAY, [])
    chosen = [StandIn(CohortId(cohort_id), DAY, StaffId(who))]

    with pytest.raises((Missing, Invalid), match=says):
        await take_sick_call(told, OUT, DAY, chosen, shown.version, "k1")

    assert await show_leave(told) == []


CEDAR = CohortId("cedar")
TOGETHER = [MergedMeeting(GROUP, DAY, CEDAR)]


async def two_groups(
    store: Store,
    clock: FixedClock,
    at: time = time(9),
    capacity: int = 8,
    calendar: CalendarChoice = CalendarChoice.INVITES,
    **more: Any,
) -> Ports:
    """Tidewater with c1, and Cedar with c2 on the same days, each with people; published."""
    clock.moment = minutes_later(-120)
    ports = make_ports(store, clock)
    people = [participant(f"p{number}", calendar=calendar) for number in range(1, 7)]
    second = cohort("cedar", facilitators=(StaffId("c2"),), at=at, capacity=capacity)
    await import_programme(
        ports,
        small(
            people,
            cohorts=(
                replace(cohort(), facilitators=(OUT,)),
                second,
                *more.pop("cohorts", ()),
            ),
            enrollments=(
                *(enrollment(f"p{number}") for number in range(1, 5)),
                *(enrollment(f"p{number}", "cedar") for number in range(5, 7)),
                *more.pop("enrollments", ()),
            ),
            service_plans=(),
            **more,
        ),
        "test",
    )
    await build_week(ports, WEEK, "test")
    await publish_week(ports, WEEK, "test")
    return ports


async def seats_on(ports: Ports, day: date = DAY) -> dict[str, tuple[str, str, str, str]]:
    """Each person's seat of a day: its session, identifier, uid and link."""
    async with ports.store.read() as tx:
        told = await tx.weeks.told(WEEK)
    return {
        each.participant_id: (
            each.session_key,
            each.id,
            each.uid,
            ports.secrets.link_token(each.id),
        )
        for each in told.seats
        if each.group_day == day
    }


async def test_a_group_held_together_with_another_keeps_links_and_tells_nobody(
    store: Store, clock: FixedClock
):
    ports = await two_groups(store, clock)
    before, written = await seats_on(ports), len(await deliveries(store))

    found = await show_sick_call(ports, OUT, DAY, TOGETHER)
    published = await take_sick_call(ports, OUT, DAY, TOGETHER, found.version, "k1")

    [out] = found.groups
    assert [(each.into, each.fits) for each in out.merges] == [("cedar", 4)]
    whys = {each.key: each.why for each in found.supposed.changes}
    assert whys["tidewater:2026-03-10"] == ("it is held together with Cedar",)
    assert (found.supposed.told, found.supposed.unplaced) == (0, ())
    assert (published.invited, published.updated, published.cancelled) == (0, 0, 0)
    after = await seats_on(ports)
    assert {each[0] for each in after.values()} == {"cedar:2026-03-10"}
    assert {who: seat[1:] for who, seat in after.items()} == {
        who: seat[1:] for who, seat in before.items()
    }
    assert len(await deliveries(store)) == written
    assert (await hosts(ports))["cedar:2026-03-10"] == ("c2",)
    assert "tidewater:2026-03-10" not in await hosts(ports)
    assert "tidewater:2026-03-12" in await hosts(ports)
    [session] = await show_roster(ports, StaffId("c2"), DAY, "America/Denver")
    said = {each.participant_id: course_line(each.course).guest for each in session.seats}
    assert said == {
        **{f"p{number}": "From the Tidewater group, today" for number in range(1, 5)},
        "p5": "",
        "p6": "",
    }


async def test_where_nobody_lacks_anything_stand_ins_are_counted_over_everybody(
    store: Store, clock: FixedClock
):
    ports = await two_groups(store, clock, at=time(13))
    async with ports.store.read() as tx:
        known = await tx.programme.read()
    assert known is not None
    cohorts = [
        replace(e, facilitators=(OUT, StaffId("c2"))) if e.id == GROUP else e
        for e in known.cohorts
    ]
    staff = [
        replace(e, id=StaffId("c3"), email="c3@staff.example")
        for e in known.staff
        if e.id == "c2"
    ]
    changed = replace(known, cohorts=tuple(cohorts), staff=(*known.staff, *staff))
    await import_programme(ports, changed, "k1")

    [out] = (await show_sick_call(ports, OUT, DAY, [])).groups

    assert (out.without.lacking, out.without.hosts) == ((), ("c2",))
    assert [(each.id, each.covers) for each in out.without.candidates] == [("c3", 4)]


async def test_whoever_joins_at_another_time_gets_one_update_of_the_entry_they_have(
    store: Store, clock: FixedClock
):
    ports = await two_groups(store, clock, at=time(13))
    before = await seats_on(ports)

    found = await show_sick_call(ports, OUT, DAY, TOGETHER)
    published = await take_sick_call(ports, OUT, DAY, TOGETHER, found.version, "k1")

    assert found.supposed.told == published.updated == 4
    assert (published.invited, published.cancelled) == (0, 0)
    assert (await seats_on(ports))["p1"][1:] == before["p1"][1:]


async def test_taken_back_everybody_is_in_their_own_group_again(
    store: Store, clock: FixedClock
):
    ports = await two_groups(store, clock)
    before = await seats_on(ports)
    found = await show_sick_call(ports, OUT, DAY, TOGETHER)
    await take_sick_call(ports, OUT, DAY, TOGETHER, found.version, "k1")
    [leave], [noted] = await show_leave(ports), await show_arrangements(ports)

    await take_back_leave(ports, leave.id, "k1")
    await take_back_arrangement(ports, noted.id, "k1")
    await build_week(ports, WEEK, "k1")
    published = await publish_week(ports, WEEK, "k1")

    assert (published.invited, published.updated, published.cancelled) == (0, 0, 0)
    assert await seats_on(ports) == before


async def test_nothing_is_done_about_a_group_that_was_held_already(
    store: Store, clock: FixedClock
):
    ports = await two_groups(store, clock, at=time(13))
    async with ports.store.read() as tx:
        sessions = (await tx.weeks.told(WEEK)).sessions
    clock.moment = minutes_later(1)
    await start_session(ports, sessions[f"{GROUP}:{DAY}"], OUT)
    clock.moment = minutes_later(180)

    found = await show_sick_call(ports, OUT, DAY, [])

    assert found.groups == ()
    supposed = found.supposed
    assert (supposed.told, supposed.changes, supposed.unplaced) == (0, (), ())
    published = await take_sick_call(ports, OUT, DAY, [], found.version, "k1")
    assert (published.invited, published.updated, published.cancelled) == (0, 0, 0)
    week = await show_week(ports, WEEK)
    assert week.draft is not None
    assert week.draft.plan.unplaced == ()
    assert (await hosts(ports))["tidewater:2026-03-10"] == (OUT,)
    [leave] = await show_leave(ports)
    assert leave.leave.starts == minutes_later(130)


async def test_a_group_that_runs_loses_a_host_who_falls_ill_in_it(
    store: Store, clock: FixedClock
):
    ports = await two_groups(store, clock, at=time(13))
    clock.moment = minutes_later(30.5)

    found = await show_sick_call(ports, OUT, DAY, [])

    [out] = found.groups
    assert (out.without.cohort_id, out.without.hosts) == (GROUP, ())
    assert [each.need for each in found.supposed.unplaced] == ["tidewater:2026-03-10"]
    assert found.supposed.told == 4


async def test_whoever_had_a_place_there_before_is_told_and_the_preview_says_so(
    store: Store, clock: FixedClock
):
    ports = await two_groups(store, clock)
    first = await show_sick_call(ports, OUT, DAY, TOGETHER)
    await take_sick_call(ports, OUT, DAY, TOGETHER, first.version, "k1")
    [leave], [noted] = await show_leave(ports), await show_arrangements(ports)
    clock.moment = minutes_later(-5)  # the doors are open: places stay with their groups
    await take_back_leave(ports, leave.id, "k1")
    await take_back_arrangement(ports, noted.id, "k1")
    await build_week(ports, WEEK, "k1")
    back = await publish_week(ports, WEEK, "k1")
    assert (back.invited, back.cancelled) == (4, 4)
    clock.moment = minutes_later(-60)

    found = await show_sick_call(ports, OUT, DAY, TOGETHER)
    published = await take_sick_call(ports, OUT, DAY, TOGETHER, found.version, "k1")

    assert published.invited == published.cancelled == found.supposed.told == 4


@pytest.mark.parametrize("minutes", [-5, -10.5])
async def test_whoever_may_be_at_the_door_is_told_anew(
    store: Store, clock: FixedClock, minutes: float
):
    """What was seen of somebody at one door is no sign that they are behind another."""
    ports = await two_groups(store, clock)
    before = await seats_on(ports)
    clock.moment = minutes_later(minutes)

    found = await show_sick_call(ports, OUT, DAY, TOGETHER)
    published = await take_sick_call(ports, OUT, DAY, TOGETHER, found.version, "k1")

    assert found.supposed.told == published.invited == published.cancelled == 4
    assert (await seats_on(ports))["p1"][1] != before["p1"][1]


async def test_a_group_that_joins_a_smaller_one_leaves_its_people_their_places(
    store: Store, clock: FixedClock
):
    ports = await two_groups(store, clock, capacity=5)

    found = await show_sick_call(ports, OUT, DAY, TOGETHER)

    [out] = found.groups
    assert [each.fits for each in out.merges] == [3]
    assert [each.need for each in found.supposed.unplaced] == ["cedar:2026-03-10/p4"]


async def test_a_group_nobody_holds_is_made_up_for_in_the_same_press(
    told: Ports,
):
    found = await show_sick_call(told, OUT, DAY, [])
    [out] = found.groups
    best = out.make_ups[0]

    again = await show_sick_call(told, OUT, DAY, [best.make_up])
    published = await take_sick_call(told, OUT, DAY, [best.make_up], again.version, "k1")

    [moved] = [each for each in again.supposed.changes if each.key.startswith("tidewater")]
    assert moved.what is What.MOVED
    assert best.comers == 4
    assert best.make_up.day != DAY
    assert again.supposed.unplaced == ()
    assert (published.invited, published.cancelled) == (0, 0)
    assert published.updated >= 4
    key = f"tidewater:{best.make_up.day}:for-{DAY}"
    assert (await hosts(told))[key] == (OUT,)
    assert {each[0] for each in (await seats_on(told)).values()} == {key}


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (MergedMeeting(GROUP, DAY, CohortId("nowhere")), "There is no cohort nowhere"),
        (MergedMeeting(GROUP, date(2026, 3, 11), CEDAR), "does not meet on 2026-03-11"),
        (MergedMeeting(CEDAR, DAY, GROUP), "Tidewater is held together with Cedar"),
        (MakeUp(GROUP, DAY, date(2026, 3, 12), time(9)), "meets on 2026-03-12 anyway"),
    ],
)
async def test_what_cannot_be_is_refused_whole(
    store: Store, clock: FixedClock, what: Instead, says: str
):
    ports = await two_groups(store, clock)
    found = await show_sick_call(ports, OUT, DAY, [])

    with pytest.raises((Missing, Invalid), match=says):
        await take_sick_call(ports, OUT, DAY, [*TOGETHER, what], found.version, "k1")

    assert (await show_leave(ports), await show_arrangements(ports)) == ([], [])


MADE_UP = MakeUp(GROUP, DAY, date(2026, 3, 13), time(9))
FRIDAY = f"tidewater:2026-03-13:for-{DAY}"


@pytest.mark.parametrize("days", [0, 1], ids=["noted at noon", "noted on the next day"])
async def test_a_day_its_host_did_not_come_to_is_not_held_and_is_made_up_for(
    store: Store, clock: FixedClock, days: int
):
    ports = await two_groups(store, clock)
    clock.moment = minutes_later(days * 24 * 60 + 180)
    last = DAY + timedelta(days=days)

    noted = await note_leave(ports, OUT, DAY, last, "k1")
    await arrange(ports, MADE_UP, "k1")
    await build_week(ports, WEEK, "k1")
    await publish_week(ports, WEEK, "k1")

    assert noted.leave.starts == minutes_later(-9 * 60)
    assert FRIDAY in await hosts(ports)
    assert f"tidewater:{DAY}" not in await hosts(ports)


async def test_leave_that_is_noted_anew_calls_no_make_up_off(
    store: Store, clock: FixedClock
):
    ports = await two_groups(store, clock)
    noted = await note_leave(ports, OUT, DAY, DAY, "k1")
    await arrange(ports, MADE_UP, "k1")
    await build_week(ports, WEEK, "k1")
    await publish_week(ports, WEEK, "k1")
    clock.moment = minutes_later(25 * 60)

    await take_back_leave(ports, noted.id, "k1")
    await note_leave(ports, OUT, DAY, DAY + timedelta(days=1), "k1")
    await build_week(ports, WEEK, "k1")
    published = await publish_week(ports, WEEK, "k1")

    assert published.cancelled == 0
    assert FRIDAY in await hosts(ports)

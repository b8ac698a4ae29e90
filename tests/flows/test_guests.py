"""Whoever is a guest of another group for a day: they join, are reached, and are named as such."""

from dataclasses import replace
from datetime import time

import pytest

from tests.flows.test_sick_call import DAY, GROUP, OUT, TOGETHER, seats_on, two_groups
from tests.make import WEEK, FixedClock, cohort, deliveries, enrollment, minutes_later
from tests.make import programme as small
from vioP.domain.arrangement import MovedMeeting
from vioP.domain.attendance import Attendance, Fact, Presence
from vioP.domain.errors import Invalid
from vioP.domain.ids import SeatId, StaffId, TrackId
from vioP.domain.live import LiveSeat
from vioP.domain.people import CalendarChoice
from vioP.domain.program import Track
from vioP.flows.answer_invite import answer_invite
from vioP.flows.arrange import arrange
from vioP.flows.build_week import build_week
from vioP.flows.decide_matter import decide_matter, show_matters
from vioP.flows.mark_attendance import mark_attendance, start_session
from vioP.flows.publish_week import publish_week
from vioP.flows.record_join import record_join
from vioP.flows.show import show_roster, show_session
from vioP.flows.sick_call import show_sick_call, take_sick_call
from vioP.flows.watch_session import watch_session
from vioP.storage import Store
from vioP.web.course_words import course_line


async def test_whoever_follows_a_feed_hears_nothing_either(store: Store, clock: FixedClock):
    ports = await two_groups(store, clock, calendar=CalendarChoice.FEED)
    written = len(await deliveries(store))
    clock.forward(
        10
    )  # what is near and changed is told by mail, under the moment as its key

    found = await show_sick_call(ports, OUT, DAY, TOGETHER)
    await take_sick_call(ports, OUT, DAY, TOGETHER, found.version, "k1")

    assert len(await deliveries(store)) == written


async def test_a_guest_joins_by_the_link_they_have_and_one_who_does_not_is_reached(
    store: Store, clock: FixedClock
):
    ports = await two_groups(store, clock)
    found = await show_sick_call(ports, OUT, DAY, TOGETHER)
    links = await seats_on(ports)
    await take_sick_call(ports, OUT, DAY, TOGETHER, found.version, "k1")
    [session] = await show_roster(ports, StaffId("c2"), DAY, "America/Denver")

    clock.moment = minutes_later(-1)
    for who in ("p2", "p3", "p4", "p5", "p6"):
        await record_join(ports, links[who][3])
    clock.moment = minutes_later(1)
    await start_session(ports, session.id, StaffId("c2"))
    clock.moment = minutes_later(8)
    await watch_session(ports, session.id)

    [there] = await show_roster(ports, StaffId("c2"), DAY, "America/Denver")
    seen = {each.participant_id: each.presence for each in there.seats}
    assert {who for who in seen if seen[who] is not Presence.PRESENT} == {"p1"}
    steps = [each for each in await deliveries(store) if each["kind"] in {"nudge", "call"}]
    assert {each["kind"] for each in steps} == {"nudge", "call"}
    assert {each["seat_id"] for each in steps} == {links["p1"][1]}


async def test_a_guest_is_named_by_the_group_that_came_along_and_by_no_other_of_theirs(
    store: Store, clock: FixedClock
):
    plain = small()
    other = replace(cohort("aspen", days=(4,)), track_id=TrackId("other"))
    ports = await two_groups(
        store,
        clock,
        tracks=(*plain.tracks, Track(TrackId("other"), "Other")),
        cohorts=(other,),
        enrollments=(enrollment("p1", "aspen"),),
    )
    found = await show_sick_call(ports, OUT, DAY, TOGETHER)
    await take_sick_call(ports, OUT, DAY, TOGETHER, found.version, "k1")

    [session] = await show_roster(ports, StaffId("c2"), DAY, "America/Denver")

    [guest] = [each for each in session.seats if each.participant_id == "p1"]
    assert course_line(guest.course).guest == "From the Tidewater group, today"
    page = await show_session(ports, session.id)
    assert {e.id: e.course for e in page.seats} == {e.id: e.course for e in session.seats}


async def test_whoever_had_pressed_to_join_is_looked_for_at_the_time_it_is_moved_to(
    store: Store, clock: FixedClock
):
    ports = await two_groups(store, clock)
    links = await seats_on(ports)
    clock.moment = minutes_later(-5)
    for who in ("p1", "p2"):
        await record_join(ports, links[who][3])
    clock.forward(1)

    later_that_day = MovedMeeting(GROUP, DAY, DAY, time(13))
    await arrange(ports, later_that_day, "k1")
    await build_week(ports, WEEK, "k1")
    assert (await publish_week(ports, WEEK, "k1")).updated == 4
    clock.moment = minutes_later(4 * 60 - 1)
    await record_join(ports, links["p2"][3])
    clock.moment = minutes_later(4 * 60 + 1)
    [session] = await show_roster(ports, OUT, DAY, "America/Denver")
    await start_session(ports, session.id, OUT)
    clock.moment = minutes_later(4 * 60 + 8)
    await watch_session(ports, session.id)

    seats: dict[str, LiveSeat] = {each.participant_id: each for each in session.seats}
    assert seats["p1"].presence is Presence.AWAY
    assert seats["p1"].attendance(session) is Attendance.PENDING
    assert seats["p2"].attendance(session) is Attendance.PRESENT
    reached = {e["seat_id"] for e in await deliveries(store) if e["kind"] == "nudge"}
    assert seats["p1"].id in reached
    assert seats["p2"].id not in reached


@pytest.mark.parametrize(("at", "is_looked_for"), [(time(9), False), (time(13), True)])
async def test_whoever_was_excused_from_one_time_is_expected_at_another(
    store: Store, clock: FixedClock, at: time, *, is_looked_for: bool
):
    ports = await two_groups(store, clock, at=at)
    clock.forward(10)
    async with ports.store.read() as tx:
        told = await tx.weeks.told(WEEK)
    session = await show_session(ports, told.sessions[f"{GROUP}:{DAY}"])
    seat = SeatId((await seats_on(ports))["p1"][1])
    await mark_attendance(ports, session, seat, Fact.MARKED_EXCUSED, "c1")
    clock.forward(10)

    found = await show_sick_call(ports, OUT, DAY, TOGETHER)
    await take_sick_call(ports, OUT, DAY, TOGETHER, found.version, "k1")

    [session] = await show_roster(ports, StaffId("c2"), DAY, "America/Denver")
    [guest] = [each for each in session.seats if each.id == seat]
    assert guest.is_excused is not is_looked_for


async def test_a_no_to_one_time_lets_nobody_go_from_another(
    store: Store, clock: FixedClock
):
    ports = await two_groups(store, clock, at=time(13))
    clock.forward(10)
    seat = (await seats_on(ports))["p1"][1]
    token = ports.secrets.rsvp_token(SeatId(seat))
    await answer_invite(ports, token, "no", "", 0)
    clock.forward(10)

    found = await show_sick_call(ports, OUT, DAY, TOGETHER)
    await take_sick_call(ports, OUT, DAY, TOGETHER, found.version, "k1")

    [line] = await show_matters(ports)
    assert line.is_outdated
    assert line.starts == minutes_later(0)
    with pytest.raises(Invalid, match="only be decided as keep, done"):
        await decide_matter(ports, line.matter.id, "absent", "k1")
    await decide_matter(ports, line.matter.id, "done", "k1")
    [session] = await show_roster(ports, StaffId("c2"), DAY, "America/Denver")
    [guest] = [each for each in session.seats if each.id == seat]
    assert guest.is_expected(session)
    assert not guest.is_excused

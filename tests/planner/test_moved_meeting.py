"""A group's meeting that was moved, and a pin that says with whom."""

from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.make import cohort, programme
from tests.planner.test_arranged import P1, WEEK, own, planned, stated, unplaced
from vioP.domain.arrangement import MovedMeeting, Pin
from vioP.domain.ids import CohortId, StaffId
from vioP.planner.moving import is_superseded

TUESDAY, WEDNESDAY = date(2026, 3, 17), date(2026, 3, 18)
TIDEWATER = CohortId("tidewater")
THURSDAY, WEEKLY = date(2026, 3, 19), timedelta(weeks=1)
ONCE = MovedMeeting(TIDEWATER, TUESDAY, WEDNESDAY, time(10))
LASTING = replace(ONCE, is_lasting=True)
PIN = Pin(P1, "individual", 3, time(13, 35), WEEK.monday)


def test_a_moved_meeting_stays_the_same_meeting_at_another_time():
    plan = planned(
        programme(), MovedMeeting(TIDEWATER, TUESDAY, WEDNESDAY, time(10), StaffId("c2"))
    )

    [held] = [each for each in plan.sessions if each.key == f"tidewater:{TUESDAY}"]
    starts = held.starts.astimezone(ZoneInfo(cohort().zone))
    assert (starts.date(), starts.time()) == (WEDNESDAY, time(10))
    assert (held.promise.day, held.promise.at) == (WEDNESDAY, time(10))
    assert held.staff == ("c2", "c1")
    assert held.participants == ("p1", "p2", "p3", "p4")
    assert not plan.violations
    assert not [each for each in plan.notices if "is not held" in each.text]


def test_the_later_noted_of_two_moves_counts():
    plan = planned(
        programme(),
        MovedMeeting(TIDEWATER, TUESDAY, WEDNESDAY, time(10)),
        MovedMeeting(TIDEWATER, TUESDAY, TUESDAY, time(11)),
    )

    [held] = [each for each in plan.sessions if each.key == f"tidewater:{TUESDAY}"]
    assert (held.promise.day, held.promise.at) == (TUESDAY, time(11))


def test_a_lasting_move_moves_the_same_weekday_of_every_week_to_come():
    lasting = MovedMeeting(
        TIDEWATER, TUESDAY - WEEKLY, WEDNESDAY - WEEKLY, time(10), is_lasting=True
    )
    once = MovedMeeting(TIDEWATER, TUESDAY, TUESDAY, time(11))
    later = replace(lasting, instead_of=TUESDAY + WEEKLY, day=WEDNESDAY + WEEKLY)

    def tuesday(*moves: MovedMeeting) -> tuple[date, time]:
        plan = planned(programme(), *moves)
        [held] = [each for each in plan.sessions if each.key == f"tidewater:{TUESDAY}"]
        [thursday] = [each for each in plan.sessions if each.key == f"tidewater:{THURSDAY}"]
        assert (thursday.promise.day, thursday.promise.at) == (THURSDAY, time(9))
        return held.promise.day, held.promise.at

    assert tuesday(lasting) == (WEDNESDAY, time(10))
    assert tuesday(lasting, once) == (TUESDAY, time(11))
    assert tuesday(once, lasting) == (WEDNESDAY, time(10))
    assert tuesday(later) == (TUESDAY, time(9))  # it has not begun


@pytest.mark.parametrize(
    ("old", "new", "superseded"),
    [
        (ONCE, replace(ONCE, at=time(12)), True),
        (ONCE, replace(ONCE, instead_of=THURSDAY), False),
        (ONCE, LASTING, True),
        (replace(ONCE, instead_of=TUESDAY - WEEKLY), LASTING, False),  # a week before it
        (LASTING, ONCE, False),  # it holds on in all other weeks
        (LASTING, replace(LASTING, at=time(12)), True),
        (replace(LASTING, instead_of=TUESDAY - WEEKLY), LASTING, False),
        (replace(LASTING, instead_of=TUESDAY + WEEKLY), LASTING, True),
        (ONCE, replace(LASTING, cohort_id=CohortId("other")), False),
    ],
)
def test_a_newer_move_makes_an_older_one_superfluous_where_it_says_all_of_it(
    old: MovedMeeting, new: MovedMeeting, superseded: bool
):
    assert is_superseded(old, new) is superseded


def test_a_meeting_moved_to_a_time_nobody_works_is_not_held():
    plan = planned(programme(), MovedMeeting(TIDEWATER, TUESDAY, TUESDAY, time(21)))

    assert f"tidewater:{TUESDAY}" in unplaced(plan)


def test_a_pin_may_say_with_whom_and_of_which_plan():
    plain = programme()

    other = planned(plain, replace(PIN, staff_id=StaffId("c2")))
    not_ours = planned(plain, replace(PIN, plan_id="another-plan"))

    zone = ZoneInfo("America/Denver")
    assert own(other).staff == ("c2",)
    assert own(other).starts.astimezone(zone).time() == time(13, 35)
    assert own(not_ours).starts == own(planned(plain)).starts


def test_the_later_noted_of_two_pins_counts():
    week_only = replace(PIN, at=time(15), first=WEEK.monday, last=date(2026, 3, 22))

    statement = stated(programme(), PIN, week_only)

    plan = next(e for e in programme().service_plans if e.participant_id == P1)
    assert statement.arranged.pin_of(plan) == week_only

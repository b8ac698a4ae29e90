"""Clocks that change apart: who meets at another reading, and who is told when."""

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.make import cohort, enrollment
from vioP.domain.clocks import Ahead, change_between, moved_readings, notice_due
from vioP.domain.enrollment import Pause

NEW_YORK, PHOENIX, LONDON = (
    ZoneInfo(each) for each in ("America/New_York", "America/Phoenix", "Europe/London")
)
DEMO = Path(__file__).parents[2] / "config" / "demo"
MARCH, NOVEMBER = date(2027, 3, 14), date(2027, 11, 7)
MEETS = cohort("harbor", zone="America/New_York", days=(0, 3), at=time(13))
IN_IT = enrollment("p1", "harbor", first=date(2027, 1, 4), until=date(2027, 12, 31))
# Every zone of the demo, and whether it changes on the same days as New York.
ZONES = {
    "America/Anchorage": True, "America/Boise": True, "America/Chicago": True,
    "America/Denver": True, "America/Indiana/Indianapolis": True,
    "America/Indiana/Tell_City": True, "America/Kentucky/Louisville": True,
    "America/Los_Angeles": True, "America/Menominee": True, "America/New_York": True,
    "America/Phoenix": False, "Pacific/Honolulu": False,
}  # fmt: skip


def test_every_zone_of_the_demo_is_looked_at():
    people = (DEMO / "participants.csv").read_text().splitlines()

    assert {each.split(",")[5] for each in people[1:]} == set(ZONES)


@pytest.mark.parametrize("day", [MARCH, NOVEMBER])
@pytest.mark.parametrize("zone", ZONES)
def test_only_clocks_that_change_apart_move_anything(zone: str, day: date):
    monday = date.fromordinal(day.toordinal() - 6)

    change = change_between(NEW_YORK, ZoneInfo(zone), monday)
    moved = moved_readings(MEETS, [IN_IT], ZoneInfo(zone), day)

    assert change == (None if ZONES[zone] else day)
    assert len(moved) == (0 if ZONES[zone] else 2)


def test_the_reading_moves_by_the_hour_the_anchor_moved():
    spring = moved_readings(MEETS, [IN_IT], PHOENIX, MARCH)
    autumn = moved_readings(MEETS, [IN_IT], PHOENIX, NOVEMBER)

    assert [(each.before.hour, each.after.hour) for each in spring] == [(11, 10), (11, 10)]
    assert [(each.before.hour, each.after.hour) for each in autumn] == [(10, 11), (10, 11)]
    assert spring[0].starts.date() == date(2027, 3, 15)


def test_a_clock_that_changes_two_weeks_later_moves_twice():
    assert change_between(NEW_YORK, LONDON, date(2027, 3, 10)) == MARCH
    assert change_between(NEW_YORK, LONDON, date(2027, 3, 22)) == date(2027, 3, 27)
    [first, *_] = moved_readings(MEETS, [IN_IT], LONDON, MARCH)
    [back, *_] = moved_readings(MEETS, [IN_IT], LONDON, date(2027, 3, 27))
    assert (first.before.hour, first.after.hour) == (18, 17)
    assert (back.before.hour, back.after.hour) == (17, 18)


def test_the_day_may_move_with_the_hour():
    late = replace(MEETS, at=time(0, 30))

    [first, *_] = moved_readings(late, [IN_IT], PHOENIX, MARCH)

    assert (f"{first.before:%A %H:%M}", f"{first.after:%A %H:%M}") == (
        "Sunday 22:30", "Sunday 21:30",
    )  # fmt: skip


@pytest.mark.parametrize(
    "facts",
    [
        {"first": date(2027, 3, 15)},
        {"until": date(2027, 3, 15)},
        {"pauses": (Pause(date(2027, 3, 15), date(2027, 3, 21)),)},
    ],
)
def test_whoever_knows_no_other_reading_or_meets_no_more_is_not_told(facts):
    assert moved_readings(MEETS, [replace(IN_IT, **facts)], PHOENIX, MARCH) == ()


def test_days_of_their_own_are_the_only_ones_that_count():
    [only] = moved_readings(MEETS, [replace(IN_IT, days=(3,))], PHOENIX, MARCH)

    assert only.after == datetime(2027, 3, 18, 10, tzinfo=PHOENIX)


def test_a_notice_is_due_a_week_before_and_on_the_day_before_and_made_up_for():
    due = {left: notice_due(date.fromordinal(MARCH.toordinal() - left), MARCH)
           for left in range(-1, 10)}  # fmt: skip

    assert due == {
        -1: None, 0: Ahead.DAY, 1: Ahead.DAY, 2: Ahead.WEEK, 3: Ahead.WEEK, 4: Ahead.WEEK,
        5: Ahead.WEEK, 6: Ahead.WEEK, 7: Ahead.WEEK, 8: None, 9: None,
    }  # fmt: skip

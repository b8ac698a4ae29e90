"""How far somebody is: whole weeks from their first day, and new only at their first meeting."""

from dataclasses import replace
from datetime import date

import pytest

from vioP.domain.course import Course

COURSE = Course(date(2026, 3, 10), date(2026, 3, 2), date(2026, 5, 4), has_met=True)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 3, 2), 1),
        (date(2026, 3, 8), 1),
        (date(2026, 3, 9), 2),
        (date(2026, 5, 3), 9),
    ],
)
def test_weeks_are_counted_from_the_first_day(day: date, week: int):
    course = replace(COURSE, day=day)

    assert (course.week, course.weeks) == (week, 9)


def test_a_week_that_is_begun_counts_as_one():
    assert replace(COURSE, until=date(2026, 5, 5)).weeks == 10


def test_somebody_is_new_once_and_not_weeks_after_they_began():
    begun = replace(COURSE, first=date(2026, 3, 9))

    assert replace(begun, has_met=False).is_new
    assert not begun.is_new
    assert not replace(COURSE, has_met=False).is_new

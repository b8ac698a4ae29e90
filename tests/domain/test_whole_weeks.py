"""Whole weeks within some days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vioP.domain.report import whole_weeks

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(DAYS, DAYS, DAYS)
def test_every_week_that_lies_within_is_over_and_none_is_left_out(first, last, today):
    found = whole_weeks(first, last, today)

    mondays = [
        day
        for number in range(370)
        if (day := first + timedelta(days=number)).weekday() == 0
        and day + timedelta(days=6) <= last
        and day + timedelta(days=6) < today
    ]
    assert found == ((mondays[0], mondays[-1] + timedelta(days=6)) if mondays else None)

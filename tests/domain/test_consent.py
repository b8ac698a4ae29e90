"""Consents that end: on a day, or with somebody's care."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vioP.domain.consent import (
    ASK_AGAIN,
    Consent,
    ConsentKind,
    Wording,
    care_ended,
    in_force,
    running_out,
)
from vioP.domain.time import Instant, instant

KIND, OTHER = ConsentKind.PART2_DISCLOSURE, ConsentKind.TELEHEALTH
DAY = date(2026, 3, 10)
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def at(day: date) -> Instant:
    return instant(datetime.fromisoformat(f"{day}T09:00:00+00:00"))


def later(count: int) -> date:
    return DAY + timedelta(days=count)


@pytest.mark.parametrize(
    ("months", "until"),
    [
        (0, None),
        (1, date(2026, 4, 10)),
        (12, date(2027, 3, 10)),
        (10, date(2027, 1, 10)),
    ],
)
def test_words_say_for_how_many_months_a_yes_holds(months: int, until: date | None):
    assert Wording(KIND, "1", "Sharing", "Words.", months).until(DAY) == until


def test_a_month_that_lacks_the_day_ends_with_its_last():
    assert Wording(KIND, "1", "", "", 1).until(date(2027, 1, 31)) == date(2027, 2, 28)
    assert Wording(KIND, "1", "", "", 12).until(date(2028, 2, 29)) == date(2029, 2, 28)


@given(days, st.integers(1, 120))
def test_a_yes_of_months_holds_as_many_months(day: date, months: int):
    until = Wording(KIND, "1", "", "", months).until(day)

    assert until is not None
    assert (until.year - day.year) * 12 + until.month - day.month == months
    assert until.day <= day.day


def test_a_day_ends_it_and_the_day_before_it_holds():
    consent = Consent(KIND, at(DAY), until=later(10))

    assert in_force([consent], later(9), ()) == {KIND}
    assert in_force([consent], later(10), ()) == frozenset()
    assert consent.ended(later(30), ()) == later(10)


def test_the_end_of_care_ends_only_what_says_so():
    stretches = [(later(-20), later(5))]
    both = [Consent(KIND, at(DAY), with_care=True), Consent(OTHER, at(DAY))]

    assert in_force(both, later(4), stretches) == {KIND, OTHER}
    assert in_force(both, later(5), stretches) == {OTHER}


def test_whoever_comes_back_has_to_agree_again():
    stretches = [(later(-20), later(5)), (later(60), later(100))]
    old, new = (Consent(KIND, at(each), with_care=True) for each in (DAY, later(60)))

    assert in_force([old], later(70), stretches) == frozenset()
    assert in_force([old, new], later(70), stretches) == {KIND}


@pytest.mark.parametrize(
    ("stretches", "ended"),
    [
        ([], None),  # agreed before they were enrolled
        ([(later(3), later(30))], None),
        ([(later(-9), later(2)), (later(2), later(30))], None),  # another cohort next day
        ([(later(-9), later(2)), (later(3), later(30))], later(2)),
        ([(later(-9), later(8)), (later(1), later(4))], later(8)),  # in two at once
        ([(later(-30), later(-2))], None),  # over before they agreed
    ],
)
def test_care_ends_where_no_enrollment_goes_on(stretches, ended: date | None):
    assert care_ended(stretches, DAY, later(20)) == ended


def test_what_runs_out_is_asked_for_again_in_time_unless_it_was_given_again():
    last = DAY + ASK_AGAIN
    soon = Consent(KIND, at(later(-300)), until=last)
    lasting = Consent(OTHER, at(DAY), until=last + timedelta(days=1))

    assert running_out([soon, lasting], DAY) == {KIND: last}
    assert running_out([soon, Consent(KIND, at(DAY))], DAY) == {}
    assert running_out([soon, Consent(KIND, at(DAY), until=later(200))], DAY) == {}
    taken_back = Consent(KIND, at(DAY), withdrawn_at=at(DAY), until=last)
    assert running_out([taken_back], DAY) == {}

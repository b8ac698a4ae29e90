"""The places of a cohort: how many are held when, and from when on one stays free."""

from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from tests.make import cohort, enrollment
from vioP.domain.enrollment import Pause
from vioP.domain.places import Hold, Places, places_of

MONDAY = date(2026, 3, 9)
TUESDAY, THURSDAY = date(2026, 3, 10), date(2026, 3, 12)
FOREVER = date.max


def on(days: int) -> date:
    return MONDAY + timedelta(days=days)


def free_by_looking(places: Places, earliest: date, days: tuple[int, ...]) -> date | None:
    """The same answer, found by looking at every day for as long as anything changes.

    What is full in the last week that is looked at, on some of its days, is so for ever.
    """
    wanted = [each for each in places.weekdays if not days or each in days]
    meets = [
        day
        for each in range(200)
        if (day := earliest + timedelta(days=each)).weekday() in wanted
    ]
    full = [day for day in meets if places.taken(day) >= places.most]
    if full and full[-1] >= earliest + timedelta(days=193):
        return None
    return next(day for day in meets if not full or day > full[-1])


days_of = st.sampled_from([(), (0,), (1,), (3,), (1, 3), (0, 1)])
holds = st.builds(
    lambda first, length, days: Hold(
        on(first), on(first + length) if length < 60 else FOREVER, days
    ),
    st.integers(-30, 60),
    st.integers(1, 62),
    days_of,
)
places = st.builds(
    Places, st.just((0, 1, 3)), st.integers(0, 4), st.lists(holds, max_size=8).map(tuple)
)


@given(places, st.integers(-10, 40), days_of)
@example(Places((0, 1, 3), 1, (Hold(MONDAY, FOREVER, (0,)),)), 0, ())
def test_a_place_is_free_from_the_first_day_after_which_it_is_never_full(
    some: Places, earliest: int, days: tuple[int, ...]
):
    assert some.free_from(on(earliest), days) == free_by_looking(some, on(earliest), days)


@given(places, st.integers(-10, 40), st.integers(1, 60), days_of)
def test_the_first_full_day_is_the_first_one_looking_finds(
    some: Places, first: int, length: int, days: tuple[int, ...]
):
    wanted = [each for each in some.weekdays if not days or each in days]
    full = [
        day
        for each in range(length)
        if (day := on(first + each)).weekday() in wanted and some.taken(day) >= some.most
    ]

    expected = full[0] if full else None
    assert some.first_full(on(first), on(first + length), days) == expected


def test_whoever_pauses_keeps_their_place_and_the_smaller_limit_counts():
    resting = enrollment("p1", pauses=(Pause(MONDAY, THURSDAY),))
    other = enrollment("p2", to="harbor")

    found = places_of(cohort(capacity=8), 2, [resting, other])

    assert found.most == 2
    assert found.taken(TUESDAY) == 1
    assert found.most_taken(MONDAY, on(7)) == 1


def test_weekdays_that_the_cohort_no_longer_has_mean_all_of_its_own():
    full = Places((1, 3), 1, (Hold(MONDAY, on(8)),))

    assert full.free_from(MONDAY, (5,)) == on(8)

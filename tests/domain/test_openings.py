"""When somebody may join a cohort: any day, where a module begins, or before it has started."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make import cohort, enrollment, programme
from vioP.domain.ids import CohortId
from vioP.domain.openings import Openings, not_open, openings
from vioP.domain.program import EnrollmentMode
from vioP.domain.rotation import ModuleTurn

# Tuesdays and Thursdays: Sleep on 3 and 5 March, Coping on 10, 12, 17 and 19, then Sleep again.
MONDAY = date(2026, 3, 2)
TURNS = (ModuleTurn("Sleep", 1), ModuleTurn("Coping", 2))


def ways(**facts: Any) -> Openings:
    given: dict[str, Any] = {"first_day": MONDAY, "rotation": TURNS}
    meets = cohort(**(given | facts))
    return openings(programme(cohorts=(meets,)), meets)


def at_modules(*names: str, **facts: Any) -> Openings:
    return ways(mode=EnrollmentMode.MODULE_START, opens_at=names, **facts)


def test_any_day_will_do_in_a_rolling_cohort():
    assert ways().against(date(2026, 3, 11)) is None
    assert ways().next(date(2026, 3, 11)) == date(2026, 3, 11)


@pytest.mark.parametrize("day", [6, 9, 10, 20, 24])
def test_whoever_first_comes_where_a_module_begins_may_join(day: int):
    """A few days earlier, with nothing in between, are as good."""
    assert at_modules().against(date(2026, 3, day)) is None


@pytest.mark.parametrize(
    ("day", "later"), [(4, 10), (5, 10), (11, 24), (12, 24), (17, 24), (19, 24)]
)
def test_in_the_middle_of_a_module_nobody_joins_and_the_next_start_is_named(
    day: int, later: int
):
    found = at_modules().against(date(2026, 3, day))

    assert found is not None
    assert found.next == date(2026, 3, later)
    assert str(found.next) in found.remedy
    assert "tidewater takes people at the start of a module" in found.why


def test_only_some_modules_may_be_open():
    found = at_modules("Coping").against(date(2026, 3, 3))

    assert found is not None
    assert found.next == date(2026, 3, 10)
    assert "certain modules only" in found.why
    assert at_modules("Coping").against(date(2026, 3, 10)) is None


def test_a_module_begins_with_its_first_sitting_that_is_held():
    meets = cohort(mode=EnrollmentMode.MODULE_START, first_day=MONDAY, rotation=TURNS)
    small = programme(cohorts=(meets,))
    shut = replace(small.program, holidays=(date(2026, 3, 10),))
    found = openings(replace(small, program=shut), meets)

    assert found.next(date(2026, 3, 6)) == date(2026, 3, 12)
    assert found.against(date(2026, 3, 12)) is None


def test_nobody_joins_before_the_first_module():
    found = at_modules().against(date(2026, 2, 24))

    assert found is not None
    assert found.next == date(2026, 3, 3)


def test_a_closed_cohort_takes_people_until_it_has_started():
    closed = ways(mode=EnrollmentMode.CLOSED)

    assert closed.against(date(2026, 2, 20)) is None
    assert closed.against(date(2026, 3, 3)) is None
    found = closed.against(date(2026, 3, 4))
    assert found is not None
    assert found.next is None
    assert found.remedy == "Choose another cohort."


def test_a_cohort_that_never_meets_again_has_no_next_day():
    found = at_modules("Sleep", days=(1,))
    shut = frozenset(MONDAY + timedelta(days=each) for each in range(800))

    assert replace(found, closed=shut).next(MONDAY) is None


def test_a_mode_needs_the_day_it_is_counted_from():
    with pytest.raises(ValueError, match="needs a first day"):
        cohort(mode=EnrollmentMode.CLOSED)


def test_whoever_is_in_it_already_may_stay_longer():
    meets = cohort(mode=EnrollmentMode.CLOSED, first_day=date(2026, 1, 5))
    small = programme(cohorts=(meets,))
    longer = enrollment("p1", until=date(2026, 8, 3))

    assert not_open(small, longer) is None
    assert not_open(small, replace(longer, first=date(2026, 3, 9))) is not None
    assert not_open(small, replace(longer, cohort_id=CohortId("elsewhere"), id="x")) is None


@given(
    day=st.dates(date(2025, 1, 1), date(2030, 12, 31)),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    mode=st.sampled_from(EnrollmentMode),
    closed=st.frozensets(st.dates(date(2026, 1, 1), date(2027, 1, 1)), max_size=40),
)
def test_the_day_that_is_proposed_is_one_on_which_somebody_may_begin(
    day: date, weekdays: set[int], mode: EnrollmentMode, closed: frozenset[date]
):
    found = replace(ways(days=tuple(sorted(weekdays)), mode=mode), closed=closed)
    proposed = found.next(day)

    if proposed is not None:
        assert proposed >= day
        assert found.against(proposed) is None

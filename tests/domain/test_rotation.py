"""Which module is taught when: one on every day from the first on, in order, over and over."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, pairwise, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make import cohort, programme
from vioP.domain.openings import openings
from vioP.domain.program import Track
from vioP.domain.rotation import ModuleTurn, Rotation, Taught

MONDAY = date(2026, 3, 2)
TURNS = (
    ModuleTurn("Mindfulness", 1),
    ModuleTurn("Coping", 3),
    ModuleTurn("Mindfulness", 2),
)
ROTATION = Rotation(MONDAY, TURNS)
WEEK = timedelta(weeks=1)

some_turns = st.lists(
    st.builds(ModuleTurn, st.sampled_from("abcd"), st.integers(1, 5)),
    min_size=1,
    max_size=6,
).map(tuple)
some_days = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("weeks", "module", "week", "of"),
    [
        (0, "Mindfulness", 1, 1),
        (1, "Coping", 1, 3),
        (3, "Coping", 3, 3),
        (4, "Mindfulness", 1, 2),
        (5, "Mindfulness", 2, 2),
        (6, "Mindfulness", 1, 1),
        (7, "Coping", 1, 3),
    ],
)
def test_modules_take_turns_and_begin_again_after_the_last(
    weeks: int, module: str, week: int, of: int
):
    for day in (MONDAY, MONDAY + timedelta(days=6)):
        taught = ROTATION.on(day + weeks * WEEK)

        assert taught is not None
        assert (taught.module, taught.week, taught.weeks) == (module, week, of)


def test_nothing_is_taught_before_the_first_day():
    assert ROTATION.on(MONDAY - timedelta(days=1)) is None


def test_weeks_are_the_programs_wherever_the_first_day_is():
    """It begins on a Wednesday; the second week is that of the next Monday."""
    begun = Rotation(date(2026, 3, 4), TURNS)

    assert begun.on(date(2026, 3, 3)) is None
    assert begun.on(date(2026, 3, 8)) == Taught("Mindfulness", 1, 1, date(2026, 3, 4))
    assert begun.on(date(2026, 3, 9)) == Taught("Coping", 1, 3, date(2026, 3, 9))


def test_a_closed_week_uses_up_its_week():
    closed = tuple(date(2026, 3, 9) + timedelta(days=each) for each in range(7))
    meets = cohort(first_day=MONDAY, rotation=TURNS)
    small = programme(cohorts=(meets,))
    shut = replace(small, program=replace(small.program, holidays=closed))
    after = date(2026, 3, 17)

    taught = openings(shut, meets).taught(after)

    assert taught == openings(small, meets).taught(after)
    assert taught is not None
    assert taught.week == 2
    assert next(openings(shut, meets).sittings(closed[0])) == after


@pytest.mark.parametrize(
    "wrong",
    [lambda: ModuleTurn("", 1), lambda: ModuleTurn("a", 0), lambda: Rotation(MONDAY, ())],
)
def test_what_makes_no_sense_cannot_be_made(wrong):
    with pytest.raises(ValueError, match=r"module|week"):
        wrong()


@given(first=some_days, turns=some_turns, weekdays=st.sets(st.integers(0, 6), min_size=1))
def test_every_meeting_has_one_module_in_order_and_its_week_is_one_of_its_weeks(
    first: date, turns: tuple[ModuleTurn, ...], weekdays: set[int]
):
    meets = cohort(days=tuple(sorted(weekdays)), first_day=first, rotation=turns)
    small = programme(cohorts=(meets,))
    ways = openings(small, meets)
    sittings = [day for day in ways.sittings(first) if day < first + 90 * WEEK]

    found = [ways.taught(day) for day in sittings]

    assert None not in found
    begun = first - timedelta(days=first.weekday())
    by_week = [turn.module for turn in turns for _ in range(turn.weeks)]
    for day, taught in zip(sittings, found, strict=True):
        assert taught is not None
        assert taught.module == by_week[(day - begun).days // 7 % len(by_week)]
        assert 1 <= taught.week <= taught.weeks
        assert taught.since <= day < taught.since + taught.weeks * WEEK
        assert taught == ways.taught(day)


@given(first=some_days, turns=some_turns, weekday=st.integers(0, 6))
def test_between_two_starts_one_turn_is_taught(
    first: date, turns: tuple[ModuleTurn, ...], weekday: int
):
    meets = cohort(days=(weekday,), first_day=first, rotation=turns)
    ways = openings(programme(cohorts=(meets,)), meets)
    starts = list(islice(ways.module_starts(first), 10))

    for (one, taught), (other, following) in pairwise(starts):
        between = takewhile(lambda day: day < other, ways.sittings(one))  # noqa: B023 - used at once
        turns_then = {(ways.taught(day) or following).since for day in between}
        assert turns_then == {taught.since}
        assert taught.since < following.since


def test_a_cohorts_own_rotation_beats_its_tracks():
    track = Track(programme().tracks[0].id, "Mood", rotation=(ModuleTurn("Sleep", 1),))
    own, plain = cohort("own", first_day=MONDAY, rotation=TURNS), cohort(first_day=MONDAY)
    small = programme(tracks=(track,), cohorts=(own, plain, cohort("none")))

    found = small.rotations()

    assert found == {
        "own": ROTATION,
        "tidewater": Rotation(MONDAY, (ModuleTurn("Sleep", 1),)),
    }

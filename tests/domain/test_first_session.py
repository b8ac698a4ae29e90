"""Days to the first session, beside days counted another way."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_payer_units import group, media, seat
from tests.make import enrollment
from vioP.domain.first_session import Waited, first_enrollments, together, waited
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.session import Kind

MONDAY = date(2026, 3, 2)
PEOPLE = ("p1", "p2", "p3", "p4")
MEETINGS = st.lists(
    st.tuples(st.integers(0, 20), st.sets(st.sampled_from(PEOPLE))), max_size=8
)


def meeting(day: int, came: set[str]):
    """A session some days after Monday, to which some of everybody came."""
    seats = [seat(*(media(0, 60) if who in came else ()), name=who) for who in PEOPLE]
    return group(*seats, day=MONDAY + timedelta(days=day))


@given(MEETINGS, st.lists(st.integers(0, 10), min_size=4, max_size=4))
def test_everybody_waits_from_their_beginning_to_the_first_they_came_to(meetings, begins):
    begun = {
        ParticipantId(who): MONDAY + timedelta(days=day)
        for who, day in zip(PEOPLE, begins, strict=True)
    }
    cohorts = {ParticipantId(who): CohortId("a" if who < "p3" else "b") for who in PEOPLE}

    found = waited(begun, cohorts, [meeting(*each) for each in meetings])

    for cohort, people in {"a": PEOPLE[:2], "b": PEOPLE[2:]}.items():
        days = []
        for who in people:
            start = begins[PEOPLE.index(who)]
            after = [day for day, came in meetings if who in came and day >= start]
            days += [min(after) - start] if after else []
        assert found[CohortId(cohort)] == Waited(tuple(sorted(days)), 2 - len(days))


def test_a_test_of_the_device_is_no_first_session():
    test = replace(meeting(1, {"p1"}), kind=Kind.TECH_TEST)
    begun = {ParticipantId("p1"): MONDAY}

    found = waited(begun, {ParticipantId("p1"): CohortId("a")}, [test])

    assert found == {CohortId("a"): Waited((), 1)}


def test_who_moves_to_another_cohort_does_not_begin_anew():
    first, second = enrollment("p1"), enrollment("p1", "harbor", first=date(2026, 4, 1))

    assert first_enrollments([second, first]) == {ParticipantId("p1"): first}


def test_a_share_is_the_nearest_rank_and_parts_add_up():
    both = together([Waited((1, 5), 1), Waited((2, 9), 0)])

    assert both == Waited((1, 2, 5, 9), 1)
    assert [both.within(share) for share in (0, 0.25, 0.5, 0.75, 1)] == [1, 1, 2, 5, 9]
    assert both.people == 5
    assert Waited((), 3).within(0.5) is None

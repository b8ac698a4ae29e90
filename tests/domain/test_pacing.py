"""One person's messages leave in an order in which no calendar shows two things at once."""

from hypothesis import given
from hypothesis import strategies as st

from tests.make import minutes_later
from vioP.domain.pacing import Errand, Span, in_order


def hour(at: int) -> Span:
    return minutes_later(60 * at), minutes_later(60 * at + 50)


def test_what_is_cancelled_goes_first_and_new_things_in_order_of_start():
    errands = [
        Errand("new late", None, hour(3)),
        Errand("new early", None, hour(1)),
        Errand("gone", hour(1), None),
    ]

    assert in_order(errands) == ["gone", "new early", "new late"]


def test_nothing_moves_into_a_time_that_is_yet_to_be_left():
    errands = [Errand("first", hour(3), hour(1)), Errand("second", hour(1), hour(2))]

    assert in_order(errands) == ["second", "first"]


def test_those_that_trade_places_are_not_kept_waiting_for_ever():
    errands = [Errand("one", hour(1), hour(2)), Errand("other", hour(2), hour(1))]

    assert sorted(in_order(errands)) == ["one", "other"]


hours = st.none() | st.integers(0, 6).map(hour)


@given(st.lists(st.tuples(hours, hours), max_size=8))
def test_everything_is_said_once(spans):
    errands = [Errand(number, was, to) for number, (was, to) in enumerate(spans)]

    assert sorted(in_order(errands)) == list(range(len(spans)))

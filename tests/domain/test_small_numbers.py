"""What is hidden of a table cannot be worked out from what is told."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from vioP.domain.small_numbers import LEAST, hidden_in

COLUMNS = st.lists(st.integers(0, 40), min_size=1, max_size=6)


def test_one_small_number_takes_the_next_smallest_with_it():
    assert hidden_in([30, 4, 20, 0], (), totalled=True) == {1, 2}
    assert hidden_in([30, 4, 20, 0], (), totalled=False) == {1}


def test_small_numbers_that_add_up_to_a_small_one_take_another_with_them():
    assert hidden_in([3, 4, 50, 60], (), totalled=True) == {0, 1, 2}


def test_eleven_single_people_are_not_told_by_their_sum():
    column = [1] * 11 + [50]

    assert hidden_in(column, (), totalled=True) == set(range(12))


def test_where_nothing_is_left_to_hide_the_total_is():
    assert hidden_in([4], (), totalled=True) == {0, 1}
    assert hidden_in([4, 0], (), totalled=True) == {0, 1, 2}


def test_a_row_about_few_people_is_hidden_whatever_its_numbers():
    assert hidden_in([400, 900, 700], {0}, totalled=True) == {0, 2}


@given(COLUMNS)
def test_no_small_number_is_told_or_follows_from_the_total(column: list[int]):
    hidden = hidden_in(column, (), totalled=True)

    told = [number for row, number in enumerate(column) if row not in hidden]
    assert not any(0 < number < LEAST for number in told)
    if hidden and len(column) not in hidden:
        rest = sum(column) - sum(told)
        assert rest >= LEAST
        # Whoever knows the total and that nothing hidden is nought finds more than one answer.
        number = len(column) - len(told)
        assert number > 1
        assert _ways(rest, number) > 1


def _ways(total: int, parts: int) -> int:
    """In how many ways some numbers above nought add up, counted by trying; two are enough."""
    found = 0
    for first in product(range(1, min(total, 4)), repeat=parts - 1):
        found += total - sum(first) >= 1
        if found > 1:
            break
    return found

"""Phone numbers as people type them."""

import pytest

from vioP.domain.phone_number import phone_number, spoken_number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("(303) 555-0101", "+13035550101"),
        ("303.555.0101", "+13035550101"),
        ("1 303 555 0101", "+13035550101"),
        ("+1 (303) 555\u20110101", "+13035550101"),
        ("+44 20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("", None),
        ("555-0101", None),
        ("103 555 0101", None),
        ("303 155 0101", None),
        ("+1 303 555 01012", None),
        ("call me", None),
        ("٣٠٣٥٥٥٠١٠١", None),
        ("+0 303 555 0101", None),
    ],
)
def test_a_number_is_kept_in_one_form_or_refused(typed: str, kept: str | None):
    assert phone_number(typed) == kept


def test_a_number_is_shown_as_it_is_read_here():
    assert spoken_number("+13035550101") == "(303) 555-0101"
    assert spoken_number("+442079460958") == "+442079460958"

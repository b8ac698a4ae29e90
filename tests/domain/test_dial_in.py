"""Dialling in: PINs, whom they seat, and how often somebody may try."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vioP.domain.dial_in import Pin, is_same_number, seat_of_pin, spaced
from vioP.domain.ids import SeatId

ADA = Pin("12345678", SeatId("sea_ada"), "+13035550101")
ELI = Pin("87654321", SeatId("sea_eli"), "+13035550102")


def test_a_pin_leads_to_its_seat_and_no_other_does():
    assert seat_of_pin("12345678", [ADA, ELI], "") == ADA.seat_id
    assert seat_of_pin("87654321", [ADA, ELI], "") == ELI.seat_id
    assert seat_of_pin("12345679", [ADA, ELI], ADA.phone) is None
    assert seat_of_pin("12345678", [ELI], ADA.phone) is None


def test_a_pin_that_two_share_is_told_apart_by_the_calling_number_or_not_at_all():
    twin = Pin(ADA.digits, SeatId("sea_twin"), "+13035550199")

    assert seat_of_pin(ADA.digits, [ADA, twin], "13035550199") == twin.seat_id
    assert seat_of_pin(ADA.digits, [ADA, twin], "+13035550177") is None
    assert seat_of_pin(ADA.digits, [ADA, twin], "") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+13035550101", "13035550101", True),
        ("+13035550101", "(303) 555-0101", True),
        ("+13035550101", "0013035550101", True),
        ("+13035550101", "+13035550102", False),
        ("+13035550101", "5550101", False),
        ("", "", False),
        ("anonymous", "+13035550101", False),
    ],
)
def test_a_number_is_the_same_however_it_is_written(one: str, other: str, same: bool):
    assert is_same_number(one, other) is same
    assert is_same_number(other, one) is same


@settings(deadline=None)
@given(st.text("0123456789", min_size=1, max_size=12))
def test_a_pin_is_read_in_two_halves_and_loses_nothing(digits: str):
    assert spaced(digits).replace(" ", "") == digits

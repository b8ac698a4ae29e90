"""Dialling in: a number anybody may call, where a PIN of eight digits leads to a seat.

A PIN opens one seat's room while its door is open, as the seat's link does. Whoever types
a wrong one hears the same as with the right one of another day, so trying tells nothing.
Tries are counted for each call, for each calling number, and for the whole house, because a
calling number can be forged.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hmac import compare_digest

from vioP.domain.ids import SeatId

PIN_DIGITS = 8
TRIES_A_CALL = 3
_LEAST_DIGITS = 9

ENTER_PIN = "Please enter the PIN from your invitation."
PIN_UNKNOWN = "This PIN does not open anything now. Please check the PIN and the time."
CALL_US = "Please call the number in your invitation. Goodbye."
PLEASE_WAIT = "Thank you. Please hold the line, you will be let in soon."
THIS_ENDS = "This call ends here. Goodbye."


@dataclass(frozen=True, slots=True)
class Pin:
    """The PIN of a seat whose door is open, with the number its person is known by."""

    digits: str
    seat_id: SeatId
    phone: str


def spaced(digits: str) -> str:
    """A PIN as it is read: in two halves."""
    half = len(digits) // 2
    return f"{digits[:half]} {digits[half:]}".strip()


def seat_of_pin(typed: str, open_now: Iterable[Pin], caller: str) -> SeatId | None:
    """The seat a PIN opens, or nothing.

    Two seats may share a PIN. The one whose person is known by the calling number is meant;
    where none is, it opens neither: nobody is led into a room that is not theirs.
    """
    fits = [each for each in open_now if compare_digest(each.digits, typed)]
    if len(fits) > 1:
        fits = [each for each in fits if is_same_number(each.phone, caller)]
    return fits[0].seat_id if len(fits) == 1 else None


def is_same_number(one: str, other: str) -> bool:
    """Whether two ways of writing a number name the same, with its country or without."""
    shorter, longer = sorted((_digits(one), _digits(other)), key=len)
    return len(shorter) >= _LEAST_DIGITS and longer.endswith(shorter)


def _digits(number: str) -> str:
    return "".join(each for each in number if each in "0123456789").lstrip("0")

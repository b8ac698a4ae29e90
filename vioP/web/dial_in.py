"""Dialling in, as a page shows it: the number, the PIN, and a link that dials both."""

from dataclasses import dataclass

from vioP.domain.dial_in import spaced
from vioP.domain.ids import SeatId
from vioP.ports import Ports

_PAUSE = ",,"  # four seconds, in which the call is answered


@dataclass(frozen=True, slots=True)
class DialIn:
    """How somebody takes part by phone.

    Attributes:
        link: Dials the number and then the PIN, on phones that know how.
    """

    number: str
    pin: str
    link: str


def dial_in(ports: Ports, seat_id: SeatId) -> DialIn | None:
    """How a seat's person dials in; nothing where nobody can."""
    number = ports.house.sender.dial_in
    if not number:
        return None
    pin = ports.pin(seat_id)
    plain = "".join(each for each in number if each.isdigit() or each == "+")
    return DialIn(number, spaced(pin), f"tel:{plain}{_PAUSE}{pin}")

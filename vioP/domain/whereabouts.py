"""Where somebody is during a session, and whether they can speak there.

It is asked at every join, because it decides two things: whom an emergency service must be
sent to, and whether anybody present is licensed to treat them there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vioP.domain.arrangement import Journey
from vioP.domain.people import Licence


class Place(StrEnum):
    """How a place was named."""

    USUAL = "usual"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What somebody said when they joined.

    Attributes:
        state: A postal code, such as ``CO``.
        alone: Nobody overhears them.
        can_talk: They can speak; otherwise they listen.
    """

    place: Place
    city: str
    state: str
    alone: bool = True
    can_talk: bool = True


def usual_place(
    home: tuple[str, str], journeys: Iterable[Journey], day: date
) -> tuple[str, str]:
    """The city and state somebody is expected in on a day: home, or where a journey leads.

    Of two journeys the later one is meant.
    """
    away = [each for each in journeys if each.first <= day <= each.last]
    if not away:
        return home
    last = max(away, key=lambda each: each.first)
    return last.city, last.state


def is_covered(licences: Iterable[Licence], state: str, day: date) -> bool:
    """Whether any of a session's clinicians may treat people who are in a state."""
    return any(each.state == state and each.holds_on(day) for each in licences)

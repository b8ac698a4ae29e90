"""In which order one person's messages leave, so that no calendar shows two things at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from vioP.domain.time import Instant

Span = tuple[Instant, Instant]
What = TypeVar("What")


@dataclass(frozen=True, slots=True)
class Errand(Generic[What]):
    """A message that takes an appointment from one span to another.

    Attributes:
        was: What a calendar holds before; nothing for something new.
        to: What it holds after; nothing for a cancellation.
    """

    what: What
    was: Span | None
    to: Span | None


def in_order(errands: Sequence[Errand[What]]) -> list[What]:
    """Cancellations first, and nothing into a span that another message is yet to free.

    Where some only trade places, one of them has to go first: the earliest.
    """
    waiting = sorted(errands, key=lambda each: (each.to or each.was or ())[:1])
    ordered: list[What] = []
    while waiting:
        free = (each for each in waiting if _is_free(each, waiting))
        errand = next(free, waiting[0])
        waiting.remove(errand)
        ordered.append(errand.what)
    return ordered


def _is_free(errand: Errand[What], waiting: Sequence[Errand[What]]) -> bool:
    if errand.to is None:
        return True
    starts, ends = errand.to
    return not any(
        other.was[0] < ends and starts < other.was[1]
        for other in waiting
        if other is not errand and other.was is not None
    )

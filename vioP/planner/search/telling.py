"""Of many starts the few that tell: the best is among them, or they cost the same."""

from collections.abc import Iterator

from vioP.planner.search.masks import bits, span
from vioP.planner.search.week import Day


def telling(starts: int, length: int, busy: int, days: tuple[Day, ...]) -> Iterator[int]:
    """Of starts that cost the same, those among which the best is.

    On one day nothing but the waits differs: before everything else the latest start is the
    best, after everything the earliest, and in between, or on an empty day, all are alike.
    """
    left = starts
    for first, slots in days:
        here = starts & span(first, max(0, slots - length + 1))
        left &= ~here
        part = busy & span(first, slots)
        begin, end = _lowest(part), part.bit_length()
        before = here & ((1 << begin) - 1) if part else 0
        after = here >> end << end if part else 0
        if before:
            yield before.bit_length() - 1
        for some in (here & ~before & ~after, after):
            if some:
                yield _lowest(some)
    yield from bits(left)  # over a midnight, or on no day at all


def _lowest(mask: int) -> int:
    return max(0, (mask & -mask).bit_length() - 1)


def rings(starts: int, around: int, step: int) -> Iterator[tuple[int, int]]:
    """Starts by how many whole steps they lie away from a slot, the nearest first."""
    distance = 0
    while starts:
        first, last = around + distance * step, around - distance * step
        ring = _range(first, first + step) | _range(last - step + 1, last + 1)
        here = starts & ring
        if here:
            yield distance, here
        starts &= ~here
        distance += 1


def _range(first: int, end: int) -> int:
    """The slots from a first one, which may lie before the week, to just before an end."""
    first = max(0, first)
    return span(first, end - first) if end > first else 0

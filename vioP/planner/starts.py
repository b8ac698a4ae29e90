"""Sets of starts: the minutes at which something of a known length may begin.

They are kept as sorted, separate ranges whose both ends belong to them, so that a week is a
handful of pairs rather than ten thousand minutes.
"""

from collections.abc import Iterable

from vioP.planner.problem import Span

Range = tuple[int, int]
Starts = tuple[Range, ...]

NEVER: Starts = ()
EVER: Starts = ((-1_000_000, 1_000_000),)


def inside(spans: Iterable[Span], minutes: int) -> Starts:
    """The starts at which something lies wholly inside one of the spans."""
    return _joined((start, end - minutes) for start, end in spans if end - start >= minutes)


def apart(spans: Iterable[Span], minutes: int, gap: int = 0) -> Starts:
    """The starts at which something keeps a gap from every span."""
    return without(
        EVER, ((start - gap - minutes + 1, end + gap - 1) for start, end in spans)
    )


def without(starts: Starts, barred: Iterable[Range]) -> Starts:
    """The starts that lie in none of the barred ranges."""
    left: list[Range] = []
    gaps = _joined(barred)
    for first, last in starts:
        begin = first
        for low, high in gaps:
            if high < begin:
                continue
            if low > last:
                break
            if begin < low:
                left.append((begin, low - 1))
            begin = high + 1
        if begin <= last:
            left.append((begin, last))
    return tuple(left)


def shared(some: Starts, others: Starts) -> Starts:
    """The starts that are in both."""
    found: list[Range] = []
    here = there = 0
    while here < len(some) and there < len(others):
        first = max(some[here][0], others[there][0])
        last = min(some[here][1], others[there][1])
        if first <= last:
            found.append((first, last))
        if some[here][1] < others[there][1]:
            here += 1
        else:
            there += 1
    return tuple(found)


def either(some: Starts, others: Starts) -> Starts:
    """The starts that are in at least one."""
    return _joined((*some, *others))


def count(starts: Starts, grid: int) -> int:
    """How many multiples of the grid there are among the starts."""
    return sum(last // grid - (first - 1) // grid for first, last in starts)


def holds(starts: Starts, start: int) -> bool:
    """Whether one start is among them."""
    return any(first <= start <= last for first, last in starts)


def _joined(ranges: Iterable[Range]) -> Starts:
    joined: list[Range] = []
    for first, last in sorted(ranges):
        if first > last:
            continue
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)

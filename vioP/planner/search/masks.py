"""Time as bits: bit *t* of a whole number stands for slot *t* of the week."""

from collections.abc import Iterable, Iterator

from vioP.planner.problem import Span


def span(start: int, length: int) -> int:
    """The slots from a start on."""
    return ((1 << length) - 1) << start


def inside(spans: Iterable[Span], slot: int, slots: int, origin: int = 0) -> int:
    """The slots that lie wholly inside spans of minutes.

    Args:
        spans: Minutes; those that touch must have been made one.
        slot: Minutes to a slot.
        slots: How many there are.
        origin: The minute of slot 0.
    """
    mask = 0
    for start, end in spans:
        first, last = (
            max(0, -(-(start - origin) // slot)),
            min(slots, (end - origin) // slot),
        )
        if last > first:
            mask |= span(first, last - first)
    return mask


def touched(spans: Iterable[Span], slot: int, slots: int, origin: int = 0) -> int:
    """The slots that spans of minutes lie in, even in part."""
    mask = 0
    for start, end in spans:
        first, last = (
            max(0, (start - origin) // slot),
            min(slots, -(-(end - origin) // slot)),
        )
        if last > first:
            mask |= span(first, last - first)
    return mask


def touching(taken: int, length: int) -> int:
    """The starts at which something of a length would touch a taken slot."""
    width = 1
    while width < length:
        step = min(width, length - width)
        taken |= taken >> step
        width += step
    return taken


def around(taken: int, margin: int) -> int:
    """The taken slots and a margin on both sides."""
    if not margin:
        return taken
    return touching(taken << margin, 2 * margin + 1)


def starts_in(free: int, length: int) -> int:
    """The starts from which a length is free."""
    width = 1
    while width < length:
        step = min(width, length - width)
        free &= free >> step
        width += step
    return free


def bits(mask: int) -> Iterator[int]:
    """The slots of a mask, the earliest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest

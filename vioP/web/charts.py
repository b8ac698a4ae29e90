"""Charts as pages draw them: bars in a drawing's own units, with the same numbers as a table.

A drawing is as wide as its place and shrinks with it. Every part of a bar is named in words
beside or inside it, so that colour only repeats what is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_WIDE, _LABEL, _ROW, _BAR, _VALUE = 640, 150, 34, 22, 90
_LEAST_FOR_A_NUMBER = 26


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar.

    Attributes:
        kind: What it stands for, which decides its look: ``good``, ``mild``, ``bad`` or ``none``.
        text: What is written inside; empty where it would not fit.
    """

    kind: str
    x: int
    width: int
    middle: int
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its name and what it amounts to."""

    name: str
    value: str
    y: int
    base: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars below each other.

    Attributes:
        title: What the chart shows, as a sentence would begin.
        legend: What each kind stands for.
        heads: The heads of the table's columns.
        rows: The same numbers as rows, the name first.
    """

    title: str
    legend: tuple[tuple[str, str], ...]
    bars: tuple[Bar, ...]
    width: int
    height: int
    label_x: int
    value_x: int
    bar_height: int
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """One bar before it is drawn: its name, its parts by kind, and what is written after it."""

    name: str
    parts: tuple[tuple[str, int], ...]
    value: str


def chart(
    title: str,
    legend: Sequence[tuple[str, str]],
    amounts: Sequence[Amount],
    *,
    each_full: bool,
    sums: str = "All in all",
) -> Chart:
    """Draw amounts as bars.

    Args:
        title: What the chart shows.
        legend: What each kind of part stands for, in the order of the parts.
        amounts: What is drawn, from above.
        each_full: Whether every bar is as long as the others, so that shares compare;
            otherwise the longest fills the drawing, so that amounts do.
        sums: What is written after a bar, as the head of the table's last column.
    """
    totals = [sum(size for _, size in each.parts) for each in amounts]
    longest = max(totals, default=0)
    room = _WIDE - _LABEL - _VALUE
    bars = []
    for number, (each, total) in enumerate(zip(amounts, totals, strict=True)):
        scale = room / ((total if each_full else longest) or 1)
        y = number * _ROW + 6
        bars.append(Bar(each.name, each.value, y, y + 16, _segments(each, scale)))
    return Chart(
        title=title,
        legend=tuple(legend),
        bars=tuple(bars),
        width=_WIDE,
        height=len(amounts) * _ROW + 6,
        label_x=_LABEL - 8,
        value_x=_WIDE - _VALUE + 8,
        bar_height=_BAR,
        heads=(*(words for _, words in legend), sums),
        rows=tuple(
            (each.name, *(str(size) for _, size in each.parts), each.value)
            for each in amounts
        ),
    )


def _segments(amount: Amount, scale: float) -> tuple[Segment, ...]:
    found, x = [], float(_LABEL)
    for kind, size in amount.parts:
        width = size * scale
        if size:
            start, wide = round(x), max(round(x + width) - round(x), 1)
            text = str(size) if wide >= _LEAST_FOR_A_NUMBER else ""
            found.append(Segment(kind, start, wide, start + wide // 2, text))
        x += width
    return tuple(found)

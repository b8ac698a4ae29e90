"""Charts of how far values lie apart: the middle half as a box, the rest as a line.

Every value stands in the table beside the drawing, so that nothing must be read off a scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_WIDE, _LABEL, _ROW, _BOX, _VALUE = 640, 150, 34, 18, 90
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Spread:
    """One row before it is drawn.

    Attributes:
        points: The least, a quarter, half, three quarters and the most; all of them nothing
            where there is no value.
        counts: Numbers for the table, each with its head.
    """

    name: str
    points: tuple[int | None, ...]
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """One row as it is drawn: a line from ``low`` to ``high``, a box, and a mark at half."""

    name: str
    value: str
    base: int
    middle: int
    box_y: int
    low: int
    high: int
    box_x: int
    box_width: int
    half: int
    is_empty: bool


@dataclass(frozen=True, slots=True)
class SpreadChart:
    """Rows below each other on one scale, with the same numbers as a table.

    Attributes:
        ticks: Where the scale has a line, and what is written there.
        floor: Where those lines end.
    """

    title: str
    unit: str
    rows: tuple[SpreadRow, ...]
    ticks: tuple[tuple[int, str], ...]
    width: int
    height: int
    floor: int
    label_x: int
    value_x: int
    box_height: int
    heads: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]

    @property
    def is_empty(self) -> bool:
        """Whether no row has a value."""
        return all(each.is_empty for each in self.rows)


def spread_chart(title: str, unit: str, spreads: Sequence[Spread]) -> SpreadChart:
    """Draw spreads on one scale that begins at nought."""
    most = max((each.points[-1] or 0 for each in spreads), default=0)
    step = max(-(-most // _TICKS), 1)
    top = step * max(-(-most // step), 1)
    room = _WIDE - _LABEL - _VALUE
    floor = len(spreads) * _ROW + 6
    ticks = tuple(
        (_LABEL + round(room * value / top), str(value))
        for value in range(0, top + 1, step)
    )
    return SpreadChart(
        title=title,
        unit=unit,
        rows=tuple(
            _row(number, each, room / top, unit) for number, each in enumerate(spreads)
        ),
        ticks=ticks,
        width=_WIDE,
        height=floor + 22,
        floor=floor,
        label_x=_LABEL - 8,
        value_x=_WIDE - _VALUE + 8,
        box_height=_BOX,
        heads=(
            *(head for head, _ in (spreads[0].counts if spreads else ())),
            *("Fewest", "¼", "Half", "¾", "Most"),
        ),
        cells=tuple(_cells(each) for each in spreads),
    )


def _row(number: int, spread: Spread, scale: float, unit: str) -> SpreadRow:
    middle = number * _ROW + 17
    low, quarter, half, more, high = (
        _LABEL + round((each or 0) * scale) for each in spread.points
    )
    is_empty = spread.points[2] is None
    return SpreadRow(
        name=spread.name,
        value="-" if is_empty else f"{spread.points[2]} {unit}",
        base=middle + 5,
        middle=middle,
        box_y=middle - _BOX // 2,
        low=low,
        high=high,
        box_x=quarter,
        box_width=max(more - quarter, 2),
        half=half,
        is_empty=is_empty,
    )


def _cells(spread: Spread) -> tuple[str, ...]:
    return (
        spread.name,
        *(str(number) for _, number in spread.counts),
        *("-" if each is None else str(each) for each in spread.points),
    )

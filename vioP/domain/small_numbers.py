"""Which numbers of a table that leaves the house are too small to be told.

A number of one to ten can point to somebody. It is hidden, and so is whatever would let it be
worked out: where only one number of a column is hidden, its total less the others gives it
away, and several that add up to ten or fewer are a small number themselves.

Source: Centers for Medicare & Medicaid Services, Cell Size Suppression Policy
(resdac.org/articles/cms-cell-size-suppression-policy).
"""

from collections.abc import Collection, Sequence

LEAST = 11


def is_small(number: int) -> bool:
    """Whether a number is too small to be told; none at all is not."""
    return 0 < number < LEAST


def hidden_in(
    column: Sequence[int], few: Collection[int], *, totalled: bool
) -> frozenset[int]:
    """Which rows of a column are hidden; the row after the last stands for the total.

    Args:
        column: The numbers, all of one thing, none below zero.
        few: Rows that are about so few people that nothing is told of them.
        totalled: Whether the sum of the column is told below it.
    """
    hidden = {
        row
        for row, number in enumerate(column)
        if is_small(number) or (number and row in few)
    }
    if not totalled:
        return frozenset(hidden)
    in_sight = sorted(
        (row for row in range(len(column)) if row not in hidden),
        key=lambda row: (column[row] == 0, column[row], row),
    )
    while hidden and _gives_away([column[row] for row in hidden]):
        if not in_sight:
            return frozenset((*hidden, len(column)))
        hidden.add(in_sight.pop(0))
    return frozenset(hidden)


def _gives_away(numbers: Sequence[int]) -> bool:
    """Whether the sum of what is hidden tells one of them, or is a small number itself."""
    together = sum(numbers)
    return len(numbers) == 1 or together < LEAST or together == len(numbers)

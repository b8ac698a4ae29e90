"""Long lists, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import web

from vioP.domain.errors import Invalid

_A_PAGE = 50  # so many lines are read without losing the place

Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Pager:
    """Which lines of a list are shown, and the addresses of those before and after.

    Attributes:
        first: The number of the first line that is shown, from 1; 0 where there is none.
        before: Empty on the first page.
        after: Empty on the last page.
    """

    first: int
    last: int
    total: int
    before: str
    after: str


def paged(request: web.Request, lines: Sequence[Line]) -> tuple[tuple[Line, ...], Pager]:
    """The lines of the page that is asked for by ``page``, and where the others are.

    Raises:
        Invalid: What is asked for is no number of a page.
    """
    asked = request.query.get("page", "1")
    last_page = max(1, -(-len(lines) // _A_PAGE))
    if not (asked.isascii() and asked.isdigit() and len(asked) < len("10000")):
        raise Invalid("A page is a number, such as 2.")
    number = min(max(1, int(asked)), last_page)
    begins = (number - 1) * _A_PAGE
    shown = tuple(lines[begins : begins + _A_PAGE])
    return shown, Pager(
        first=begins + 1 if shown else 0,
        last=begins + len(shown),
        total=len(lines),
        before=f"{request.path}?page={number - 1}" if number > 1 else "",
        after=f"{request.path}?page={number + 1}" if number < last_page else "",
    )

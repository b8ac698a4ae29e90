"""Which legal start is best for a need: near its old time, near its other sessions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vioP.planner.board import overlap
from vioP.planner.problem import Need, ProblemParticipant, Span
from vioP.planner.starts import Starts

Score = tuple[bool, int, int, bool, bool, int, int]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a choice is measured by.

    Attributes:
        own: The sessions the participant already has.
        grid: Starts are multiples of it.
    """

    need: Need
    participant: ProblemParticipant
    own: tuple[Span, ...]
    grid: int

    def best(self, options: Sequence[Starts]) -> tuple[int, int] | None:
        """The best start: which option it is in, and when.

        Args:
            options: The legal starts with each clinician, the preferred clinician first.
        """
        found = [
            (self._score(order, start), order, start)
            for order, starts in enumerate(options)
            for start in self._promising(starts)
        ]
        return min(found)[1:] if found else None

    def _promising(self, starts: Starts) -> Iterator[int]:
        """The starts among which the best one is.

        Within one range on one day, wished or not, nothing gets better towards the middle:
        what counts is the distance to the old time and to the neighbouring sessions. So the
        best start is at an end of the range, or right beside the old time.
        """
        edges = {edge for day in self.participant.days for edge in day}
        for opens, closes in self.participant.wished:
            edges |= {opens, closes - self.need.minutes + 1}
        cuts = sorted(edges)
        for first, last in starts:
            inner = [cut for cut in cuts if first < cut <= last]
            lows = [first, *inner]
            highs = [*(cut - 1 for cut in inner), last]
            for low, high in zip(lows, highs, strict=True):
                yield from self._promising_within(low, high)

    def _promising_within(self, low: int, high: int) -> Iterator[int]:
        first, last = -(-low // self.grid) * self.grid, high // self.grid * self.grid
        if first > last:
            return
        yield first
        yield last
        if self.need.previous is not None:
            below = self.need.previous // self.grid * self.grid
            for near in (below, below + self.grid):
                if first < near < last:
                    yield near

    def _score(self, order: int, start: int) -> Score:
        previous = self.need.previous
        day = self._day(start)
        that_day = [each for each in self.own if day is not None and overlap(day, each)]
        end = start + self.need.minutes
        gap = min((max(each[0] - end, start - each[1]) for each in that_day), default=0)
        return (
            previous is not None and day != self._day(previous),
            0 if previous is None else abs(start - previous),
            order,
            not self._is_wished(start, end),
            not that_day,
            gap,
            start,
        )

    def _is_wished(self, start: int, end: int) -> bool:
        wished = self.participant.wished
        return not wished or any(one <= start and end <= two for one, two in wished)

    def _day(self, at: int) -> Span | None:
        days = self.participant.days
        return next((day for day in days if day[0] <= at < day[1]), None)

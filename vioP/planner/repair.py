"""What one change of a published week comes to: who moves, and whether that was forced."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """Something that is elsewhere than people were told.

    Attributes:
        need: An appointment, or ``participant/module``.
        before: The group, or the clinician and start in minutes; nothing if it is new.
        after: The same now; nothing if it has no place.
        forced: Whether it could not have stayed; if not, it moved because something that
            could not stay would otherwise have had no place.
    """

    need: str
    participant: str
    before: str | tuple[str, int] | None
    after: str | tuple[str, int] | None
    forced: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """What one change comes to.

    Attributes:
        moves: Everything that is elsewhere now.
        price: What the whole week costs more, with the price of telling people.
        undo: Takes the change and its repair back.
    """

    moves: tuple[Move, ...]
    price: int
    undo: Callable[[], None]

    @property
    def told(self) -> tuple[str, ...]:
        """The participants who would be told."""
        return tuple(sorted({each.participant for each in self.moves}))

    @property
    def unplaced(self) -> tuple[str, ...]:
        """What has no place any more."""
        return tuple(each.need for each in self.moves if each.after is None)

"""How a draft was found: what it costs by wish, how the cost fell, and how far it can be."""

from dataclasses import dataclass
from enum import StrEnum


class Wish(StrEnum):
    """Something a week should be, and is charged for where it is not."""

    PARTICIPANT_DAYS = "participant_days"
    PARTICIPANT_WAITS = "participant_waits"
    CLINICIAN_DAYS = "clinician_days"
    CLINICIAN_WAITS = "clinician_waits"
    OVERLOAD = "overload"
    OTHER_THERAPIST = "other_therapist"
    OTHER_PRESCRIBER = "other_prescriber"
    OTHER_TIME = "other_time"
    TIME_AWAY = "time_away"
    MOVED_AGAIN = "moved_again"
    OUTSIDE_PREFERRED = "outside_preferred"
    TOLD_OTHERWISE = "told_otherwise"


@dataclass(frozen=True, slots=True)
class WishScore:
    """How often a week falls short of a wish, and what each time costs."""

    wish: Wish
    count: int
    each: int

    @property
    def cost(self) -> int:
        """What it costs in all."""
        return self.count * self.each


@dataclass(frozen=True, slots=True)
class Step:
    """The best week there was at a moment of the search.

    Attributes:
        seconds: Since the search began.
        unplaced: Appointments without a place.
        score: What the wishes cost of what had a place.
    """

    seconds: float
    unplaced: int
    score: int


@dataclass(frozen=True, slots=True)
class Found:
    """How a draft was found.

    Attributes:
        wishes: Every wish, whether it costs something or not.
        bound: What no week with the same appointments can cost less than; nothing if it
            was not proven.
        trace: The best week over time, the first moment first.
        parts: Into how many parts that share nobody the week fell.
        tries: How many searches ran on each part, the best of which was kept.
        is_stopped: Whether somebody asked for the best so far.
    """

    wishes: tuple[WishScore, ...]
    bound: int | None = None
    trace: tuple[Step, ...] = ()
    parts: int = 1
    tries: int = 1
    is_stopped: bool = False

    @property
    def score(self) -> int:
        """What the draft costs in all."""
        return sum(each.cost for each in self.wishes)

    @property
    def at_most_over(self) -> float | None:
        """How much dearer than the best possible the draft is at most, in hundredths of it.

        Returns:
            Nothing if no bound is known.
        """
        if self.bound is None:
            return None
        return 100 * (self.score - self.bound) / self.bound if self.bound > 0 else None


def thinned(trace: tuple[Step, ...], most: int = 40) -> tuple[Step, ...]:
    """A curve of few points: where it fell, its first and its last, evenly chosen."""
    falls = [
        each
        for number, each in enumerate(trace)
        if number in {0, len(trace) - 1}
        or (each.unplaced, each.score)
        != (trace[number - 1].unplaced, trace[number - 1].score)
    ]
    if len(falls) <= most:
        return tuple(falls)
    kept = {round(each * (len(falls) - 1) / (most - 1)) for each in range(most)}
    return tuple(falls[each] for each in sorted(kept))

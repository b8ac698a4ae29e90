"""The waiting list of a cohort: who waits, in which order, and for whom a place is free when.

Whoever asked first comes first. A place goes to the first of the list who can begin when it
is free, or so little later that it may stand empty for them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.places import Hold, Places

# Nobody holds a place open for longer; a mistyped year would block it for good.
LONGEST_OFFER = timedelta(days=28)
# So long a place may stand empty for whoever comes first and wants a later day.
LEEWAY = timedelta(days=14)
# What comes free later than this is no decision yet.
SOON = timedelta(days=28)
_NOT_OVER = "Choose today or a later day."


class WaitingState(StrEnum):
    """How an entry stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    ENROLLED = "enrolled"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({WaitingState.WAITING, WaitingState.OFFERED})


@dataclass(frozen=True, slots=True)
class Offer:
    """A place that is held for somebody until they have answered.

    Attributes:
        first: The first day of the place.
        until: The last day on which it is held.
    """

    first: date
    until: date


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody on the waiting list of a cohort.

    Attributes:
        asked_on: Since when they wait.
        earliest: The first day they want to begin on.
        days: The weekdays they would attend; empty means all of the cohort's.
        note: What the coordinator wrote.
        offer: The place that is held for them.
        reason: Why they were taken off the list.
        name: What they are called; nothing while an entry is written.
    """

    id: str
    participant_id: ParticipantId
    cohort_id: CohortId
    asked_on: date
    earliest: date
    days: tuple[int, ...] = ()
    note: str = ""
    state: WaitingState = WaitingState.WAITING
    offer: Offer | None = None
    reason: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if self.state is WaitingState.OFFERED and self.offer is None:
            raise ValueError(f"entry {self.id} is offered no place")

    @property
    def is_open(self) -> bool:
        """Whether they still wait, or have a place held for them."""
        return self.state in OPEN

    @property
    def is_offered(self) -> bool:
        """Whether a place was offered to them, and nobody has decided since."""
        return self.state is WaitingState.OFFERED

    def has_run_out(self, today: date) -> bool:
        """Whether what was offered to them is held no longer."""
        return self.is_offered and self.offer is not None and self.offer.until < today

    def hold(self, today: date) -> Hold | None:
        """The place that is held for them today; nothing without an offer that runs."""
        if self.offer is None or not self.is_offered or self.has_run_out(today):
            return None
        return Hold(self.offer.first, date.max, self.days)


@dataclass(frozen=True, slots=True)
class Turn:
    """An entry in its place on the list.

    Attributes:
        place: The first day from which on a place is free for them, if everybody whose turn
            is before theirs takes one; nothing where none is known to come free.
        is_now: Whether that is the next meeting there is.
    """

    entry: Entry
    place: date | None
    is_now: bool = False


class Decision(StrEnum):
    """What a waiting list wants of a coordinator, the most urgent first."""

    RUN_OUT = "run_out"
    RUNS_OUT_TODAY = "runs_out_today"
    PLACE_FREE = "place_free"


_URGENCY = tuple(Decision)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One decision about one entry."""

    what: Decision
    turn: Turn

    @property
    def urgency(self) -> tuple[int, date]:
        """What comes before what."""
        return _URGENCY.index(self.what), self.turn.place or date.max


# The first day from another one on, on which somebody may join; nothing if there is none.
Opens = Callable[[date], date | None]


def on_any_day(day: date) -> date:
    """Whenever a place is free."""
    return day


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Open entries as they come: since when they wait, then as they were written down."""
    return tuple(
        sorted(
            (each for each in entries if each.is_open),
            key=lambda each: (each.asked_on, each.id),
        )
    )


def with_offers(places: Places, entries: Iterable[Entry], today: date) -> Places:
    """The places of a cohort, those held by offers that run included."""
    holds = (each.hold(today) for each in entries)
    return places.holding(*(each for each in holds if each is not None))


def line_up(
    places: Places, entries: Iterable[Entry], today: date, opens: Opens = on_any_day
) -> tuple[Turn, ...]:
    """The list in order, and for whom a place is free when, each after whoever is before.

    Args:
        places: Held by whoever is enrolled; offers are added here.
        entries: Of this cohort, in any order.
        today: The present day of the cohort.
        opens: The first day from another one on, on which somebody may join it.
    """
    line = in_order(entries)
    left = [each for each in line if not each.is_offered]
    held = with_offers(places, line, today)
    found: dict[str, date] = {}
    while left:
        free = [
            (day, turn)
            for turn, each in enumerate(left)
            if (day := _begins(held, each, today, opens)) is not None
        ]
        if not free:
            break
        latest = min(free)[0] + LEEWAY
        turn, day = min((turn, day) for day, turn in free if day <= latest)
        entry = left.pop(turn)
        found[entry.id] = day
        held = held.holding(Hold(day, date.max, entry.days))
    return tuple(_turn(places, each, found.get(each.id), today) for each in line)


def _turn(places: Places, entry: Entry, free: date | None, today: date) -> Turn:
    place = entry.offer.first if entry.offer else free
    return Turn(entry, place, place == places.next_meeting(today, entry.days))


def _begins(places: Places, entry: Entry, today: date, opens: Opens) -> date | None:
    """The first day on which somebody could begin: a place is free, and people may join."""
    free = places.free_from(max(today, entry.earliest), entry.days)
    return None if free is None else opens(free)


def wanted(turns: Iterable[Turn], today: date) -> tuple[Wanted, ...]:
    """What a list wants to have decided today, the most urgent first."""
    found = []
    for turn in turns:
        offer = turn.entry.offer
        if offer is None:
            if turn.place is not None and turn.place <= today + SOON:
                found.append(Wanted(Decision.PLACE_FREE, turn))
        elif offer.until < today:
            found.append(Wanted(Decision.RUN_OUT, turn))
        elif offer.until == today:
            found.append(Wanted(Decision.RUNS_OUT_TODAY, turn))
    return tuple(sorted(found, key=lambda each: each.urgency))


def why_not_offer(first: date, until: date, today: date) -> str:
    """Why a place cannot be held like this, in words; empty if it can."""
    if until < today:
        return f"The place would be held until {until}, which is over. {_NOT_OVER}"
    if first < today:
        return f"The place would begin on {first}, which is over. {_NOT_OVER}"
    if until - today > LONGEST_OFFER:
        return (
            f"A place is held for at most {LONGEST_OFFER.days} days. Choose "
            f"{today + LONGEST_OFFER} or an earlier day."
        )
    return ""

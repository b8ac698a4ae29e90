"""How good a draft is, as a page shows it: its cost by wish, its bound, its curve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.search import Found, Step, Wish
from vioP.flows.compare_week import ScoredWeek

NAMES = {
    Wish.PARTICIPANT_DAYS: "Days on which a participant has something",
    Wish.PARTICIPANT_WAITS: "Half hours participants wait between sessions",
    Wish.CLINICIAN_DAYS: "Days on which a clinician has something",
    Wish.CLINICIAN_WAITS: "Half hours clinicians wait, beyond two a day",
    Wish.OVERLOAD: "Half hours a therapist works above 85 % of the week's most",
    Wish.OTHER_THERAPIST: "Appointments with another therapist than usual",
    Wish.OTHER_PRESCRIBER: "Appointments with another prescriber than usual",
    Wish.OTHER_TIME: "Appointments at another time than usual",
    Wish.TIME_AWAY: "Half hours they lie away from it",
    Wish.MOVED_AGAIN: "Earlier moves of those who are moved again",
    Wish.OUTSIDE_PREFERRED: "Appointments outside the hours somebody likes best",
    Wish.TOLD_OTHERWISE: "Appointments not as people were told for this week",
}
# The drawing's own units: it is as wide as its place and shrinks with it.
_WIDE, _HIGH, _MARGIN = 320, 90, 10


@dataclass(frozen=True, slots=True)
class WishLine:
    """One wish, what it costs each time, and how often each week falls short of it."""

    name: str
    each: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """One or two weeks side by side, wish by wish."""

    titles: tuple[str, ...]
    unplaced: tuple[int, ...]
    lines: tuple[WishLine, ...]
    score: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CurveLine:
    """One moment of the search, as a row."""

    seconds: str
    unplaced: int
    score: str


@dataclass(frozen=True, slots=True)
class Curve:
    """How the score fell: a line to look at, and the same as a table.

    Attributes:
        points: The line, in the drawing's own units; empty if the score did not fall.
    """

    summary: str
    points: str
    top: str
    bottom: str
    end: str
    lines: tuple[CurveLine, ...]


@dataclass(frozen=True, slots=True)
class FoundCard:
    """How a draft was found, in words and as a curve."""

    bound: str
    how: str
    curve: Curve | None


def score_table(weeks: Mapping[str, ScoredWeek | None]) -> ScoreTable | None:
    """What weeks ask of people, each under its title; what none of them asks is not named.

    Returns:
        Nothing if nothing is known of any.
    """
    known = {title: week for title, week in weeks.items() if week is not None}
    if not known:
        return None
    by_wish = [{each.wish: each for each in week.wishes} for week in known.values()]
    lines = []
    for wish, name in NAMES.items():
        scores = [each[wish] for each in by_wish if wish in each]
        if any(each.count for each in scores):
            counts = tuple(each.count for each in scores)
            lines.append(WishLine(name, scores[0].each, counts))
    return ScoreTable(
        titles=tuple(known),
        unplaced=tuple(week.unplaced for week in known.values()),
        lines=tuple(lines),
        score=tuple(week.score for week in known.values()),
    )


def found_card(found: Found) -> FoundCard:
    """How good a draft is, and how it was found."""
    return FoundCard(_bound(found), _how(found), curve(found.trace))


def curve(trace: Sequence[Step]) -> Curve | None:
    """How the score fell; the line begins where as much had a place as in the end.

    Returns:
        Nothing if there is no moment to speak of.
    """
    if not trace:
        return None
    last = trace[-1]
    alike = [each for each in trace if each.unplaced == last.unplaced]
    top = max(each.score for each in alike)
    is_falling = last.score < top and last.seconds > 0
    summary = f"The score was {last.score:,} from the first week on."
    if not is_falling and len(alike) < len(trace):
        rest = f"only {last.unplaced} without a place"
        placed = rest if last.unplaced else "a place for everything"
        summary = (
            f"The first week with {placed} came after {alike[0].seconds:.1f} s. "
            f"Its score is {last.score:,}."
        )
    if is_falling:
        summary = (
            f"From a score of {alike[0].score:,} after {alike[0].seconds:.1f} s "
            f"to {last.score:,} after {last.seconds:.1f} s."
        )
    return Curve(
        summary=summary,
        points=_points(alike) if is_falling else "",
        top=f"{top:,}",
        bottom=f"{min(each.score for each in alike):,}",
        end=f"{last.seconds:.1f} s",
        lines=tuple(
            CurveLine(f"{each.seconds:.1f}", each.unplaced, f"{each.score:,}")
            for each in trace
        ),
    )


def _points(alike: Sequence[Step]) -> str:
    low = min(each.score for each in alike)
    height = max(1, max(each.score for each in alike) - low)
    last = alike[-1].seconds
    points, before = [], ""
    for each in alike:
        x = _MARGIN + (_WIDE - 2 * _MARGIN) * each.seconds / last
        y = _MARGIN + (_HIGH - 2 * _MARGIN) * (1 - (each.score - low) / height)
        # The best so far stays until something better is found: steps, not slopes.
        if before:
            points.append(f"{x:.1f},{before}")
        before = f"{y:.1f}"
        points.append(f"{x:.1f},{before}")
    return " ".join(points)


def _bound(found: Found) -> str:
    if found.bound is None:
        return (
            f"This week costs {found.score:,} points. How low it could be was not proven."
        )
    if found.bound == found.score:
        least = "No week with these appointments can cost less."
        return f"This week costs {found.score:,} points. {least}"
    more = found.at_most_over
    over = "" if more is None else f", at most {more:.1f} % more"
    return (
        f"No week with these appointments can cost less than {found.bound:,} points; "
        f"this one costs {found.score:,}{over}. The lower number takes each participant alone, "
        "as if nobody else wanted the same clinician at the same hour."
    )


def _how(found: Found) -> str:
    seconds = f"Found in {found.trace[-1].seconds:.1f} s" if found.trace else "Found"
    ways = "by one search"
    if found.parts > 1:
        ways = f"in {found.parts} parts that share nobody, each searched on its own"
    elif found.tries > 1:
        ways = f"as the best of {found.tries} searches"
    stopped = ""
    if found.is_stopped:
        stopped = " Somebody took the best so far; searching on might find a better week."
    return f"{seconds}, {ways}.{stopped}"

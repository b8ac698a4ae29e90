"""Presence and attendance, folded from evidence. Nothing here is stored: facts are.

Evidence is one append-only fact about somebody and a session. Opening a link is never one:
mail scanners open links. Facts may come late, twice and out of order; every answer here is
the same in any order.

Somebody may be there twice over, on a laptop and by phone, so facts are gathered into
*strands*: what one connection sends by one leg. A person is there while any strand is open.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from vioP.domain.time import Instant, later

LATE_AFTER = timedelta(minutes=10)
LEFT_EARLY_BEFORE = timedelta(minutes=15)


class Fact(StrEnum):
    """What was seen or said.

    ``entered`` is a live connection of a proven person to a room or its waiting room; media
    is what comes from them. ``moved`` is when the door of an appointment's new time opens.
    """

    JOIN_PRESSED = "join_pressed"
    ENTERED = "entered"
    MEDIA_UP = "media_up"
    MEDIA_DOWN = "media_down"
    LEFT = "left"
    PHONE_BRIDGED = "phone_bridged"
    MARKED_PRESENT = "marked_present"
    MARKED_EXCUSED = "marked_excused"
    MARKED_NO_SHOW = "marked_no_show"
    MARK_WITHDRAWN = "mark_withdrawn"
    MOVED = "moved"

    @property
    def is_departure(self) -> bool:
        """Whether it says that somebody left."""
        return self in DEPARTURES


ARRIVALS = frozenset({Fact.JOIN_PRESSED, Fact.ENTERED, Fact.MEDIA_UP, Fact.PHONE_BRIDGED})
DEPARTURES = frozenset({Fact.MEDIA_DOWN, Fact.LEFT})
MARKS = frozenset({Fact.MARKED_PRESENT, Fact.MARKED_EXCUSED, Fact.MARKED_NO_SHOW})


class Leg(StrEnum):
    """By what somebody takes part. Payers treat sound alone differently from video."""

    VIDEO = "video"
    AUDIO = "audio"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact, with who says so and when it happened.

    Attributes:
        leg: What media it is about; nothing when it is about all of a connection.
        connection: What the room calls the device; empty when no room said it.
    """

    fact: Fact
    at: Instant
    source: str
    leg: Leg | None = None
    connection: str = ""


class Presence(StrEnum):
    """Whether somebody is in the session now, as far as is known.

    Whoever is *lost* has not left: their device has fallen silent.
    """

    PRESENT = "present"
    AWAY = "away"
    LOST = "lost"
    LEFT = "left"


class Attendance(StrEnum):
    """What presence added up to."""

    PENDING = "pending"
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    NO_SHOW = "no_show"


CAME = frozenset({Attendance.PRESENT, Attendance.LATE, Attendance.LEFT_EARLY})


@dataclass(frozen=True, slots=True)
class Stay:
    """A stretch of time somebody was there; without an end they still are."""

    since: Instant
    until: Instant | None


@dataclass(frozen=True, slots=True)
class TakenPart:
    """How long somebody took part within a session.

    Attributes:
        video: With their picture, sound or not.
        sound: By sound alone, from a browser or a phone.
    """

    video: timedelta
    sound: timedelta


def presence(evidence: Iterable[Evidence]) -> Presence:
    """Whether somebody is there now.

    Of an arrival and a departure at the same instant the arrival counts, because a doubtful
    person is not a missing one. A mark by staff that somebody is present holds until it is
    withdrawn.
    """
    facts = list(evidence)
    if not facts:
        return Presence.AWAY
    if _mark(facts) is Fact.MARKED_PRESENT:
        return Presence.PRESENT
    there = stays(facts)
    if there and there[-1].until is None:
        return Presence.PRESENT
    gone = [each for each in facts if each.fact in DEPARTURES]
    if not there and not gone:
        return Presence.AWAY
    hung_up = {each.connection for each in gone if each.fact is Fact.LEFT}
    last = {each.connection for each in gone if each.at == _last_departure(gone)}
    return Presence.LEFT if last <= hung_up else Presence.LOST


def stays(evidence: Iterable[Evidence]) -> tuple[Stay, ...]:
    """When somebody was there, in order of time, by whatever connection or leg."""
    found = [stay for strand in _strands(list(evidence)) for stay in strand]
    return _united(found)


def missing_since(evidence: Iterable[Evidence], starts: Instant) -> Instant:
    """When somebody went missing: the start, or when they last dropped out after it."""
    ends = [each.until for each in stays(evidence) if each.until is not None]
    return max([starts, *ends])


def came_last(evidence: Iterable[Evidence]) -> Instant | None:
    """When somebody came last; nothing if they never did."""
    return max((each.at for each in evidence if each.fact in ARRIVALS), default=None)


def absences(evidence: Iterable[Evidence]) -> int:
    """How often somebody had left; whoever is on two devices leaves with the last of them."""
    return sum(each.until is not None for each in stays(evidence))


def taken_part(
    evidence: Iterable[Evidence], starts: Instant, ends: Instant, now: Instant
) -> TakenPart:
    """How long somebody took part between two instants, with two devices counted once."""
    facts = list(evidence)
    until = min(ends, now)
    pictures = _united(_media(facts, {Leg.VIDEO}))
    anything = _united(_media(facts, set(Leg)))
    video = _length(pictures, starts, until)
    return TakenPart(video, _length(anything, starts, until) - video)


def ends(evidence: Evidence, leg: Leg | None) -> bool:
    """Whether a fact ends what its connection sends by a leg.

    Leaving ends all of a browser's media; a phone is a connection of its own.
    """
    if evidence.fact not in DEPARTURES:
        return False
    same = evidence.leg in {leg, None}
    return same or (evidence.fact is Fact.LEFT and Leg.PHONE not in {leg, evidence.leg})


def is_excused(evidence: Iterable[Evidence]) -> bool:
    """Whether staff have said that nobody need look for this person."""
    return _mark(list(evidence)) in {Fact.MARKED_EXCUSED, Fact.MARKED_NO_SHOW}


def fold(evidence: Iterable[Evidence], starts: Instant, ends: Instant) -> Attendance:
    """What the evidence adds up to. A human mark beats what machines saw.

    Without a mark, absence stays *pending*: nobody is called a no-show by a fold.
    """
    facts = list(evidence)
    mark = _mark(facts)
    if mark is Fact.MARKED_EXCUSED:
        return Attendance.EXCUSED
    if mark is Fact.MARKED_NO_SHOW:
        return Attendance.NO_SHOW
    arrivals = [each.at for each in facts if each.fact in ARRIVALS]
    if not arrivals:  # a mark says that they were there, and nothing of when they came
        is_marked = mark is Fact.MARKED_PRESENT
        return Attendance.PRESENT if is_marked else Attendance.PENDING
    gone = presence(facts) in {Presence.LEFT, Presence.LOST}
    if gone and _last_departure(facts) < later(ends, -LEFT_EARLY_BEFORE):
        return Attendance.LEFT_EARLY
    late = min(arrivals) > later(starts, LATE_AFTER)
    return Attendance.LATE if late else Attendance.PRESENT


def _strands(facts: Sequence[Evidence]) -> Iterator[tuple[Stay, ...]]:
    """Everything that can keep somebody present, each as when it did."""
    pressed = [each for each in facts if each.fact is Fact.JOIN_PRESSED]
    gone = [each for each in facts if each.fact in DEPARTURES]
    # Pressing the button opens no connection; whatever ends later ends what it promised.
    yield _stays_of(pressed, [each for each in gone if each.leg is not Leg.PHONE])
    for connection in sorted({each.connection for each in facts}):
        own = [each for each in facts if each.connection == connection]
        left = [
            each for each in own if each.fact in DEPARTURES and each.leg is not Leg.PHONE
        ]
        # A connection that had media and lost it is no proof of anybody.
        yield _stays_of([each for each in own if each.fact is Fact.ENTERED], left)
    yield from _media_strands(facts)


def _media_strands(
    facts: Sequence[Evidence], legs: Iterable[Leg | None] = (None, *Leg)
) -> Iterator[tuple[Stay, ...]]:
    """When each connection sent something by each leg."""
    for connection in sorted({each.connection for each in facts}):
        own = [each for each in facts if each.connection == connection]
        for leg in legs:
            up = [each for each in own if _media_leg(each) is leg and _is_media(each)]
            down = [each for each in own if ends(each, leg)]
            yield _stays_of(up, down)


def _media(facts: Sequence[Evidence], legs: set[Leg]) -> list[Stay]:
    return [stay for strand in _media_strands(facts, sorted(legs)) for stay in strand]


def _is_media(evidence: Evidence) -> bool:
    return evidence.fact in {Fact.MEDIA_UP, Fact.PHONE_BRIDGED}


def _media_leg(evidence: Evidence) -> Leg | None:
    return Leg.PHONE if evidence.fact is Fact.PHONE_BRIDGED else evidence.leg


def _stays_of(came: Sequence[Evidence], gone: Sequence[Evidence]) -> tuple[Stay, ...]:
    """Arrivals and departures of one strand as stretches of time."""
    moves = sorted([(each.at, False) for each in gone] + [(each.at, True) for each in came])
    found: list[Stay] = []
    since: Instant | None = None
    for at, is_arrival in moves:
        if is_arrival:
            since = since or at
        elif since is not None:
            found.append(Stay(since, at))
            since = None
    return (*found, Stay(since, None)) if since is not None else tuple(found)


def _united(found: Iterable[Stay]) -> tuple[Stay, ...]:
    """Stretches of time with overlaps counted once, in order."""
    united: list[Stay] = []
    for stay in sorted(found, key=lambda each: each.since):
        last = united[-1] if united else None
        if last is None or (last.until is not None and stay.since > last.until):
            united.append(stay)
        elif last.until is not None:
            until = None if stay.until is None else max(last.until, stay.until)
            united[-1] = Stay(last.since, until)
    return tuple(united)


def _length(found: Iterable[Stay], starts: Instant, ends: Instant) -> timedelta:
    spans = (min(each.until or ends, ends) - max(each.since, starts) for each in found)
    return sum((max(span, timedelta()) for span in spans), timedelta())


def _last_departure(facts: Sequence[Evidence]) -> Instant:
    return max(each.at for each in facts if each.fact in DEPARTURES)


def _mark(facts: Sequence[Evidence]) -> Fact | None:
    marks = [each for each in facts if each.fact in MARKS | {Fact.MARK_WITHDRAWN}]
    if not marks:
        return None
    last = max(marks, key=lambda each: each.at)
    return None if last.fact is Fact.MARK_WITHDRAWN else last.fact

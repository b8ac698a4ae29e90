"""The judge of the ladder: nobody missing is forgotten, nobody present is called.

What was in anybody's way is forgiven for as long as it was in the way, and no longer: the
tolerances are those the program promises, plus the time a person takes to read the list.
"""

from collections.abc import Iterator

from vioP.domain.fallback import Ladder
from vioP.simulation.truth import Meeting, Place, Post, Ring, Span, Trouble, Truth
from vioP.simulation.world import MINUTE

# From the promise of the ladder (docs/reference/ladder.md): the nudge, the first call, the
# coordinator's task, and the sooner one for people at high risk.
NUDGE, CALL, COORDINATOR, SOONER = 3 * MINUTE, 6 * MINUTE, 12 * MINUTE, 5 * MINUTE
HOST_LATE, STALE, REJOIN = 2 * MINUTE, 4 * MINUTE, 2 * MINUTE
# How long the service may take once nothing is in its way: to look again, to list, to be read.
_RECOVERS = 3 * MINUTE
_NOTICES = 2.5 * MINUTE
_SETTLED = 30.0
_PUNCTUAL, _TRIES_AGAIN = 20.0, 75.0
_STEP, _DOUBT = 10.0, 60.0
_HUMAN = {"coordinator", "clinician", "call_back", "wants_human"}
_STOPS_IT = (Trouble.DOWN, Trouble.DISK, Trouble.CLOCK, Trouble.STALL)
_IN_THE_WAY = (*_STOPS_IT, Trouble.ROOM)


def unreached(truth: Truth) -> Iterator[str]:
    """Everybody who stayed away has a person looking for them, or their session has."""
    for meeting, place in truth.places():
        if place.person in truth.silenced:
            continue
        for since, until in _absences(truth, meeting, place):
            yield from _unreached(truth, meeting, place, Span(since, until))


def _unreached(truth: Truth, meeting: Meeting, place: Place, away: Span) -> Iterator[str]:
    assert away.until is not None  # noqa: S101 - the session ends
    due = away.since + (SOONER if place.high_risk else COORDINATOR) + _NOTICES
    asked = place.excused_at is not None
    if asked or (due >= away.until and away.until < meeting.ends):
        return
    # A rung that would fall due after the end is not climbed.
    if due >= meeting.ends - MINUTE:
        return
    by = _free(truth, due)
    if place.was_seen(away.since, by):
        return
    if not _is_told(truth, meeting, place, by):
        yield (
            f"I8 {place.seat} of {meeting.id} was away from {away.since:.0f} and by {by:.0f} "
            "no person had been told"
        )
    after = _free(truth, meeting.ends)
    still_away = not place.was_seen(away.since, after)
    if still_away and not _is_told(truth, meeting, place, after, alone=True):
        yield f"I8 {place.seat} of {meeting.id} stayed away, and nobody was asked to look"


def _is_told(
    truth: Truth, meeting: Meeting, place: Place, by: float, *, alone: bool = False
) -> bool:
    """Whether a person had read of them by then, or of their session as a whole."""
    for line in truth.lines.values():
        if line.at > by:
            continue
        if line.seat == place.seat and line.rung in _HUMAN:
            return True
        if not alone and line.session == meeting.id and line.seat is None:
            return True
    return False


def _absences(
    truth: Truth, meeting: Meeting, place: Place
) -> Iterator[tuple[float, float]]:
    """Stretches in which the service should have missed them: start and end of each.

    Whoever drops out while nobody can see it is missed from when it can be seen.
    """
    begun = meeting.started if meeting.started is not None else meeting.starts + HOST_LATE
    since = max(meeting.starts, begun)
    for stay in sorted(place.stays, key=lambda each: each.since):
        if stay.since > since:
            yield since, min(stay.since, meeting.ends)
        left = stay.until if stay.until is not None else meeting.ends
        since = max(since, _seen_from(truth, left) + REJOIN)
    if since < meeting.ends:
        yield since, meeting.ends


def _seen_from(truth: Truth, moment: float) -> float:
    """The first moment from one on at which the service ran and the room answered."""
    for trouble in (Trouble.DOWN, Trouble.ROOM, Trouble.DOWN):
        for span in truth.troubles[trouble]:
            if span.touches(moment, moment):
                moment = float("inf") if span.until is None else span.until
    return moment


def _free(truth: Truth, since: float) -> float:
    """The end of the first stretch from a moment on in which nothing stopped the service."""
    at = since
    while True:
        spans = [
            span
            for trouble in _STOPS_IT
            for span in truth.troubles[trouble]
            if span.touches(at, at + _RECOVERS)
        ]
        if not spans:
            return at + _RECOVERS
        ends = [span.until for span in spans]
        if None in ends:
            return float("inf")
        at = max(end for end in ends if end is not None) + 0.001


def calls_on_the_present(truth: Truth) -> Iterator[str]:
    """Nobody is nudged or rung who is there; nor does a phone ring on once they are."""
    places = {str(place.seat): place for _, place in truth.places()}
    reached: list[Post | Ring] = [
        *(each for each in truth.texts if each.key.startswith("nudge:")),
        *truth.rings,
    ]
    for each in reached:
        place = places.get(_seat(each.key))
        if place is None:
            continue
        known = max((at for at in place.pressed if at <= each.at - _SETTLED), default=None)
        if known is not None and _stayed(place, known, each.at):
            late = each.at - known
            yield f"I3 {each.key} came {late:.0f} s after the join was acknowledged"
        if isinstance(each, Ring):
            yield from _rings_on(truth, place, each)


def _rings_on(truth: Truth, place: Place, ring: Ring) -> Iterator[str]:
    until = ring.until if ring.until is not None else ring.at + MINUTE
    for at in place.pressed:
        on = ring.at < at < until - 10 and truth.was_calm(ring.at - MINUTE, until)
        if on and _stayed(place, at, until):
            yield f"I3 {ring.key} went on ringing {until - at:.0f} s after the join"


def _stayed(place: Place, since: float, until: float) -> bool:
    """Whether they came in right after a moment, and stayed until another."""
    return any(
        stay.since - _SETTLED <= since + _SETTLED
        and stay.since <= until
        and since - MINUTE <= stay.since
        and (stay.until is None or stay.until >= until)
        for stay in place.stays
    )


def stale_nudges(truth: Truth) -> Iterator[str]:
    """No first nudge arrives long after it was due."""
    starts = {
        str(place.seat): max(meeting.starts, meeting.started or meeting.starts)
        for meeting, place in truth.places()
    }
    for post in truth.texts:
        rung, _, rest = post.key.partition(":")
        seat, _, episode = rest.partition(":")
        begun = starts.get(seat)
        if rung != "nudge" or not episode.startswith("0") or begun is None:
            continue
        late = post.at - begun - NUDGE - STALE
        if late > MINUTE:
            yield f"I4 {post.key} arrived {late:.0f} s after it was worth sending"


def late_on_a_calm_day(truth: Truth) -> Iterator[str]:
    """When nothing is wrong, whoever is missing is nudged and called to the minute."""
    for meeting, place in truth.places():
        begun = meeting.started
        if begun is None or place.high_risk or place.person in truth.silenced:
            continue
        since = max(meeting.starts, begun)
        for key, after in (("nudge", NUDGE), ("call", CALL)):
            until = _sent_by(truth, since + after)
            before = meeting.starts - 5 * MINUTE
            quiet = not any(truth.was(each, before, until + 5) for each in _IN_THE_WAY)
            quiet = quiet and until < since + after + STALE
            if (
                quiet
                and _must_be_reached(meeting, place, since + NUDGE, until)
                and not _reached(truth, key, place, until)
            ):
                yield f"I5 {key} for {place.seat} of {meeting.id} was late on a calm day"


def _sent_by(truth: Truth, due: float) -> float:
    """Until when it must have left: at once, or soon after an outage of its provider."""
    for span in truth.troubles[Trouble.PHONE]:
        if span.touches(due, due + _PUNCTUAL):
            return float("inf") if span.until is None else span.until + _TRIES_AGAIN
    return due + _PUNCTUAL


def _must_be_reached(meeting: Meeting, place: Place, since: float, until: float) -> bool:
    """Whether they were in nobody's sight, and never so many were missing at once."""
    excused = place.excused_at is not None and place.excused_at <= until
    if excused or place.was_seen(0.0, until) or until >= meeting.ends:
        return False
    moments = [since + step * _STEP for step in range(int((until - since) / _STEP) + 1)]
    return all(_are_few(meeting, at) for at in moments)


def _are_few(meeting: Meeting, at: float) -> bool:
    """Whether so few are missing at a moment that it is no incident."""
    missing = sum(
        not each.was_seen(at - _DOUBT, at + 1) for each in meeting.places.values()
    )
    doubtful = sum(
        not each.is_there(at) or not each.is_there(at - _DOUBT)
        for each in meeting.places.values()
    )
    least = Ladder().incident_least
    return max(missing, doubtful) < least or 2 * max(missing, doubtful) < len(
        meeting.places
    )


def _reached(truth: Truth, rung: str, place: Place, until: float) -> bool:
    posts = [(each.at, each.key) for each in truth.texts]
    rings = [(each.at, each.key) for each in truth.rings]
    return any(
        at <= until and key.startswith(f"{rung}:{place.seat}:") for at, key in posts + rings
    )


def _seat(key: str) -> str:
    return key.partition(":")[2].partition(":")[0]

"""What a look into a room adds to the evidence: whoever is there, and whoever is not.

Messages from a room can be lost. A look cannot: it says who is there *now*, and so what is
missing from the evidence can be written down as found, at the time it was found.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from vioP.domain.attendance import ARRIVALS, DEPARTURES, Evidence, Fact, Leg, ends
from vioP.domain.ids import SeatId
from vioP.domain.live import LiveSeat, LiveSession
from vioP.domain.room import Seen
from vioP.domain.time import Instant, later

SOURCE = "look"
PRESSED_ON_OUR_PAGE = "link"
ARRIVES_WITHIN = timedelta(minutes=1)
# A program of somebody else's must start first, and its messages must reach us.
ARRIVES_ELSEWHERE_WITHIN = timedelta(minutes=2)
_IN_A_ROOM = frozenset({Fact.ENTERED, Fact.MEDIA_UP})


def reconcile(
    session: LiveSession, seen: Sequence[Seen], now: Instant
) -> Iterator[tuple[SeatId, Evidence]]:
    """The evidence that makes a session agree with who is in its room now.

    Whoever pressed Join and never reached the room is not there: a minute is enough for a
    page to connect, and somebody stuck before it must be looked for.
    """
    for seat in session.seats:
        own = {each.connection: each.legs for each in seen if each.guest_id == seat.id}
        for evidence in _corrections(seat, own, now):
            yield seat.id, evidence


def stuck(session: LiveSession, now: Instant) -> Iterator[tuple[SeatId, Evidence]]:
    """The evidence against whoever pressed Join and was never seen inside.

    For a room that cannot be asked who is in it, only heard, and was heard: as long as no
    message about it has reached us, silence says nothing.
    """
    for seat in session.seats:
        inside = bool(connections(seat.evidence))
        if not inside and _never_arrived(seat.evidence, now, ARRIVES_ELSEWHERE_WITHIN):
            yield seat.id, Evidence(Fact.LEFT, now, SOURCE, Leg.VIDEO)


def connections(evidence: Iterable[Evidence]) -> dict[str, frozenset[Leg]]:
    """Connections to a room that the evidence holds open, each with its media."""
    facts = list(evidence)
    names = {each.connection for each in facts if each.fact in _IN_A_ROOM} - {""}
    return {name: _legs(facts, name) for name in names if _is_open(facts, name, None)}


def _corrections(
    seat: LiveSeat, own: Mapping[str, frozenset[Leg]], now: Instant
) -> Iterator[Evidence]:
    known = connections(seat.evidence)
    for name in sorted(own):
        if name not in known:
            yield Evidence(Fact.ENTERED, now, SOURCE, None, name)
        before = known.get(name, frozenset())
        for leg in sorted(before - own[name]):
            yield Evidence(Fact.MEDIA_DOWN, now, SOURCE, leg, name)
        for leg in sorted(own[name] - before):
            yield Evidence(Fact.MEDIA_UP, now, SOURCE, leg, name)
    for name in sorted(known.keys() - own.keys()):
        yield Evidence(Fact.LEFT, now, SOURCE, None, name)
    if not own and _never_arrived(seat.evidence, now):
        yield Evidence(Fact.LEFT, now, SOURCE, Leg.VIDEO)


def _never_arrived(
    evidence: Sequence[Evidence], now: Instant, within: timedelta = ARRIVES_WITHIN
) -> bool:
    pressed = [
        each.at
        for each in evidence
        if each.fact is Fact.JOIN_PRESSED and each.source == PRESSED_ON_OUR_PAGE
    ]
    gone = [
        each.at
        for each in evidence
        if each.fact in DEPARTURES and each.leg is not Leg.PHONE
    ]
    if not pressed or max(pressed) > later(now, -within):
        return False
    return max(pressed) >= max(gone, default=max(pressed))


def _legs(facts: Sequence[Evidence], name: str) -> frozenset[Leg]:
    return frozenset(leg for leg in Leg if _is_open(facts, name, leg))


def _is_open(facts: Sequence[Evidence], name: str, leg: Leg | None) -> bool:
    """Whether the last word about a connection, or one of its legs, is an arrival."""
    own = [each for each in facts if each.connection == name]
    if leg is None:
        came = [each.at for each in own if each.fact in ARRIVALS]
        gone = [each.at for each in own if each.fact is Fact.LEFT and ends(each, Leg.VIDEO)]
    else:
        came = [each.at for each in own if each.fact is Fact.MEDIA_UP and each.leg is leg]
        gone = [each.at for each in own if ends(each, leg)]
    return bool(came) and max(came) >= max(gone, default=max(came))

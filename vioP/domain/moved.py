"""What counts of an appointment put to another time: what was seen from its new door on."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from vioP.domain.attendance import ARRIVALS, DEPARTURES, Evidence, Fact, Leg, ends
from vioP.domain.time import Instant

# Who came in so shortly before a new door opens, and has not left, is there for it.
_STAYS_FOR = timedelta(minutes=30)
_OPENS_A_CONNECTION = frozenset({Fact.ENTERED, Fact.MEDIA_UP, Fact.PHONE_BRIDGED})


def of_this_time(evidence: Sequence[Evidence], door: Instant) -> tuple[Evidence, ...]:
    """The facts that are about the present time of an appointment.

    A press of the button before the door says nothing: whoever pressed may have gone again. A
    connection that is open when the door opens counts from then on. What staff have said
    stays: it is withdrawn where an appointment moves.

    Args:
        evidence: Everything that was seen and said.
        door: When the door of the present time opens.
    """
    kept = (_at_door(each, evidence, door) for each in evidence)
    return tuple(each for each in kept if each is not None)


def _at_door(
    fact: Evidence, evidence: Iterable[Evidence], door: Instant
) -> Evidence | None:
    if fact.fact is Fact.MOVED:
        return None
    if fact.fact not in ARRIVALS | DEPARTURES or fact.at >= door:
        return fact
    if fact.fact not in _OPENS_A_CONNECTION or door - fact.at > _STAYS_FOR:
        return None
    leg = Leg.PHONE if fact.fact is Fact.PHONE_BRIDGED else fact.leg
    is_over = any(
        each.connection == fact.connection
        and fact.at <= each.at < door
        and (ends(each, leg) or (fact.fact is Fact.ENTERED and each.fact in DEPARTURES))
        for each in evidence
    )
    return None if is_over else replace(fact, at=door)

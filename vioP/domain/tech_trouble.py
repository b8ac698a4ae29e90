"""Whether a session went so badly for somebody that their last tech check says nothing more."""

from collections.abc import Iterable
from datetime import timedelta

from vioP.domain.attendance import Evidence, Fact
from vioP.domain.time import later

# Shorter gaps are mended before anybody notices; a page that closes leaves at once.
_NOTICED = timedelta(seconds=5)


def had_trouble(evidence: Iterable[Evidence]) -> bool:
    """Whether media of a device fell silent while its connection stayed.

    What somebody turned off themselves is no trouble: the room notes beside it that the
    connection is still there.
    """
    facts = list(evidence)
    return any(each.fact is Fact.MEDIA_DOWN and _was_noticed(each, facts) for each in facts)


def _was_noticed(down: Evidence, facts: Iterable[Evidence]) -> bool:
    """Whether nothing on the same connection explains or mends a silence in time."""
    until = later(down.at, _NOTICED)
    mended = {Fact.LEFT, Fact.ENTERED}
    return not any(
        each.connection == down.connection
        and down.at <= each.at <= until
        and (each.fact in mended or (each.fact is Fact.MEDIA_UP and each.leg is down.leg))
        for each in facts
    )

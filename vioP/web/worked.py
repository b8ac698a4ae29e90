"""What a page says of an answer that takes a while: who asked, when, and whether it still holds."""

from dataclasses import dataclass

from vioP.domain.programme import Programme
from vioP.domain.time import Instant
from vioP.flows.see_foresight import Seen
from vioP.i18n import place_words
from vioP.web.pages import clock, long_day

_SOON, _SELDOM = 2, 30  # seconds between looks, while it is worked out and afterwards


@dataclass(frozen=True, slots=True)
class Worked:
    """How an answer stands.

    Attributes:
        asked: When it was asked for and by whom, while it is worked out.
        answered: When the answer that is shown was worked out, and for whom.
        failed: Why the last try came to nothing.
        is_old: Whether something has changed since the answer.
        every: Seconds after which the page looks again.
    """

    address: str
    asked: str
    answered: str
    failed: str
    is_old: bool
    every: int


def worked(seen: Seen[object], programme: Programme, address: str) -> Worked:
    """How an answer stands, in words and on the program's clock."""
    zone = programme.program.zone
    names: dict[str, str] = {each.id: each.name for each in programme.staff}
    kept = seen.kept

    def said(at: Instant, by: str) -> str:
        moment = f"{long_day(at, zone)}, {clock(at, zone)}, {place_words(zone)}"
        return f"{moment}, asked for by {names.get(by, by)}"

    return Worked(
        address=address,
        asked=said(kept.asked.at, kept.asked.by) if kept.asked else "",
        answered=said(kept.answered.at, kept.answered.asked_by) if kept.answered else "",
        failed=kept.failed.note if kept.failed else "",
        is_old=seen.is_old,
        every=_SOON if kept.asked else _SELDOM,
    )

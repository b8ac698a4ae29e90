"""What everybody of a session was told, in words: when, whom it reached, and whom it did not."""

from collections.abc import Iterable
from dataclasses import dataclass

from vioP.domain.live import LiveSession
from vioP.storage.marks import ToldNews
from vioP.web.pages import clock

_NEWS = {
    "host_late": "that the host is late",
    "room_down": "that the room does not work",
}


@dataclass(frozen=True, slots=True)
class NewsLine:
    """One piece of news, and the people it did not reach, by name."""

    text: str
    missed: tuple[str, ...]


def news_lines(
    told: Iterable[ToldNews], session: LiveSession, zone: str
) -> tuple[NewsLine, ...]:
    """Everything a session was told, the newest first."""
    names = {seat.id: seat.name for seat in session.seats}
    lines = [
        NewsLine(
            f"{clock(each.at, zone)}: {len(each.reached)} of "
            f"{len(each.reached) + len(each.missed)} told {_NEWS[each.kind]}",
            tuple(sorted(names[seat] for seat in each.missed if seat in names)),
        )
        for each in told
    ]
    return tuple(reversed(lines))

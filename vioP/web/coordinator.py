"""What coordinators see of a day: the board."""

from dataclasses import dataclass, replace
from datetime import timedelta

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.ids import StaffId
from vioP.domain.live import LiveSession
from vioP.domain.time import Instant, later
from vioP.flows.decide_matter import count_open_matters
from vioP.flows.decide_time_off import count_time_off
from vioP.flows.settle_undelivered import show_trouble
from vioP.flows.show import show_broken_promises, who_works
from vioP.flows.show_live import show_live_board
from vioP.web.access import action, person_of
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render
from vioP.web.states import SessionCard, card, most_urgent_first
from vioP.web.undelivered import outages_in_words
from vioP.web.week import ClockLine, clock_lines

routes = web.RouteTableDef()

_MOST_WHOLE = 40  # sessions of a day up to which all of them show their people
_NEAR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Today, session by session; above it what does not leave, and how much did not.

    Attributes:
        is_full: So many sessions that only those near now show their people.
    """

    day: str
    zone: str
    now: str
    open_replies: int
    cards: tuple[SessionCard, ...]
    troubles: tuple[str, ...]
    undelivered: int
    clocks: tuple[ClockLine, ...]
    time_off: int
    is_full: bool

    @property
    def is_waiting(self) -> bool:
        """Whether somebody must act now in any session."""
        return any(each.wants for each in self.cards)


@routes.get("/board", name="board")
@action(Action.SEE_BOARD)
async def board(request: web.Request) -> web.Response:
    """Today's sessions with their states."""
    ports = request.app[PORTS]
    _, zone = await who_works(ports, StaffId(person_of(request).id))
    now = ports.clock.now()
    found = await show_live_board(ports, zone)
    is_full = len(found.sessions) > _MOST_WHOLE
    cards = most_urgent_first(
        _folded(
            card(each, zone, now, found.ahead),
            is_folded=is_full and not _is_near(each, now),
        )
        for each in found.sessions
    )
    waiting = await count_open_matters(ports)
    trouble = await show_trouble(ports)
    told = outages_in_words(trouble, zone)
    times = long_day(now, zone), zone, clock(now, zone)
    clocks = clock_lines(await show_broken_promises(ports))
    asked = await count_time_off(ports)
    page = BoardPage(*times, waiting, cards, told, trouble.messages, clocks, asked, is_full)
    return render(request, "board", page)


def _is_near(session: LiveSession, now: Instant) -> bool:
    """Whether a session runs, or does soon."""
    return session.starts <= later(now, _NEAR) and now < session.ends


def _folded(whole: SessionCard, *, is_folded: bool) -> SessionCard:
    """A card with its people left out, where they would be in the way."""
    return replace(whole, seats=()) if is_folded else whole

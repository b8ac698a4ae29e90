"""What coordinators see of a day: the board."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from aiohttp import web

from vioP.domain.access import Action, may
from vioP.domain.ids import StaffId
from vioP.domain.live import LiveSession
from vioP.domain.session import LeftBehind
from vioP.domain.time import Instant, later
from vioP.flows.decide_matter import count_open_matters
from vioP.flows.decide_time_off import count_time_off
from vioP.flows.settle_undelivered import show_trouble
from vioP.flows.show import show_broken_promises, show_left_behind, who_works
from vioP.flows.show_live import show_live_board
from vioP.flows.show_waiting import show_waiting
from vioP.web.access import action, person_of
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render
from vioP.web.states import SessionCard, card, folded_card, most_urgent_first
from vioP.web.undelivered import outages_in_words
from vioP.web.waiting_lines import WantedLine, wanted_lines
from vioP.web.week import ClockLine, clock_lines

routes = web.RouteTableDef()

_MOST_WHOLE = 40  # sessions of a day up to which all of them show their people
_MOST_LISTS = 3  # decisions about waiting lists; today's people come first
_NEAR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LeftLine:
    """A published week that holds people whose care has ended."""

    monday: date
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Today, session by session; above it what does not leave, and how much did not.

    Attributes:
        waiting: What waiting lists want of a coordinator, the most urgent first.
        more_waiting: How much more of it there is.
        left_behind: Published weeks that hold people whose care has ended.
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
    waiting: tuple[WantedLine, ...]
    more_waiting: int
    is_full: bool
    left_behind: tuple[LeftLine, ...]

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
        folded_card(each, zone, now)
        if is_full and not _is_near(each, now)
        else card(each, zone, now, found.ahead)
        for each in found.sessions
    )
    waiting = await count_open_matters(ports)
    trouble = await show_trouble(ports)
    told = outages_in_words(trouble, zone)
    times = long_day(now, zone), zone, clock(now, zone)
    clocks = clock_lines(await show_broken_promises(ports))
    asked = await count_time_off(ports)
    lists = await _lists(request)
    page = BoardPage(
        *times, waiting, cards, told, trouble.messages, clocks, asked,
        lists[:_MOST_LISTS], len(lists[_MOST_LISTS:]), is_full, await _left(request),
    )  # fmt: skip
    return render(request, "board", page)


async def _left(request: web.Request) -> tuple[LeftLine, ...]:
    """Published weeks that hold people whose care has ended; nothing for whoever plans none."""
    if not may(person_of(request), Action.PLAN_WEEK):
        return ()
    return left_lines(await show_left_behind(request.app[PORTS]))


def left_lines(found: Iterable[LeftBehind]) -> tuple[LeftLine, ...]:
    """Week by week, who has appointments there after their care has ended."""
    weeks: dict[date, list[str]] = {}
    for each in found:
        weeks.setdefault(each.week.monday, []).append(each.name)
    return tuple(LeftLine(monday, tuple(names)) for monday, names in weeks.items())


async def _lists(request: web.Request) -> tuple[WantedLine, ...]:
    """What waiting lists want; nothing for whoever may see no cohort."""
    if not may(person_of(request), Action.SEE_COHORT):
        return ()
    return wanted_lines(await show_waiting(request.app[PORTS]))


def _is_near(session: LiveSession, now: Instant) -> bool:
    """Whether a session runs, or does soon."""
    return session.starts <= later(now, _NEAR) and now < session.ends

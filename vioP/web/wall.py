"""The wall: what runs now, in numbers large enough to be read from across a room."""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.board import Standing, standing
from vioP.domain.ids import SessionId, StaffId
from vioP.domain.live import LiveSeat, LiveSession
from vioP.domain.short_name import short_name
from vioP.domain.time import Instant
from vioP.flows.settle_undelivered import show_trouble
from vioP.flows.show import who_works
from vioP.flows.show_live import Board, show_live_board
from vioP.web.access import action, person_of
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render
from vioP.web.session_words import session_title
from vioP.web.states import SessionCard, card, most_urgent_first
from vioP.web.undelivered import outages_in_words

routes = web.RouteTableDef()

# Every standing but who joined is counted once here; what is urgent stands first.
NUMBERS: tuple[tuple[str, str, frozenset[Standing]], ...] = (
    ("missing", "Safety", frozenset({Standing.SAFETY})),
    ("missing", "Looked for", frozenset({Standing.DECIDING, Standing.LOOKED_FOR})),
    ("missing", "To be called", frozenset({Standing.CALL_DUE})),
    ("missing", "No answer", frozenset({Standing.NO_ANSWER})),
    ("missing", "Ringing", frozenset({Standing.RINGING})),
    ("missing", "Written to", frozenset({Standing.NUDGED})),
    ("left", "Gone", frozenset({Standing.LEFT, Standing.LOST})),
    ("waiting", "Not here yet", frozenset({Standing.WAITING, Standing.EXPECTED})),
    ("left", "Later or late", frozenset({Standing.LATER, Standing.LATE})),
    ("present", "On the phone", frozenset({Standing.ON_PHONE})),
    ("excused", "Excused", frozenset({Standing.EXCUSED, Standing.NOT_EXPECTED})),
    ("excused", "No-show", frozenset({Standing.NO_SHOW, Standing.MISSED})),
)
_WORDS = {each: word for _, word, those in NUMBERS for each in those}
_URGENCY = (
    Standing.SAFETY,
    Standing.DECIDING,
    Standing.LOOKED_FOR,
    Standing.CALL_DUE,
    Standing.NO_ANSWER,
    Standing.RINGING,
    Standing.NUDGED,
    Standing.LOST,
    Standing.LEFT,
    Standing.WAITING,
)


@dataclass(frozen=True, slots=True)
class Number:
    """How many stand so."""

    state: str
    count: int
    word: str


@dataclass(frozen=True, slots=True)
class MissingLine:
    """Somebody who needs somebody, and what comes next for them."""

    state: str
    name: str
    word: str
    next: str


@dataclass(frozen=True, slots=True)
class WallCard:
    """One running session.

    Attributes:
        joined: How many joined with a device, of how many that are expected.
        numbers: How everybody else stands.
    """

    id: str
    title: str
    host: str
    ends: str
    state: str
    alarms: tuple[str, ...]
    joined: str
    numbers: tuple[Number, ...]
    people: tuple[MissingLine, ...]


@dataclass(frozen=True, slots=True)
class WallPage:
    """Everything that runs now, and what comes then.

    Attributes:
        ahead: The next session of today, in words; empty where there is none.
    """

    day: str
    now: str
    zone: str
    cards: tuple[WallCard, ...]
    troubles: tuple[str, ...]
    ahead: str


@routes.get("/wall", name="wall")
@action(Action.SEE_BOARD)
async def wall(request: web.Request) -> web.Response:
    """Running sessions in large numbers, for a screen that several people see."""
    ports = request.app[PORTS]
    _, zone = await who_works(ports, StaffId(person_of(request).id))
    board = await show_live_board(ports, zone)
    now = ports.clock.now()
    running = {each.id: each for each in board.sessions if each.starts <= now < each.ends}
    shown = most_urgent_first(
        card(each, zone, now, board.ahead) for each in running.values()
    )
    page = WallPage(
        day=long_day(now, zone),
        now=clock(now, zone),
        zone=zone,
        cards=tuple(_card(running[SessionId(each.id)], each, now) for each in shown),
        troubles=outages_in_words(await show_trouble(ports), zone),
        ahead=_next(board, zone, now),
    )
    return render(request, "wall", page)


def _next(board: Board, zone: str, now: Instant) -> str:
    later = next((each for each in board.sessions if each.starts > now), None)
    if later is None:
        return ""
    return f"Next: {_title(later, session_title(later))} at {clock(later.starts, zone)}"


def _card(session: LiveSession, shown: SessionCard, now: Instant) -> WallCard:
    stands = [standing(session, seat, now) for seat in session.seats]
    people = [
        (each, line)
        for seat, each, line in zip(session.seats, stands, shown.seats, strict=True)
        if _needs_somebody(seat, each)
    ]
    people.sort(key=lambda each: _URGENCY.index(each[0]))
    return WallCard(
        id=shown.id,
        title=_title(session, shown.title),
        host=shown.host,
        ends=shown.ends,
        state="alarm" if shown.alarms else shown.state,
        alarms=shown.alarms,
        joined=f"{stands.count(Standing.JOINED)} of {shown.expected}",
        numbers=_numbers(stands),
        people=tuple(
            MissingLine(line.state, short_name(line.name), _WORDS[each], line.next)
            for each, line in people
        ),
    )


def _title(session: LiveSession, title: str) -> str:
    """What the session is called; not which care one person has, for whoever walks by."""
    return title if session.cohort_id else "Appointment"


def _numbers(stands: list[Standing]) -> tuple[Number, ...]:
    counted = (
        Number(state, sum(each in those for each in stands), word)
        for state, word, those in NUMBERS
    )
    return tuple(each for each in counted if each.count)


def _needs_somebody(seat: LiveSeat, stands: Standing) -> bool:
    """Whether somebody must look; who is only not here yet is left to the first message.

    Unless they are at high risk, or the message could not be taken to them.
    """
    if stands is Standing.WAITING:
        return seat.high_risk or any(each.episode == seat.episode for each in seat.steps)
    return stands in _URGENCY

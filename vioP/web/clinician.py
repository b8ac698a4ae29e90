"""What clinicians see: their day, and attendance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.attendance import Fact
from vioP.domain.emergency import EmergencyNumbers, country_of, lines_for
from vioP.domain.errors import Invalid, NotTheTime
from vioP.domain.ids import SeatId, SessionId, StaffId
from vioP.domain.live import LiveSession
from vioP.domain.material import Material
from vioP.domain.whereabouts import Place
from vioP.flows.mark_attendance import mark_attendance, start_session
from vioP.flows.open_bridge import Bridge, show_bridge
from vioP.flows.say_where import ShownPlace, show_where
from vioP.flows.show import show_lesson, show_roster, show_session, who_works
from vioP.flows.tell_session import show_news
from vioP.web.access import action, person_of, require
from vioP.web.feed import FeedBox, feed_box
from vioP.web.forms import day_field, field
from vioP.web.keys import PORTS
from vioP.web.news_lines import NewsLine, news_lines
from vioP.web.pages import clock, render
from vioP.web.session_words import module_line
from vioP.web.states import SessionCard, card

routes = web.RouteTableDef()

MARKS = {
    "present": Fact.MARKED_PRESENT,
    "excused": Fact.MARKED_EXCUSED,
    "no_show": Fact.MARKED_NO_SHOW,
    "withdraw": Fact.MARK_WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class RosterPage:
    """Somebody's day."""

    name: str
    day: date
    day_name: str
    before: date
    after: date
    zone: str
    now: str
    cards: tuple[SessionCard, ...]
    feed: FeedBox


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One session, with the buttons that mark attendance.

    Attributes:
        zone: On whose clock its times are: that of whoever reads it.
        module: The module of its day and how far it is; empty where that is not known.
        materials: What its people find on their own page, to read or do at home.
        is_near: Whether somebody can be there already, and be marked so.
        news: What everybody was told, and whom that did not reach.
    """

    card: SessionCard
    zone: str
    module: str
    materials: Sequence[Material]
    places: Mapping[SeatId, tuple[str, ...]]
    bridge: Bridge
    news: tuple[NewsLine, ...]
    is_near: bool


@routes.get("/roster", name="roster")
@action(Action.SEE_ROSTER)
async def roster(request: web.Request) -> web.Response:
    """My sessions of a day, made to be printed as well."""
    ports = request.app[PORTS]
    person = person_of(request)
    name, zone = await who_works(ports, StaffId(person.id))
    now = ports.clock.now()
    day = now.astimezone(ZoneInfo(zone)).date()
    if "day" in request.query:
        day = day_field(request.query, "day")
    sessions = await show_roster(ports, StaffId(person.id), day, zone)
    page = RosterPage(
        name=name,
        day=day,
        day_name=f"{day:%A} {day.day} {day:%B}",
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        zone=zone,
        now=clock(now, zone),
        cards=tuple(card(each, zone, now) for each in sessions),
        feed=await feed_box(request),
    )
    return render(request, "roster", page)


@routes.get("/sessions/{session}", name="session")
@action(Action.SEE_ROSTER)
async def session_page(request: web.Request) -> web.Response:
    """One session: who is there, and the marks."""
    session = await own_session(request, Action.SEE_ROSTER)
    ports = request.app[PORTS]
    _, zone = await who_works(ports, StaffId(person_of(request).id))
    shown = card(session, zone, ports.clock.now())
    where = await show_where(ports, session)
    numbers = ports.house.emergency
    places = {seat.id: place_lines(where.get(seat.id), numbers) for seat in session.seats}
    bridge = await show_bridge(ports, session.id)
    lesson = await show_lesson(ports, session)
    module = module_line(lesson.taught)
    news = news_lines(await show_news(ports, session.id), session, zone)
    is_near = session.is_near(ports.clock.now())
    page = SessionPage(shown, zone, module, lesson.materials, places, bridge, news, is_near)
    return render(request, "session", page)


@routes.post("/sessions/{session}/start", name="session.start")
@action(Action.START_SESSION)
async def start(request: web.Request) -> web.Response:
    """The host has begun."""
    session = await own_session(request, Action.START_SESSION)
    if not session.may_begin(request.app[PORTS].clock.now()):
        raise NotTheTime
    await start_session(request.app[PORTS], session.id, person_of(request).id)
    raise web.HTTPSeeOther(f"/sessions/{session.id}")


@routes.post("/sessions/{session}/seats/{seat}", name="session.mark")
@action(Action.MARK_ATTENDANCE)
async def mark(request: web.Request) -> web.Response:
    """Mark somebody present, excused or a no-show, or take the mark back."""
    session = await own_session(request, Action.MARK_ATTENDANCE)
    wanted = field(await request.post(), "mark")
    if wanted not in MARKS:
        raise Invalid(f"A mark is one of {', '.join(MARKS)}.")
    seat = SeatId(request.match_info["seat"])
    await mark_attendance(
        request.app[PORTS], session, seat, MARKS[wanted], person_of(request).id
    )
    raise web.HTTPSeeOther(f"/sessions/{session.id}#{seat}")


def place_lines(
    shown: ShownPlace | None, known: tuple[EmergencyNumbers, ...]
) -> tuple[str, ...]:
    """Where somebody says they are, and what follows from it; nothing when they did not say."""
    if shown is None:
        return ()
    said = shown.said
    where = f"Says they are in {said.city}, {said.state}"
    usual = " (their usual place)" if said.place is Place.USUAL else " (somewhere else)"
    lines = [where + usual + ("" if shown.covered else ": nobody here is licensed there")]
    if not shown.covered:
        lines.append(f"Nobody who hosts this session is licensed in {said.state}.")
    if not said.alone:
        lines.append("Somebody may overhear them.")
    if not said.can_talk:
        lines.append("Cannot talk there, and listens.")
    numbers = country_of(said.state, known)
    return (*lines, *lines_for(f"{said.city}, {said.state}", numbers))


async def own_session(request: web.Request, does: Action) -> LiveSession:
    """The session of the address, if it is theirs; otherwise it is not there."""
    session_id = SessionId(request.match_info["session"])
    session = await show_session(request.app[PORTS], session_id)
    require(request, does, frozenset(session.staff))
    return session

"""A clinician's day on paper: who is due when, with room to write who came."""

from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.attendance import Attendance
from vioP.domain.availability import local_day
from vioP.domain.ids import StaffId
from vioP.domain.live import LiveSession
from vioP.flows.show import show_roster, who_works
from vioP.web.access import action, person_of
from vioP.web.forms import day_field
from vioP.web.keys import PORTS
from vioP.web.on_paper import can_make_pdf, make_pdf
from vioP.web.pages import clock, render, rendered
from vioP.web.states import ATTENDANCE, SessionCard, card

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """Somebody's day, as it was when it was asked for.

    Attributes:
        lasts: Seconds until their midnight, when a copy on the device goes; 0 for another day.
    """

    name: str
    day: date
    day_name: str
    zone: str
    as_of: str
    lasts: int
    cards: tuple[SessionCard, ...]
    has_pdf: bool


@routes.get("/roster/print", name="roster.print")
@action(Action.SEE_ROSTER)
async def printed(request: web.Request) -> web.Response:
    """My sessions of a day for paper: black on white, without risks, places or reasons."""
    return render(request, "roster_print", await _page(request))


@routes.get("/roster.pdf", name="roster.pdf")
@action(Action.SEE_ROSTER)
async def as_pdf(request: web.Request) -> web.Response:
    """The same for paper as a PDF, where the extra that makes them is installed."""
    page = await _page(request)
    made = await make_pdf(rendered(request, "roster_print", page))
    name = f'inline; filename="day-{page.day}.pdf"'
    headers = {"Content-Disposition": name}
    return web.Response(body=made, content_type="application/pdf", headers=headers)


async def _page(request: web.Request) -> PrintedPage:
    ports = request.app[PORTS]
    staff = StaffId(person_of(request).id)
    name, zone = await who_works(ports, staff)
    now = ports.clock.now()
    day = today = now.astimezone(ZoneInfo(zone)).date()
    if "day" in request.query:
        day = day_field(request.query, "day")
    midnight = local_day(day, ZoneInfo(zone))[1]
    lasts = int((midnight - now).total_seconds()) if day == today else 0
    sessions = await show_roster(ports, staff, day, zone)
    return PrintedPage(
        name=name,
        day=day,
        day_name=f"{day:%A} {day.day} {day:%B} {day.year}",
        zone=zone,
        as_of=clock(now, zone),
        lasts=lasts,
        cards=tuple(_to_write_on(each, card(each, zone, now)) for each in sessions),
        has_pdf=can_make_pdf(),
    )


def _to_write_on(session: LiveSession, shown: SessionCard) -> SessionCard:
    """A session with empty cells where nothing is recorded yet, for a pen to fill.

    Under 42 CFR Part 2 no paper says what people are taught beside their names.
    """
    empty = ATTENDANCE[Attendance.PENDING]
    seats = tuple(
        replace(seat, attendance="") if seat.attendance == empty else seat
        for seat in shown.seats
    )
    is_part2 = any(seat.part2 for seat in session.seats)
    return replace(shown, seats=seats, module="" if is_part2 else shown.module)

"""Who is away: a sick call or a holiday, noted and taken back."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.ids import StaffId
from vioP.flows.note_leave import note_leave, show_leave, take_back_leave
from vioP.flows.show import show_programme
from vioP.web.access import action, person_of
from vioP.web.forms import day_field, field
from vioP.web.keys import PORTS
from vioP.web.pages import render

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """One stretch of leave, in whole days of the person's own zone."""

    id: str
    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class LeavePage:
    """Everybody who is or will be away, and what the form shows."""

    staff: str
    first: date
    last: date
    clinicians: tuple[tuple[str, str], ...]
    lines: tuple[LeaveLine, ...]


@routes.get("/leave", name="leave")
@action(Action.PLAN_WEEK)
async def leave_page(request: web.Request) -> web.Response:
    """Who is away, and a form to note it."""
    ports = request.app[PORTS]
    programme = await show_programme(ports)
    staff = {each.id: each for each in programme.staff}
    lines = []
    for each in await show_leave(ports):
        if each.staff_id in staff:
            who = staff[each.staff_id]
            zone = ZoneInfo(who.zone)
            starts, ends = (
                at.astimezone(zone) for at in (each.leave.starts, each.leave.ends)
            )
            last = (ends - timedelta(minutes=1)).date()
            lines.append(LeaveLine(each.id, who.name, starts.date(), last))
    clinicians = tuple(
        (each.id, each.name) for each in programme.staff if each.role.is_clinician
    )
    today = ports.clock.now().astimezone(ZoneInfo(programme.program.zone)).date()
    first, last = (
        day_field(request.query, name) if name in request.query else today
        for name in ("first", "last")
    )
    page = LeavePage(request.query.get("staff", ""), first, last, clinicians, tuple(lines))
    return render(request, "leave", page)


@routes.post("/leave", name="leave.note")
@action(Action.PLAN_WEEK)
async def note(request: web.Request) -> web.Response:
    """Note that somebody is away, then show the week to build."""
    form = await request.post()
    first = day_field(form, "first")
    await note_leave(
        request.app[PORTS],
        StaffId(field(form, "staff")),
        first,
        day_field(form, "last"),
        person_of(request).id,
    )
    raise web.HTTPSeeOther(f"/week?day={first}")


@routes.post("/leave/{leave}/take-back", name="leave.take_back")
@action(Action.PLAN_WEEK)
async def take_back(request: web.Request) -> web.Response:
    """Somebody is here after all."""
    leave = request.match_info["leave"]
    await take_back_leave(request.app[PORTS], leave, person_of(request).id)
    raise web.HTTPSeeOther("/leave")

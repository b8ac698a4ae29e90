"""Who is away: a sick call or a holiday, noted and taken back."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid
from vioP.domain.ids import StaffId
from vioP.domain.programme import Programme
from vioP.domain.time import week_of
from vioP.flows.decide_time_off import (
    accept_time_off,
    decline_time_off,
    show_time_off,
)
from vioP.flows.note_leave import note_leave, show_leave, take_back_leave
from vioP.flows.show import show_programme
from vioP.ports import Ports
from vioP.web.access import action, person_of
from vioP.web.forms import day_field, field
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.problems import status_of
from vioP.web.time_off import days_in_words

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """One stretch of leave, in whole days of the person's own zone."""

    id: str
    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class AskedLine:
    """Time off somebody asks for.

    Attributes:
        what_if: Where a coordinator sees what it would do to the first of its weeks.
        problem: What was wrong with the last answer to it.
    """

    id: str
    name: str
    days: str
    what_if: str
    problem: str


@dataclass(frozen=True, slots=True)
class LeavePage:
    """Everybody who is or will be away, who asks to be, and what the form shows."""

    staff: str
    first: date
    last: date
    clinicians: tuple[tuple[str, str], ...]
    lines: tuple[LeaveLine, ...]
    asked: tuple[AskedLine, ...]


@routes.get("/leave", name="leave")
@action(Action.PLAN_WEEK)
async def leave_page(request: web.Request) -> web.Response:
    """Who is away, who asks to be, and a form to note it."""
    return await _page(request)


@routes.post("/leave/requests/{request}", name="leave.decide")
@action(Action.PLAN_WEEK)
async def decide(request: web.Request) -> web.Response:
    """Agree to time off, which is leave from then on, or decline it and say why."""
    form, asked = await request.post(), request.match_info["request"]
    ports, by = request.app[PORTS], person_of(request).id
    if field(form, "decision") == "accept":
        agreed = await accept_time_off(ports, asked, by)
        raise web.HTTPSeeOther(f"/week?day={agreed.first}")
    try:
        await decline_time_off(ports, asked, field(form, "answer"), by)
    except Invalid as error:
        return await _page(request, asked, error)
    raise web.HTTPSeeOther("/leave#asked")


async def _page(
    request: web.Request, of: str = "", error: Invalid | None = None
) -> web.Response:
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
    asked = await _asked(ports, programme, of, str(error or ""))
    staff_id = request.query.get("staff", "")
    page = LeavePage(staff_id, first, last, clinicians, tuple(lines), asked)
    return render(request, "leave", page, status=status_of(error) if error else 200)


async def _asked(
    ports: Ports, programme: Programme, of: str, problem: str
) -> tuple[AskedLine, ...]:
    names = {each.id: each.name for each in programme.staff}
    return tuple(
        AskedLine(
            each.id,
            names.get(each.staff_id, each.staff_id),
            days_in_words(each),
            f"/weeks/{week_of(each.first).monday}/what-if?kind=away&staff={each.staff_id}"
            f"&first={each.first}&last={each.last}",
            problem if each.id == of else "",
        )
        for each in await show_time_off(ports)
    )


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

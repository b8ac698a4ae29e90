"""Time off a clinician asks for: what it would touch, the asking, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid
from vioP.domain.ids import StaffId
from vioP.domain.programme import Programme
from vioP.domain.time_off import TimeOff, TimeOffState
from vioP.flows.ask_time_off import ask_time_off, show_own_time_off, withdraw_time_off
from vioP.flows.foresee_time_off import WeekWithout, foresee_time_off
from vioP.flows.show import show_programme, who_works
from vioP.flows.show_groups_without import GroupWithout
from vioP.web.access import action, person_of
from vioP.web.forms import day_field, field
from vioP.web.keys import PORTS
from vioP.web.pages import clock, render
from vioP.web.planned import ChangeLine, change_line, names_in
from vioP.web.problems import status_of

routes = web.RouteTableDef()

_MOST = 3  # so many who could stand in are named
WORDS = {
    TimeOffState.ASKED: "Waits for a coordinator",
    TimeOffState.ACCEPTED: "Agreed",
    TimeOffState.DECLINED: "Declined",
    TimeOffState.WITHDRAWN: "Taken back",
}


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group that loses a host: who is left, and who could stand in."""

    title: str
    when: str
    people: int
    left: str
    could: str


@dataclass(frozen=True, slots=True)
class WeekLines:
    """What days away touch in one week."""

    monday: date
    is_told: bool
    groups: tuple[GroupLine, ...]
    changes: tuple[ChangeLine, ...]
    told: int
    unplaced: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as its clinician sees it."""

    id: str
    days: str
    word: str
    answer: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class TimeOffPage:
    """The form as it was filled in, what it would mean, and earlier requests."""

    first: str
    last: str
    problem: str
    zone: str
    weeks: tuple[WeekLines, ...]
    requests: tuple[Asked, ...]


@routes.get("/roster/time-off", name="time_off")
@action(Action.ASK_TIME_OFF)
async def time_off(request: web.Request) -> web.Response:
    """Days I would like to be away: what that would touch, and what I have asked for."""
    query = request.query
    if "first" not in query:
        return await _page(request, {})
    try:
        first, last = _days(query)
        staff = StaffId(person_of(request).id)
        weeks = await foresee_time_off(request.app[PORTS], staff, first, last)
    except Invalid as error:
        return await _page(request, query, error=error)
    return await _page(request, query, weeks)


@routes.post("/roster/time-off", name="time_off.ask")
@action(Action.ASK_TIME_OFF)
async def ask(request: web.Request) -> web.Response:
    """Ask a coordinator; nothing else changes."""
    form = await request.post()
    try:
        first, last = _days(form)
        await ask_time_off(request.app[PORTS], StaffId(person_of(request).id), first, last)
    except Invalid as error:
        return await _page(request, form, error=error)
    raise web.HTTPSeeOther("/roster/time-off#asked")


@routes.post("/roster/time-off/{request}/withdraw", name="time_off.withdraw")
@action(Action.ASK_TIME_OFF)
async def withdraw(request: web.Request) -> web.Response:
    """Take a request back that nobody has decided about."""
    staff = StaffId(person_of(request).id)
    await withdraw_time_off(request.app[PORTS], staff, request.match_info["request"])
    raise web.HTTPSeeOther("/roster/time-off#asked")


def days_in_words(each: TimeOff) -> str:
    """The days of a request."""
    first, last = (f"{day:%A} {day.day} {day:%B %Y}" for day in (each.first, each.last))
    return first if each.first == each.last else f"{first} to {last}"


def _days(form: Mapping[str, object]) -> tuple[date, date]:
    """First and last day; a last day that was left out is the first."""
    first = day_field(form, "first")
    return first, day_field(form, "last") if form.get("last") else first


async def _page(
    request: web.Request,
    asked: Mapping[str, object],
    weeks: tuple[WeekWithout, ...] = (),
    error: Invalid | None = None,
) -> web.Response:
    ports = request.app[PORTS]
    staff = StaffId(person_of(request).id)
    _, zone = await who_works(ports, staff)
    today = ports.clock.now().astimezone(ZoneInfo(zone)).date().isoformat()
    lines: tuple[WeekLines, ...] = ()
    if weeks:
        programme = await show_programme(ports)
        zone = programme.program.zone
        lines = tuple(_week(programme, each) for each in weeks)
    page = TimeOffPage(
        first=_typed(asked, "first") or today,
        last=_typed(asked, "last") or _typed(asked, "first") or today,
        problem=str(error or ""),
        zone=zone,
        weeks=lines,
        requests=tuple(map(_asked, await show_own_time_off(ports, staff))),
    )
    return render(request, "time_off", page, status=status_of(error) if error else 200)


def _typed(form: Mapping[str, object], name: str) -> str:
    try:
        return field(form, name)
    except Invalid:
        return ""


def _asked(each: TimeOff) -> Asked:
    return Asked(each.id, days_in_words(each), WORDS[each.state], each.answer, each.is_open)


def _week(programme: Programme, each: WeekWithout) -> WeekLines:
    in_plan = names_in(programme)
    return WeekLines(
        monday=each.week.monday,
        is_told=each.is_told,
        groups=tuple(_group(programme, group) for group in each.groups),
        changes=tuple(change_line(in_plan, change) for change in each.changes),
        told=each.told,
        unplaced=each.unplaced,
    )


def _group(programme: Programme, group: GroupWithout) -> GroupLine:
    names = {each.id: each.name for each in programme.staff}
    zone = programme.program.zone
    starts = group.meeting.starts.astimezone(ZoneInfo(zone))
    could = [names[StaffId(each.id)] for each in group.candidates[:_MOST]]
    return GroupLine(
        title=f"{group.cohort_id.capitalize()} group",
        when=f"{starts:%A} {starts.day} {starts:%B}, {clock(group.meeting.starts, zone)}",
        people=group.people,
        left=", ".join(names[each] for each in group.hosts),
        could=", ".join(could),
    )

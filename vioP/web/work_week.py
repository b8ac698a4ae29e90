"""A clinician's own week: sessions, hours that are open, days away."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action, may
from vioP.domain.availability import Interval, local_day
from vioP.domain.ids import StaffId
from vioP.domain.live import LiveSession
from vioP.domain.session import Kind
from vioP.domain.time import week_of
from vioP.flows.show import who_works
from vioP.flows.show_work_week import WorkWeek, show_work_week
from vioP.web.access import action, person_of
from vioP.web.forms import day_field
from vioP.web.keys import PORTS
from vioP.web.pages import clock, dated, render
from vioP.web.session_words import module_line, parts_of, session_title

routes = web.RouteTableDef()

_WORKDAYS = 5  # a weekend with nothing in it is not shown


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A session, or a stretch that is open.

    Attributes:
        kind: ``group``, ``single`` or ``open``: a shape as well as a colour.
        address: The session's page; empty for what is open.
        who: With whom.
        parts: What is done when, in a session of several parts.
        module: The module of its day and how far it is.
    """

    kind: str
    starts: str
    ends: str
    title: str
    who: str
    address: str
    parts: tuple[str, ...] = ()
    module: str = ""


@dataclass(frozen=True, slots=True)
class WorkDay:
    """One day of the week."""

    day: date
    name: str
    is_today: bool
    is_away: bool
    lines: tuple[WorkLine, ...]


@dataclass(frozen=True, slots=True)
class WorkWeekPage:
    """Somebody's week, and what it adds up to."""

    name: str
    zone: str
    monday: date
    before: date
    after: date
    title: str
    is_told: bool
    may_ask: bool
    sums: str
    days: tuple[WorkDay, ...]


@routes.get("/roster/week", name="roster.week")
@action(Action.SEE_ROSTER)
async def work_week(request: web.Request) -> web.Response:
    """My own week: groups, appointments, what is still open, and days away."""
    ports = request.app[PORTS]
    staff = StaffId(person_of(request).id)
    name, zone = await who_works(ports, staff)
    today = ports.clock.now().astimezone(ZoneInfo(zone)).date()
    day = day_field(request.query, "day") if "day" in request.query else today
    found = await show_work_week(ports, staff, week_of(day))
    may_ask = may(person_of(request), Action.ASK_TIME_OFF)
    return render(request, "work_week", _page(name, found, today, may_ask=may_ask))


def _page(name: str, found: WorkWeek, today: date, *, may_ask: bool) -> WorkWeekPage:
    monday = found.week.monday
    days = [_day(found, monday + timedelta(days=each), today) for each in range(7)]
    while len(days) > _WORKDAYS and not days[-1].lines:
        days.pop()
    return WorkWeekPage(
        name=name,
        zone=found.zone,
        monday=monday,
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        title=f"week of {dated(monday)}",
        is_told=found.is_told,
        may_ask=may_ask,
        sums=_sums(found),
        days=tuple(days),
    )


def _day(found: WorkWeek, day: date, today: date) -> WorkDay:
    starts, ends = local_day(day, ZoneInfo(found.zone))
    sessions = [
        (each.starts, _session(each, found.zone))
        for each in found.sessions
        if starts <= each.starts < ends
    ]
    spaces = [
        (each[0], _open(each, found.zone))
        for each in found.open
        if starts <= each[0] < ends
    ]
    lines = sorted([*sessions, *spaces], key=lambda each: each[0])
    return WorkDay(
        day=day,
        name=f"{day:%A} {day.day} {day:%B}",
        is_today=day == today,
        is_away=any(since < ends and starts < until for since, until in found.away),
        lines=tuple(line for _, line in lines),
    )


def _session(session: LiveSession, zone: str) -> WorkLine:
    is_group = session.kind is Kind.GROUP
    names = [each.name for each in session.seats]
    people = ", ".join(names)
    if is_group:
        people = f"{len(names)} people" if len(names) != 1 else "1 person"
    return WorkLine(
        kind="group" if is_group else "single",
        starts=clock(session.starts, zone),
        ends=clock(session.ends, zone),
        title=session_title(session),
        who=people,
        address=f"/sessions/{session.id}",
        parts=parts_of(session, zone),
        module=module_line(session.taught),
    )


def _open(span: Interval, zone: str) -> WorkLine:
    starts, ends = clock(span[0], zone), clock(span[1], zone)
    return WorkLine("open", starts, ends, "Open", "", "")


def _sums(found: WorkWeek) -> str:
    groups = sum(each.kind is Kind.GROUP for each in found.sessions)
    others = len(found.sessions) - groups
    held = sum((each.ends - each.starts for each in found.sessions), timedelta())
    left = sum((until - since for since, until in found.open), timedelta())
    return (
        f"{groups} {'group' if groups == 1 else 'groups'} and {others} "
        f"{'appointment' if others == 1 else 'appointments'}: {_hours(held)}. "
        f"{_hours(left)} are open."
    )


def _hours(span: timedelta) -> str:
    hours, minutes = divmod(int(span.total_seconds() // 60), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"

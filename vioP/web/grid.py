"""A week as a table to look at: days across, hours down, for a clinician, a cohort or a person."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Missing
from vioP.domain.programme import Programme
from vioP.domain.session import PlannedSession
from vioP.domain.time import Week
from vioP.flows.show import WeekInDraft, show_week
from vioP.web.access import action
from vioP.web.forms import week_of_text
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.planned import PlannedLine, planned_line

routes = web.RouteTableDef()

EVERYBODY = "all"


@dataclass(frozen=True, slots=True)
class GridRow:
    """An hour of the clock, and what starts in it on each day."""

    hour: str
    cells: tuple[tuple[PlannedLine, ...], ...]


@dataclass(frozen=True, slots=True)
class GridPage:
    """The choice of whose week, and that week.

    Attributes:
        choices: Groups of whose week can be shown: a label, then value and name of each.
        chosen: The value of the choice that is shown.
    """

    monday: date
    before: date
    after: date
    zone: str
    choices: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    chosen: str
    whose: str
    is_built: bool
    days: tuple[str, ...]
    rows: tuple[GridRow, ...]


@routes.get("/weeks/{monday}/grid", name="week.grid")
@action(Action.PLAN_WEEK)
async def grid(request: web.Request) -> web.Response:
    """The planned week as a table: days across, hours down. Writes nothing."""
    week = week_of_text(request.match_info["monday"])
    shown = await show_week(request.app[PORTS], week)
    chosen = request.query.get("of", EVERYBODY)
    return render(request, "grid", _page(shown, week, chosen))


def _page(shown: WeekInDraft, week: Week, chosen: str) -> GridPage:
    choices = _choices(shown.programme)
    names = {value: name for _, group in choices for value, name in group}
    if chosen not in names:
        raise Missing("There is nobody here whose week that would be.")
    days = tuple(week.monday + timedelta(days=each) for each in range(7))
    plan = shown.draft.plan if shown.draft else None
    sessions = [each for each in plan.sessions if _concerns(each, chosen)] if plan else []
    return GridPage(
        monday=week.monday,
        before=week.monday - timedelta(days=7),
        after=week.monday + timedelta(days=7),
        zone=shown.programme.program.zone,
        choices=choices,
        chosen=chosen,
        whose=names[chosen],
        is_built=plan is not None,
        days=tuple(f"{each:%A} {each.day} {each:%B}" for each in days),
        rows=_rows(shown, sessions, days),
    )


def _choices(
    programme: Programme,
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    clinicians = (each for each in programme.staff if each.role.is_clinician)
    return (
        ("Program", ((EVERYBODY, "Everybody"),)),
        ("Clinician", tuple((f"clinician:{each.id}", each.name) for each in clinicians)),
        (
            "Cohort",
            tuple(
                (f"cohort:{each.id}", each.id.capitalize()) for each in programme.cohorts
            ),
        ),
        (
            "Participant",
            tuple((f"person:{each.id}", each.name) for each in programme.participants),
        ),
    )


def _concerns(session: PlannedSession, chosen: str) -> bool:
    view, _, who = chosen.partition(":")
    match view:
        case "clinician":
            return who in session.staff
        case "cohort":
            return session.cohort_id == who
        case "person":
            return who in session.participants
        case _:
            return True


def _rows(
    shown: WeekInDraft, sessions: list[PlannedSession], days: tuple[date, ...]
) -> tuple[GridRow, ...]:
    """Every hour from the first start to the last: an hour with nothing in it is seen too."""
    zone = ZoneInfo(shown.programme.program.zone)
    told = shown.published.plan.sessions if shown.published else ()
    known = {each.key: each for each in told}
    cells: dict[tuple[int, date], list[PlannedLine]] = {}
    for each in sorted(sessions, key=lambda session: session.starts):
        starts = each.starts.astimezone(zone)
        is_new = known.get(each.key) != each
        line = planned_line(shown.programme, each, zone, is_new=is_new)
        cells.setdefault((starts.hour, starts.date()), []).append(line)
    if not cells:
        return ()
    hours = [hour for hour, _ in cells]
    return tuple(
        GridRow(f"{hour:02}:00", tuple(tuple(cells.get((hour, day), ())) for day in days))
        for hour in range(min(hours), max(hours) + 1)
    )

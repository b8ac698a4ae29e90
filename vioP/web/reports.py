"""Reports: who came, for how long, what payers count, and how long people wait to begin."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid
from vioP.files.table_out import write_csv
from vioP.flows.show_report import Asked, Shown, show_report
from vioP.web.access import action
from vioP.web.charts import Chart
from vioP.web.forms import day_field
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.report_charts import attendance, devices, facts, first_sessions, payers
from vioP.web.report_files import (
    Table,
    payers_table,
    waits_table,
    weeks_table,
)
from vioP.web.spreads import SpreadChart

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """A stretch of days and what it adds up to.

    Attributes:
        facts: What fits into a sentence, as a name and a value.
        payers: What each payer counts.
        waits: How long people wait for their first session.
    """

    first: date | None
    last: date | None
    zone: str
    problem: str
    sessions: int
    facts: tuple[tuple[str, str], ...]
    charts: tuple[Chart, ...]
    devices: tuple[Chart, ...]
    payers: tuple[Chart, ...]
    waits: tuple[SpreadChart, ...]


@routes.get("/reports", name="reports")
@action(Action.SEE_REPORTS)
async def reports(request: web.Request) -> web.Response:
    """What some weeks add up to, as charts with tables."""
    asked = _asked(request)
    try:
        found = await show_report(request.app[PORTS], asked)
    except Invalid as error:
        page = _refused(asked, str(error))
        return render(request, "reports", page, status=422)
    return render(request, "reports", _page(found))


@routes.get("/reports/weeks.csv", name="reports.csv")
@action(Action.SEE_REPORTS)
async def weeks_csv(request: web.Request) -> web.Response:
    """Whole weeks as a table for a spreadsheet, without small numbers."""
    return await _file(request, "weeks", lambda found: weeks_table(found.report))


@routes.get("/reports/payers.csv", name="reports.payers")
@action(Action.SEE_REPORTS)
async def payers_csv(request: web.Request) -> web.Response:
    """What each payer counts in whole weeks, as a table without small numbers."""
    return await _file(request, "payers", lambda found: payers_table(found.payers))


@routes.get("/reports/first-sessions.csv", name="reports.waits")
@action(Action.SEE_REPORTS)
async def waits_csv(request: web.Request) -> web.Response:
    """Days to the first session in whole weeks, as a table without small numbers."""
    return await _file(request, "first-sessions", lambda found: waits_table(found.enrolled))


def _page(found: Shown) -> ReportsPage:
    return ReportsPage(
        first=found.first,
        last=found.last,
        zone=found.zone,
        problem="",
        sessions=found.report.sessions,
        facts=facts(found.report),
        charts=attendance(found.report) if found.report.sessions else (),
        devices=devices(found.report.devices),
        payers=payers(found.payers),
        waits=(
            *first_sessions(
                "Days from the first day enrolled to the first session",
                found.enrolled,
                found.tracks,
            ),
            *first_sessions(
                "Days from being asked to set up to the first session",
                found.asked,
                found.tracks,
            ),
        ),
    )


def _refused(asked: Asked, problem: str) -> ReportsPage:
    """The form as it was filled in, and why there is no report."""
    return ReportsPage(asked.first, asked.last, "", problem, 0, (), (), (), (), ())


async def _file(
    request: web.Request, name: str, of: Callable[[Shown], Table]
) -> web.Response:
    """One table of the whole weeks within the days that were asked for."""
    found = await show_report(request.app[PORTS], _asked(request, only_whole_weeks=True))
    heads, rows = of(found)
    named = f"{name}-{found.first}-{found.last}.csv"
    return web.Response(
        body=write_csv(heads, rows),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{named}"'},
    )


def _asked(request: web.Request, *, only_whole_weeks: bool = False) -> Asked:
    query = request.query
    return Asked(
        first=day_field(query, "first") if "first" in query else None,
        last=day_field(query, "last") if "last" in query else None,
        only_whole_weeks=only_whole_weeks,
    )

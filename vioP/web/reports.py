"""Reports: who came, for how long, and what became of those who were missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid
from vioP.domain.report import Came, Reached, Report
from vioP.files.table_out import write_csv
from vioP.flows.show import show_programme
from vioP.flows.show_report import show_report
from vioP.web.access import action
from vioP.web.charts import Amount, Chart, chart
from vioP.web.forms import day_field
from vioP.web.keys import PORTS
from vioP.web.pages import render

routes = web.RouteTableDef()

_USUAL = timedelta(weeks=8)
_PLACES = (("good", "Took part"), ("mild", "Excused"), ("bad", "Missed"))


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """A stretch of days and what it adds up to.

    Attributes:
        facts: What fits into a sentence, as a name and a value.
    """

    first: date
    last: date
    zone: str
    problem: str
    sessions: int
    facts: tuple[tuple[str, str], ...]
    charts: tuple[Chart, ...]


@routes.get("/reports", name="reports")
@action(Action.SEE_REPORTS)
async def reports(request: web.Request) -> web.Response:
    """What some weeks add up to, as charts with tables."""
    zone, first, last = await _days(request)
    problem, found = "", None
    try:
        found = await show_report(request.app[PORTS], first, last, zone)
    except Invalid as error:
        problem = str(error)
    page = ReportsPage(
        first=first,
        last=last,
        zone=zone,
        problem=problem,
        sessions=found.sessions if found else 0,
        facts=_facts(found) if found else (),
        charts=_charts(found) if found and found.sessions else (),
    )
    return render(request, "reports", page, status=422 if problem else 200)


@routes.get("/reports/weeks.csv", name="reports.csv")
@action(Action.SEE_REPORTS)
async def weeks_csv(request: web.Request) -> web.Response:
    """The weeks as a table for a spreadsheet; it names nobody."""
    zone, first, last = await _days(request)
    found = await show_report(request.app[PORTS], first, last, zone)
    heads = ("week", "took_part", "excused", "missed", "video_minutes", "sound_minutes")
    rows = [
        (
            str(monday),
            *map(str, (came.there, came.excused, came.missed)),
            *map(str, (found.minutes[monday].video, found.minutes[monday].sound)),
        )
        for monday, came in found.weeks.items()
    ]
    return web.Response(
        body=write_csv(heads, rows),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": 'attachment; filename="weeks.csv"'},
    )


async def _days(request: web.Request) -> tuple[str, date, date]:
    """Whose days, from which, until which; the last eight weeks where nothing was asked."""
    ports, query = request.app[PORTS], request.query
    zone = (await show_programme(ports)).program.zone
    today = ports.clock.now().astimezone(ZoneInfo(zone)).date()
    last = day_field(query, "last") if "last" in query else today
    first = day_field(query, "first") if "first" in query else last - _USUAL
    return zone, first, last


def _facts(found: Report) -> tuple[tuple[str, str], ...]:
    all_of_it = Came(
        sum(each.there for each in found.weeks.values()),
        sum(each.excused for each in found.weeks.values()),
        sum(each.missed for each in found.weeks.values()),
    )
    weak, checked = found.devices
    half, slow = found.reached.wait(0.5), found.reached.wait(0.95)
    facts = [("Took part, of those who did not say no", _share(all_of_it.rate))]
    if half is not None and slow is not None:
        facts.append(("From the first message to being there, half", f"{half:.0f} min"))
        facts.append(("Of 20 who came, the slowest", f"{slow:.0f} min"))
    if checked:
        facts.append(
            (
                "Devices that say no to video",
                f"{weak} of {checked} ({_share(weak / checked)})",
            )
        )
    return tuple(facts)


def _charts(found: Report) -> tuple[Chart, ...]:
    drawn = [
        _places("Who came, week by week", {str(day): c for day, c in found.weeks.items()}),
        _places(
            "Who came, by cohort",
            {name.capitalize(): each for name, each in found.cohorts.items()},
        ),
        chart(
            "Minutes people took part, week by week",
            (("good", "With picture"), ("mild", "Sound only")),
            [
                Amount(
                    str(monday),
                    (("good", each.video), ("mild", each.sound)),
                    f"{each.video + each.sound:,}",
                )
                for monday, each in found.minutes.items()
            ],
            each_full=False,
        ),
    ]
    if found.reached.missing:
        drawn.append(_funnel(found.reached))
    return tuple(drawn)


def _places(title: str, used: Mapping[str, Came]) -> Chart:
    return chart(
        title,
        _PLACES,
        [
            Amount(
                name,
                (("good", came.there), ("mild", came.excused), ("bad", came.missed)),
                _share(came.rate),
            )
            for name, came in used.items()
        ],
        each_full=True,
    )


def _funnel(reached: Reached) -> Chart:
    steps = (
        ("Written to", reached.missing, reached.came),
        ("Called as well", reached.called, reached.came_after_call),
    )
    return chart(
        "What became of those who were missing",
        (("good", "Then took part"), ("bad", "Did not")),
        [
            Amount(
                name,
                (("good", came), ("bad", tried - came)),
                _share(came / tried) if tried else "-",
            )
            for name, tried, came in steps
        ],
        each_full=False,
    )


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"

"""Looking ahead: what the next weeks will be short of, and where somebody would fit."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.ids import ParticipantId
from vioP.domain.program import WEEKDAYS
from vioP.domain.programme import Programme
from vioP.domain.session import PlannedSession
from vioP.domain.time import Week, week_of
from vioP.domain.week import UnplacedNeed
from vioP.flows.forecast_weeks import ForeseenWeek, forecast_weeks
from vioP.flows.propose_template import propose_template
from vioP.flows.recommend_cohorts import RecommendedCohort, recommend_cohorts
from vioP.flows.show import show_programme
from vioP.planner.template import Fit
from vioP.web.access import action
from vioP.web.forms import week_of_text
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.states import KINDS

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class AheadWeek:
    """One week ahead, and what it will be short of."""

    monday: date
    sessions: int
    unplaced: tuple[UnplacedNeed, ...]
    notices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FitLine:
    """One cohort, and what joining it would mean for somebody."""

    id: str
    meets: str
    price: int
    sessions: tuple[str, ...]
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FitPage:
    """Where a participant would fit, in one week."""

    participant: str
    name: str
    zone: str
    monday: date
    fits: tuple[FitLine, ...]
    others: tuple[FitLine, ...]


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A cohort as it is, and as it could be; nothing where nothing is better."""

    id: str
    zone: str
    now: str
    better: str
    missed_now: int
    missed_then: int
    uncovered_now: int
    uncovered_then: int


@routes.get("/forecast", name="forecast")
@action(Action.PLAN_WEEK)
async def forecast_page(request: web.Request) -> web.Response:
    """The next six weeks: what would find no place, and what is worth knowing early."""
    ports = request.app[PORTS]
    ahead = await forecast_weeks(ports, week_of(ports.clock.now().date()))
    programme = await show_programme(ports)
    return render(request, "forecast", tuple(_week(each, programme) for each in ahead))


@routes.get("/participants/{participant}/cohorts", name="participant.cohorts")
@action(Action.ENROLL)
async def fit_page(request: web.Request) -> web.Response:
    """The cohorts somebody could join without anybody moving, and why not the others."""
    ports = request.app[PORTS]
    who = ParticipantId(request.match_info["participant"])
    text = request.query.get("day")
    week = week_of_text(text) if text else _next(week_of(ports.clock.now().date()))
    found = await recommend_cohorts(ports, who, week)
    return render(request, "fit", _fit(await show_programme(ports), who, week, found))


@routes.get("/template", name="template")
@action(Action.PLAN_WEEK)
async def template_page(request: web.Request) -> web.Response:
    """When cohorts could meet next term, and who would hold them, beside how it is now."""
    ports = request.app[PORTS]
    week = _next(week_of(ports.clock.now().date()))
    programme = await show_programme(ports)
    names: dict[str, str] = {each.id: each.name for each in programme.staff}
    lines = tuple(
        TemplateLine(
            each.cohort.id,
            each.cohort.zone,
            _pattern(each.before, names),
            _pattern(each.after, names) if each.is_new else "",
            each.before.cannot_come,
            each.after.cannot_come,
            len(each.before.uncovered),
            len(each.after.uncovered),
        )
        for each in await propose_template(ports, week)
    )
    return render(request, "template", lines)


def _pattern(fit: Fit, names: dict[str, str]) -> str:
    days = ", ".join(WEEKDAYS[day].capitalize() for day in fit.pattern.days)
    hosts = " and ".join(names.get(each, each) for each in fit.hosts)
    return f"{days} at {fit.pattern.at:%H:%M} with {hosts}"


def _next(week: Week) -> Week:
    return Week(week.monday + timedelta(weeks=1))


def _week(foreseen: ForeseenWeek, programme: Programme) -> AheadWeek:
    names: dict[str, str] = {each.id: each.name for each in programme.participants}
    names |= {each.id: each.name for each in programme.staff}
    return AheadWeek(
        foreseen.week.monday,
        foreseen.sessions,
        foreseen.unplaced,
        tuple((names.get(each.about, each.about), each.text) for each in foreseen.notices),
    )


def _fit(
    programme: Programme,
    who: ParticipantId,
    week: Week,
    found: tuple[RecommendedCohort, ...],
) -> FitPage:
    person = next(each for each in programme.participants if each.id == who)
    cohorts = {each.id: each for each in programme.cohorts}
    lines = []
    for each in found:
        cohort = cohorts[each.cohort_id]
        days = ", ".join(WEEKDAYS[day].capitalize() for day in cohort.days)
        lines.append(
            FitLine(
                id=cohort.id,
                meets=f"{days} at {cohort.at:%H:%M}, {cohort.zone}",
                price=each.price,
                sessions=tuple(_session(one, person.zone) for one in each.sessions),
                against=each.against,
            )
        )
    return FitPage(
        participant=who,
        name=person.name,
        zone=person.zone,
        monday=week.monday,
        fits=tuple(each for each in lines if not each.against),
        others=tuple(each for each in lines if each.against),
    )


def _session(session: PlannedSession, zone: str) -> str:
    starts, ends = (
        each.astimezone(ZoneInfo(zone)) for each in (session.starts, session.ends)
    )
    return f"{starts:%A %H:%M} to {ends:%H:%M}, {KINDS[session.kind].lower()}"

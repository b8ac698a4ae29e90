"""Looking ahead: what the next weeks will be short of, and where somebody would fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Missing
from vioP.domain.ids import CohortId
from vioP.domain.people import Participant
from vioP.domain.programme import Programme
from vioP.domain.session import PlannedSession
from vioP.domain.time import Instant, Week, week_of
from vioP.domain.week import UnplacedNeed
from vioP.flows.foresight_tasks import ForeseenWeek, RecommendedCohort
from vioP.flows.see_foresight import see_cohorts, see_forecast, see_template
from vioP.flows.show import show_programme
from vioP.flows.show_waiting import show_waiting
from vioP.i18n import place_words
from vioP.planner.template import Fit, ProposedCohort
from vioP.web.access import action, person_of
from vioP.web.cohort_page import today_of
from vioP.web.forms import week_of_text
from vioP.web.keys import PORTS
from vioP.web.named import names_of, needs_named, notices_named, reasons_named
from vioP.web.pages import render
from vioP.web.session_words import KINDS
from vioP.web.waiting_lines import WantedLine, days_in_words, wanted_lines
from vioP.web.worked import Worked, worked

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class AheadWeek:
    """One week ahead, and what it will be short of."""

    monday: date
    sessions: int
    unplaced: tuple[UnplacedNeed, ...]
    notices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AheadPage:
    """The weeks ahead, as they were last foreseen; and what waiting lists want today."""

    worked: Worked
    weeks: tuple[AheadWeek, ...]
    waiting: tuple[WantedLine, ...]


@dataclass(frozen=True, slots=True)
class FitLine:
    """One cohort, and what joining it would mean for somebody.

    Attributes:
        opens: A later day on which they could begin, where it takes nobody before.
        is_full: Whether only a place is missing, for which they can wait.
        waits: Whether they do.
        today: The present day where the cohort is.
    """

    id: str
    meets: str
    price: int
    sessions: tuple[str, ...]
    against: tuple[str, ...]
    opens: date | None
    is_full: bool
    waits: bool
    today: date


@dataclass(frozen=True, slots=True)
class FitPage:
    """Where a participant would fit, in one week."""

    worked: Worked
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


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """The next term, as it was last proposed."""

    worked: Worked
    lines: tuple[TemplateLine, ...]


@routes.get("/forecast", name="forecast")
@action(Action.PLAN_WEEK)
async def forecast_page(request: web.Request) -> web.Response:
    """The next six weeks: what would find no place, and what is worth knowing early."""
    ports = request.app[PORTS]
    programme = await show_programme(ports)
    names = names_of(programme)
    week = week_of(ports.clock.now().date())
    seen = await see_forecast(ports, week, person_of(request).id)
    page = AheadPage(
        worked(seen, programme, request.path_qs),
        tuple(_week(each, names) for each in seen.answer or ()),
        wanted_lines(await show_waiting(ports)),
    )
    return render(request, "forecast", page)


@routes.get("/participants/{participant}/cohorts", name="participant.cohorts")
@action(Action.ENROLL)
async def fit_page(request: web.Request) -> web.Response:
    """The cohorts somebody could join without anybody moving, and why not the others."""
    ports = request.app[PORTS]
    programme = await show_programme(ports)
    who = request.match_info["participant"]
    person = next((each for each in programme.participants if each.id == who), None)
    if person is None:
        raise Missing
    text = request.query.get("day")
    week = week_of_text(text) if text else _next(week_of(ports.clock.now().date()))
    seen = await see_cohorts(ports, person.id, week, person_of(request).id)
    waits = {
        each.cohort_id
        for each in await show_waiting(ports)
        if person.id in {turn.entry.participant_id for turn in each.turns}
    }
    now = ports.clock.now()
    lines = _fits(programme, person, seen.answer or (), waits, now)
    page = FitPage(
        worked=worked(seen, programme, request.path_qs),
        participant=person.id,
        name=person.name,
        zone=person.zone,
        monday=week.monday,
        fits=tuple(each for each in lines if not each.against),
        others=tuple(each for each in lines if each.against),
    )
    return render(request, "fit", page)


@routes.get("/template", name="template")
@action(Action.PLAN_WEEK)
async def template_page(request: web.Request) -> web.Response:
    """When cohorts could meet next term, and who would hold them, beside how it is now."""
    ports = request.app[PORTS]
    week = _next(week_of(ports.clock.now().date()))
    programme = await show_programme(ports)
    seen = await see_template(ports, week, person_of(request).id)
    names: dict[str, str] = {each.id: each.name for each in programme.staff}
    page = TemplatePage(
        worked(seen, programme, request.path_qs),
        tuple(_line(each, names) for each in seen.answer or ()),
    )
    return render(request, "template", page)


def _line(found: ProposedCohort, names: dict[str, str]) -> TemplateLine:
    return TemplateLine(
        found.cohort.id,
        found.cohort.zone,
        _pattern(found.before, names),
        _pattern(found.after, names) if found.is_new else "",
        found.before.cannot_come,
        found.after.cannot_come,
        len(found.before.uncovered),
        len(found.after.uncovered),
    )


def _pattern(fit: Fit, names: dict[str, str]) -> str:
    hosts = " and ".join(names.get(each, each) for each in fit.hosts)
    return f"{days_in_words(fit.pattern.days)} at {fit.pattern.at:%H:%M} with {hosts}"


def _next(week: Week) -> Week:
    return Week(week.monday + timedelta(weeks=1))


def _week(foreseen: ForeseenWeek, names: Mapping[str, str]) -> AheadWeek:
    return AheadWeek(
        foreseen.week.monday,
        foreseen.sessions,
        needs_named(foreseen.unplaced, names),
        notices_named(foreseen.notices, names),
    )


def _fits(
    programme: Programme,
    person: Participant,
    found: tuple[RecommendedCohort, ...],
    waits: set[CohortId],
    now: Instant,
) -> list[FitLine]:
    """What joining each cohort would mean; a cohort that is gone is left out."""
    cohorts, names = {each.id: each for each in programme.cohorts}, names_of(programme)
    return [
        FitLine(
            id=cohort.id,
            meets=f"{days_in_words(cohort.days)} at {cohort.at:%H:%M}, {place_words(cohort.zone)}",
            price=each.price,
            sessions=tuple(_session(one, person.zone) for one in each.sessions),
            against=reasons_named(each.against, cohort.id, names),
            opens=each.opens,
            is_full=each.is_full,
            waits=cohort.id in waits,
            today=today_of(cohort, now),
        )
        for each in found
        if (cohort := cohorts.get(each.cohort_id)) is not None
    ]


def _session(session: PlannedSession, zone: str) -> str:
    starts, ends = (
        each.astimezone(ZoneInfo(zone)) for each in (session.starts, session.ends)
    )
    return f"{starts:%A %H:%M} to {ends:%H:%M}, {KINDS[session.kind].lower()}"

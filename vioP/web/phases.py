"""Phases: where everybody stands, and a clinician's word that somebody is ready."""

from dataclasses import dataclass
from datetime import date

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.arrangement import OpenedPhase
from vioP.domain.errors import Missing
from vioP.domain.ids import ParticipantId
from vioP.flows.arrange import arrange, show_phases
from vioP.flows.show import show_programme
from vioP.planner.phases import PhaseState
from vioP.web.access import action, person_of
from vioP.web.forms import day_field, field
from vioP.web.keys import PORTS
from vioP.web.pages import render

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """Somebody's phase, with their name."""

    name: str
    at: PhaseState


@dataclass(frozen=True, slots=True)
class PhasesPage:
    """The people of this clinician's cohorts whose track has phases."""

    today: date
    lines: tuple[PhaseLine, ...]


@routes.get("/phases", name="phases")
@action(Action.OPEN_PHASE)
async def phases_page(request: web.Request) -> web.Response:
    """The phases of whoever this clinician treats."""
    today = request.app[PORTS].clock.now().date()
    return render(request, "phases", PhasesPage(today, await _treated(request, today)))


@routes.post("/phases", name="phases.open")
@action(Action.OPEN_PHASE)
async def open_phase(request: web.Request) -> web.Response:
    """A clinician finds somebody ready for the next phase, from a day on."""
    form = await request.post()
    opened = OpenedPhase(
        ParticipantId(field(form, "participant")),
        field(form, "phase"),
        day_field(form, "first"),
    )
    if opened.participant_id not in {
        each.at.participant_id for each in await _treated(request, opened.first)
    }:
        raise Missing
    await arrange(request.app[PORTS], opened, person_of(request).id)
    raise web.HTTPSeeOther("/phases")


async def _treated(request: web.Request, day: date) -> tuple[PhaseLine, ...]:
    """Everybody in a cohort this clinician hosts, or who has appointments with them."""
    ports = request.app[PORTS]
    programme = await show_programme(ports)
    me = person_of(request).id
    cohorts = {each.id for each in programme.cohorts if me in each.facilitators}
    treated = {
        each.participant_id for each in programme.service_plans if each.staff_id == me
    }
    names = {each.id: each.name for each in programme.participants}
    lines = [
        PhaseLine(names[each.participant_id], each)
        for each in await show_phases(ports, day)
        if each.cohort_id in cohorts or each.participant_id in treated
    ]
    return tuple(sorted(lines, key=lambda line: (line.name, line.at.cohort_id)))

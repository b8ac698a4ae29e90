"""Cohorts: who is in them, who joins, who leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Missing
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.program import WEEKDAYS, Cohort
from vioP.domain.programme import Programme
from vioP.flows.enroll import discharge, enroll
from vioP.flows.show import show_programme
from vioP.web.access import action, person_of
from vioP.web.forms import day_field, field
from vioP.web.keys import PORTS
from vioP.web.pages import render

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class CohortLine:
    """One cohort in the list."""

    id: str
    days: str
    at: str
    zone: str
    seats: str


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One participant of a cohort."""

    id: str
    name: str
    place: str
    zone: str
    first: date
    until: date
    therapist: str


@dataclass(frozen=True, slots=True)
class CohortPage:
    """A cohort: when it meets, who is in it on which days, and what its forms show.

    Attributes:
        chosen: Whom the address names: to be enrolled, or discharged.
    """

    cohort: CohortLine
    facilitators: tuple[str, ...]
    members: tuple[MemberLine, ...]
    others: tuple[tuple[str, str], ...]
    chosen: str
    first: date
    last: date


@routes.get("/cohorts", name="cohorts")
@action(Action.SEE_COHORT)
async def cohorts(request: web.Request) -> web.Response:
    """Every cohort."""
    programme = await show_programme(request.app[PORTS])
    today = request.app[PORTS].clock.now().date()
    lines = tuple(_cohort_line(programme, each, today) for each in programme.cohorts)
    return render(request, "cohorts", lines)


@routes.get("/cohorts/{cohort}", name="cohort")
@action(Action.SEE_COHORT)
async def cohort_page(request: web.Request) -> web.Response:
    """One cohort and the people in it."""
    ports = request.app[PORTS]
    programme = await show_programme(ports)
    cohort_id = request.match_info["cohort"]
    cohort = next((each for each in programme.cohorts if each.id == cohort_id), None)
    if cohort is None:
        raise Missing
    today = ports.clock.now().date()
    page = _cohort_page(programme, cohort, today, request.query)
    return render(request, "cohort", page)


@routes.post("/cohorts/{cohort}/enrollments", name="cohort.enroll")
@action(Action.ENROLL)
async def enroll_in(request: web.Request) -> web.Response:
    """Enroll somebody, unless they would be in two places at once."""
    form = await request.post()
    cohort = request.match_info["cohort"]
    await enroll(
        request.app[PORTS],
        ParticipantId(field(form, "participant")),
        CohortId(cohort),
        day_field(form, "first"),
        day_field(form, "until"),
        person_of(request).id,
    )
    raise web.HTTPSeeOther(f"/cohorts/{cohort}")


@routes.post("/participants/{participant}/discharge", name="participant.discharge")
@action(Action.ENROLL)
async def discharge_participant(request: web.Request) -> web.Response:
    """End somebody's enrollments after a day."""
    form = await request.post()
    participant = ParticipantId(request.match_info["participant"])
    last = day_field(form, "last")
    await discharge(request.app[PORTS], participant, last, person_of(request).id)
    raise web.HTTPSeeOther(f"/week?day={last}")


def _cohort_line(programme: Programme, cohort: Cohort, today: date) -> CohortLine:
    taken = sum(
        each.cohort_id == cohort.id and each.covers(today) for each in programme.enrollments
    )
    return CohortLine(
        id=cohort.id,
        days=", ".join(WEEKDAYS[day].capitalize() for day in cohort.days),
        at=f"{cohort.at:%H:%M}",
        zone=cohort.zone,
        seats=f"{taken} of {cohort.capacity}",
    )


def _cohort_page(
    programme: Programme, cohort: Cohort, today: date, asked: Mapping[str, str]
) -> CohortPage:
    people = {each.id: each for each in programme.participants}
    staff = {each.id: each.name for each in programme.staff}
    therapist = {
        each.participant_id: staff.get(each.staff_id, each.staff_id)
        for each in programme.service_plans
        if each.kind == "individual"
    }
    members = [
        MemberLine(
            id=each.participant_id,
            name=people[each.participant_id].name,
            place=f"{people[each.participant_id].city}, {people[each.participant_id].state}",
            zone=people[each.participant_id].zone,
            first=each.first,
            until=each.until,
            therapist=therapist.get(each.participant_id, ""),
        )
        for each in programme.enrollments
        if each.cohort_id == cohort.id and each.participant_id in people
    ]
    inside = {member.id for member in members}
    return CohortPage(
        cohort=_cohort_line(programme, cohort, today),
        facilitators=tuple(staff.get(each, each) for each in cohort.facilitators),
        members=tuple(sorted(members, key=lambda each: each.name)),
        others=tuple((key, each.name) for key, each in people.items() if key not in inside),
        chosen=asked.get("participant", ""),
        first=day_field(asked, "first") if "first" in asked else today,
        last=day_field(asked, "last") if "last" in asked else today,
    )

"""What coordinators see: today's board, and cohorts."""

from dataclasses import dataclass
from datetime import date

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Missing
from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.program import WEEKDAYS, Cohort
from vioP.domain.programme import Programme
from vioP.flows.enroll import discharge, enroll
from vioP.flows.show import show_programme, who_works
from vioP.flows.show_live import show_live_board
from vioP.web.access import action, person_of
from vioP.web.forms import day_field, field
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render
from vioP.web.states import SessionCard, card, most_urgent_first

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Today, session by session."""

    day: str
    zone: str
    now: str
    cards: tuple[SessionCard, ...]


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
    """A cohort: when it meets, and who is in it on which days."""

    cohort: CohortLine
    facilitators: tuple[str, ...]
    members: tuple[MemberLine, ...]
    others: tuple[tuple[str, str], ...]
    today: date


@routes.get("/board", name="board")
@action(Action.SEE_BOARD)
async def board(request: web.Request) -> web.Response:
    """Today's sessions with their states."""
    ports = request.app[PORTS]
    _, zone = await who_works(ports, StaffId(person_of(request).id))
    now = ports.clock.now()
    found = await show_live_board(ports, zone)
    cards = most_urgent_first(card(each, zone, now, found.ahead) for each in found.sessions)
    page = BoardPage(long_day(now, zone), zone, clock(now, zone), cards)
    return render(request, "board", page)


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
    return render(
        request, "cohort", _cohort_page(programme, cohort, ports.clock.now().date())
    )


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


def _cohort_page(programme: Programme, cohort: Cohort, today: date) -> CohortPage:
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
        today=today,
    )

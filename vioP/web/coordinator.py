"""What coordinators see: today's board, the call list, cohorts."""

from dataclasses import dataclass
from datetime import date

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Missing
from vioP.domain.fallback import Breaker, Rung
from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.program import WEEKDAYS, Cohort
from vioP.domain.programme import Programme
from vioP.flows.enroll import discharge, enroll
from vioP.flows.settle_attempt import Outcome, settle_attempt
from vioP.flows.show import (
    show_board,
    show_broken_promises,
    show_call_list,
    show_programme,
    who_works,
)
from vioP.storage.attempts import OpenAttempt
from vioP.web.access import action, person_of
from vioP.web.forms import day_field, field
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render
from vioP.web.states import RUNGS, SessionCard, card, most_urgent_first
from vioP.web.week import ClockLine, clock_lines

routes = web.RouteTableDef()

OUTCOMES = {
    Outcome.REACHED_JOINING: "Reached, joining now",
    Outcome.ON_THE_PHONE: "Taking part by phone",
    Outcome.REACHED_NOT_COMING: "Reached, not coming",
    Outcome.NO_ANSWER: "No answer",
    Outcome.WRONG_NUMBER: "Wrong number",
    Outcome.SAFETY_CALL: "Safety call made",
    Outcome.HANDLED: "Done",
}
_OTHER = {"joined": "Joined meanwhile", "host_started": "The host has started"}
_TITLES: dict[str, str] = {
    "nudge": RUNGS[Rung.NUDGE],
    "call": "Call",
    "second_call": "Second call",
    "coordinator": "Look for this person",
    "clinician": "Clinician decides",
    Breaker.HOST_ABSENT: "The host has not started",
    Breaker.INCIDENT: "Many are missing: check the room",
}


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Today, session by session."""

    day: str
    zone: str
    now: str
    cards: tuple[SessionCard, ...]
    clocks: tuple[ClockLine, ...]


@dataclass(frozen=True, slots=True)
class CallLine:
    """One line of the call list."""

    id: str
    title: str
    since: str
    session: str
    name: str
    phone: str
    may_call: bool
    may_leave_message: bool
    high_risk: bool
    local_time: str
    place: str
    accommodation: str
    outcomes: tuple[tuple[str, str], ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class CallListPage:
    """What is open, and what was settled lately."""

    open: tuple[CallLine, ...]
    settled: tuple[CallLine, ...]
    zone: str


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
    cards = most_urgent_first(
        card(each, zone, now) for each in await show_board(ports, zone)
    )
    clocks = clock_lines(await show_broken_promises(ports))
    page = BoardPage(long_day(now, zone), zone, clock(now, zone), cards, clocks)
    return render(request, "board", page)


@routes.get("/calls", name="calls")
@action(Action.SEE_CALL_LIST)
async def calls(request: web.Request) -> web.Response:
    """Whom to call or look for, the oldest first."""
    ports = request.app[PORTS]
    _, zone = await who_works(ports, StaffId(person_of(request).id))
    now = ports.clock.now()
    attempts = await show_call_list(ports)
    lines = [
        (each.outcome is None, _call_line(each, zone, clock(now, each.zone)))
        for each in attempts
    ]
    page = CallListPage(
        open=tuple(line for is_open, line in lines if is_open),
        settled=tuple(line for is_open, line in lines if not is_open),
        zone=zone,
    )
    return render(request, "calls", page)


@routes.post("/calls/{attempt}", name="calls.settle")
@action(Action.SETTLE_ATTEMPT)
async def settle(request: web.Request) -> web.Response:
    """Write down how a call went."""
    form = await request.post()
    attempt = request.match_info["attempt"]
    by = person_of(request).id
    await settle_attempt(request.app[PORTS], attempt, field(form, "outcome"), by)
    raise web.HTTPSeeOther("/calls")


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


def _call_line(attempt: OpenAttempt, zone: str, local_time: str) -> CallLine:
    about_session = attempt.participant_id is None
    outcomes = [Outcome.HANDLED] if about_session else list(Outcome)
    settled = attempt.outcome or ""
    return CallLine(
        id=attempt.id,
        title=_TITLES.get(attempt.rung, attempt.rung),
        since=clock(attempt.begun_at, zone),
        session=f"{clock(attempt.starts, zone)} {attempt.cohort_id or 'appointment'} "
        f"with {attempt.host}",
        name=attempt.name or "",
        phone=attempt.phone,
        may_call=attempt.may_call,
        may_leave_message=attempt.may_leave_message,
        high_risk=attempt.high_risk,
        local_time=local_time,
        place=attempt.place,
        accommodation=attempt.accommodation,
        outcomes=tuple((each.value, OUTCOMES[each]) for each in outcomes),
        outcome=_OTHER.get(settled)
        or (OUTCOMES[Outcome(settled)] if settled in set(Outcome) else settled),
    )


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

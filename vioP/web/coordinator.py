"""What coordinators see of a day: the board, and the call list."""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.fallback import Breaker, Rung
from vioP.domain.ids import StaffId
from vioP.flows.decide_matter import count_open_matters
from vioP.flows.settle_attempt import Outcome, settle_attempt
from vioP.flows.settle_undelivered import show_trouble
from vioP.flows.show import (
    show_board,
    show_broken_promises,
    show_call_list,
    who_works,
)
from vioP.storage.attempts import OpenAttempt
from vioP.web.access import action, person_of
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render
from vioP.web.states import RUNGS, SessionCard, card, most_urgent_first
from vioP.web.undelivered import outages_in_words
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
_OTHER = {
    "joined": "Joined meanwhile",
    "host_started": "The host has started",
    "declined": "Says they can't come",
}
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
    """Today, session by session; above it what does not leave, and how much did not."""

    day: str
    zone: str
    now: str
    open_replies: int
    cards: tuple[SessionCard, ...]
    troubles: tuple[str, ...]
    undelivered: int
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
    waiting = await count_open_matters(ports)
    trouble = await show_trouble(ports)
    told = outages_in_words(trouble, zone)
    times = long_day(now, zone), zone, clock(now, zone)
    clocks = clock_lines(await show_broken_promises(ports))
    page = BoardPage(*times, waiting, cards, told, trouble.messages, clocks)
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

"""The call list: whom to call or look for, what to say, and how it went.

It needs nothing but this page and a telephone, and prints.
"""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.fallback import Breaker, Rung
from vioP.domain.ids import StaffId
from vioP.domain.time import Instant, later
from vioP.flows.call_host import ON_HOLD
from vioP.flows.claim_attempt import HOLDS, claim_attempt, give_back_attempt
from vioP.flows.drill import drill
from vioP.flows.settle_attempt import Outcome, settle_attempt
from vioP.flows.show import who_works
from vioP.flows.show_calls import by_person, show_call_list
from vioP.flows.take_back_attempt import may_take_back, take_back_attempt
from vioP.storage.call_list import OpenAttempt
from vioP.web.access import action, person_of
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.need_words import needs_in_words
from vioP.web.pages import clock, render
from vioP.web.words import OUTCOMES, opening_words, outcome_word, title_word

routes = web.RouteTableDef()


_TURN = {rung.value: turn for turn, rung in enumerate(Rung)}


@dataclass(frozen=True, slots=True)
class CallLine:
    """One person, or one session, on the call list.

    Attributes:
        id: The newest line about them, which is settled for all.
        before: What else waits about the same person.
        mine: Whether whoever looks has claimed it.
        claimed_by: Who else has.
        doubted_session: The session whose room may be at fault.
        said: What they wrote, where that is what must be read.
        guardian: The name of who answers for a minor, if it is known.
        guardian_phone: Their number, which is called first; empty for everybody else.
        opening: What to say to them first.
    """

    id: str
    title: str
    before: tuple[str, ...]
    since: str
    session: str
    name: str
    seat_id: str
    phone: str
    guardian: str
    guardian_phone: str
    may_call: bool
    may_leave_message: bool
    high_risk: bool
    local_time: str
    place: str
    accommodation: str
    said: str
    mine: bool
    claimed_by: str
    is_about_person: bool
    doubted_session: str
    opening: str
    outcomes: tuple[tuple[str, str], ...]
    outcome: str
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class CallListPage:
    """What is open, and what was settled lately."""

    open: tuple[CallLine, ...]
    settled: tuple[CallLine, ...]
    zone: str
    now: str
    can_drill: bool
    callback: str
    sender: str
    drilled: bool


@routes.get("/calls", name="calls")
@action(Action.SEE_CALL_LIST)
async def calls(request: web.Request) -> web.Response:
    """Whom to call or look for, the oldest first."""
    ports = request.app[PORTS]
    me = person_of(request).id
    _, zone = await who_works(ports, StaffId(me))
    now = ports.clock.now()
    attempts = await show_call_list(ports)
    waiting = [each for each in attempts if each.outcome is None]
    page = CallListPage(
        open=tuple(_line(group, zone, me, now) for group in by_person(waiting)),
        settled=tuple(
            _line([each], zone, me, now) for each in attempts if each.outcome is not None
        ),
        zone=zone,
        now=clock(now, zone),
        can_drill=ports.telephone is not None,
        callback=ports.house.sender.phone,
        sender=ports.house.sender.name,
        drilled="drilled" in request.query,
    )
    return render(request, "calls", page)


@routes.post("/calls/{attempt}", name="calls.settle")
@action(Action.SETTLE_ATTEMPT)
async def settle(request: web.Request) -> web.Response:
    """Write down how a call went."""
    form = await request.post()
    reason = form.get("reason", "")
    await settle_attempt(
        request.app[PORTS],
        request.match_info["attempt"],
        field(form, "outcome"),
        person_of(request).id,
        field(form, "reason") if reason else "",
    )
    raise web.HTTPSeeOther("/calls")


@routes.post("/calls/{attempt}/claim", name="calls.claim")
@action(Action.SETTLE_ATTEMPT)
async def claim(request: web.Request) -> web.Response:
    """Take a line, so that nobody else calls the same person."""
    attempt = request.match_info["attempt"]
    await claim_attempt(request.app[PORTS], attempt, person_of(request).id)
    raise web.HTTPSeeOther("/calls")


@routes.post("/calls/{attempt}/give-back", name="calls.give_back")
@action(Action.SETTLE_ATTEMPT)
async def give_back(request: web.Request) -> web.Response:
    """Give a line back, so that somebody else may call."""
    attempt = request.match_info["attempt"]
    await give_back_attempt(request.app[PORTS], attempt, person_of(request).id)
    raise web.HTTPSeeOther("/calls")


@routes.post("/calls/{attempt}/take-back", name="calls.take_back")
@action(Action.SETTLE_ATTEMPT)
async def take_back(request: web.Request) -> web.Response:
    """Open a line again that was settled by a slip."""
    attempt = request.match_info["attempt"]
    await take_back_attempt(request.app[PORTS], attempt, person_of(request).id)
    raise web.HTTPSeeOther("/calls")


@routes.post("/drill", name="drill")
@action(Action.DRILL)
async def ring_me(request: web.Request) -> web.Response:
    """Ring a member of staff the way a participant would be rung."""
    number = field(await request.post(), "number").replace(" ", "")
    await drill(request.app[PORTS], number, person_of(request).id)
    raise web.HTTPSeeOther("/calls?drilled=yes")


def _line(group: list[OpenAttempt], zone: str, me: str, now: Instant) -> CallLine:
    # What is about a session goes before what is about no seat: its answer counts there.
    newest = max(
        group,
        key=lambda each: (bool(each.seat_id), each.begun_at, _TURN.get(each.rung, 0)),
    )
    about_session = newest.rung in {*Breaker, ON_HOLD}
    held = newest.claimed_at is not None and now < later(newest.claimed_at, HOLDS)
    session = f"{_session(newest, zone)} with {newest.host}" if newest.starts else ""
    return CallLine(
        id=newest.id,
        title=title_word(newest.rung),
        before=tuple(_before(each, newest, zone) for each in group if each is not newest),
        since=clock(group[0].begun_at, zone),
        session=session,
        name=newest.name or "",
        seat_id=newest.seat_id or "",
        phone=newest.phone,
        guardian=newest.guardian,
        guardian_phone=newest.guardian_phone,
        may_call=newest.may_call,
        may_leave_message=newest.may_leave_message,
        high_risk=newest.high_risk,
        local_time=clock(now, newest.zone),
        place=newest.place,
        accommodation=needs_in_words(newest.accommodation),
        said=newest.said,
        mine=held and newest.claimed_by == me,
        claimed_by=newest.claimed_name if held and newest.claimed_by != me else "",
        doubted_session=(newest.session_id or "")
        if newest.rung == Breaker.INCIDENT
        else "",
        is_about_person=newest.participant_id is not None,
        opening=opening_words(
            [newest.rung, *(each.rung for each in group if each is not newest)]
        ),
        outcomes=tuple(
            (each.value, OUTCOMES[each])
            for each in ([Outcome.HANDLED] if about_session else Outcome)
            if not each.needs_reason
        ),
        outcome=outcome_word(newest.outcome or ""),
        may_take_back=may_take_back(newest, me, now),
    )


def _session(attempt: OpenAttempt, zone: str) -> str:
    """When and what the session of a line is; empty where it is about none."""
    if attempt.starts is None:
        return ""
    cohort = attempt.cohort_id
    kind = f"{cohort.capitalize()} group" if cohort else "appointment"
    return f"{clock(attempt.starts, zone)} {kind}"


def _before(attempt: OpenAttempt, newest: OpenAttempt, zone: str) -> str:
    """What else waits about somebody, and of which session where that is another one."""
    title = title_word(attempt.rung)
    is_other = attempt.starts is not None and attempt.session_id != newest.session_id
    return f"{title}, of {_session(attempt, zone)}" if is_other else title

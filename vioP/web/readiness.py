"""How ready everybody's device is, for those who help: the worst first, and one person."""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.ids import ParticipantId, StaffId
from vioP.domain.readiness import Readiness
from vioP.domain.techcheck import Verdict
from vioP.domain.time import Instant
from vioP.flows.help_check import help_check, settle_check
from vioP.flows.show import who_works
from vioP.flows.show_readiness import show_readiness, show_readiness_of
from vioP.ports import Ports
from vioP.web.access import action, person_of
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render
from vioP.web.paging import Pager, paged
from vioP.web.tech_words import VERDICTS, TechLine, icon_and_word, lines_of, troubles

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class ReadinessLine:
    """One person, as those who help see them.

    Attributes:
        worst: The gravest finding, in words; empty when there is none.
        age: How old the check is, in words.
        starts: When they come next, on the clock of whoever looks.
    """

    id: str
    name: str
    state: str
    word: str
    worst: str
    age: str
    starts: str
    missing: tuple[str, ...]
    phone: str
    phone_verified: bool
    place_on_file: bool
    helper: str
    assisted: bool


@dataclass(frozen=True, slots=True)
class ReadinessPage:
    """Everybody, the worst first."""

    lines: tuple[ReadinessLine, ...]
    pager: Pager
    ready: int
    zone: str


@dataclass(frozen=True, slots=True)
class OneReadinessPage:
    """One person, with everything their last check found."""

    line: ReadinessLine
    findings: tuple[TechLine, ...]
    local_time: str
    verdicts: tuple[tuple[str, str], ...]


@routes.get("/readiness", name="readiness")
@action(Action.SEE_READINESS)
async def readiness(request: web.Request) -> web.Response:
    """How ready everybody is, the worst first."""
    ports = request.app[PORTS]
    zone = await _zone(request)
    now = ports.clock.now()
    people = await show_readiness(ports)
    shown, pager = paged(request, people)
    page = ReadinessPage(
        lines=tuple(_line(each, zone, now) for each in shown),
        pager=pager,
        ready=sum(each.is_ready(now) for each in people),
        zone=zone,
    )
    return render(request, "readiness", page)


@routes.get("/readiness/{participant}", name="readiness.person")
@action(Action.SEE_READINESS)
async def one(request: web.Request) -> web.Response:
    """One person: what their last check found, and what to tell them."""
    ports = request.app[PORTS]
    now = ports.clock.now()
    person = await show_readiness_of(ports, _person(request))
    check = person.check
    page = OneReadinessPage(
        line=_line(person, await _zone(request), now),
        findings=lines_of(check, check.device) if check else (),
        local_time=clock(now, person.zone),
        verdicts=tuple((each.value, VERDICTS[each][1]) for each in Verdict),
    )
    return render(request, "readiness_person", page)


@routes.post("/readiness/{participant}/help", name="readiness.help")
@action(Action.HELP_CHECK)
async def begin_help(request: web.Request) -> web.Response:
    """Go through the check together with somebody."""
    person = _person(request)
    await help_check(request.app[PORTS], person, StaffId(person_of(request).id))
    raise web.HTTPSeeOther(f"/readiness/{person}")


@routes.post("/readiness/{participant}/outcome", name="readiness.settle")
@action(Action.HELP_CHECK)
async def settle(request: web.Request) -> web.Response:
    """Write down how ready somebody was found."""
    person, form = _person(request), await request.post()
    by = StaffId(person_of(request).id)
    await settle_check(request.app[PORTS], person, field(form, "verdict"), by)
    raise web.HTTPSeeOther(f"/readiness/{person}")


def _person(request: web.Request) -> ParticipantId:
    return ParticipantId(request.match_info["participant"])


async def _zone(request: web.Request) -> str:
    ports: Ports = request.app[PORTS]
    _, zone = await who_works(ports, StaffId(person_of(request).id))
    return zone


def _line(person: Readiness, zone: str, now: Instant) -> ReadinessLine:
    check = person.check
    fresh = check is not None and check.is_fresh(now)
    starts = person.starts
    return ReadinessLine(
        id=person.participant_id,
        name=person.name,
        state=check.verdict.value if check is not None and fresh else "unsure",
        word=icon_and_word(check, fresh=fresh),
        worst=", ".join(troubles(check)[:2]) if fresh else "",
        age=_age(person, now),
        starts=f"{long_day(starts, zone)}, {clock(starts, zone)}" if starts else "",
        missing=person.missing,
        phone=person.phone,
        phone_verified=person.phone_verified,
        place_on_file=person.place_on_file,
        helper=person.helper,
        assisted=check is not None and bool(check.assisted_by),
    )


def _age(person: Readiness, now: Instant) -> str:
    """How old a check is."""
    if person.check is None:
        return ""
    if person.check.had_trouble:
        return "trouble in a session since"
    days = (now - person.check.at).days
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")

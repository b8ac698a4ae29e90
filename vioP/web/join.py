"""The join link. Opening it shows a button; pressing the button is the join.

Mail scanners open every link they carry, so a plain GET must never count as attendance.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.emergency import abroad
from vioP.domain.errors import Invalid, NotSetUp
from vioP.domain.time import Instant
from vioP.files.table import STATES
from vioP.flows.own_places import own_places, place_named
from vioP.flows.record_join import DoorState, let_in, open_link, record_join
from vioP.flows.say_where import Elsewhere, ask_for_call, say_where
from vioP.flows.send_setup_link import make_door_link
from vioP.i18n import country_words, place_words
from vioP.web.access import PERSON, action
from vioP.web.dial_in import DialIn, dial_in
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class When:
    """When an appointment is, on the clock of its person."""

    day: str
    starts: str
    ends: str
    zone: str


@dataclass(frozen=True, slots=True)
class JoinPage:
    """What somebody sees behind their link.

    Attributes:
        phone: Where a person answers.
        dial_in: How they call in; nothing where nobody can.
        countries: Each by the name it is kept by, and as its reader calls it.
        is_other: Whether somebody else is signed in on this device.
        problem: Why what they said of where they are cannot be kept.
        city: The town they typed.
        named: The state or country they chose.
    """

    token: str
    state: str
    when: When
    opens: str
    host_started: bool
    phone: str
    dial_in: DialIn | None
    called: bool
    states: tuple[str, ...]
    countries: tuple[tuple[str, str], ...]
    is_other: bool
    is_held: bool
    places: tuple[tuple[str, str], ...]
    problem: str
    city: str
    named: str


@routes.get("/j/{token}", name="join.page")
@action(Action.USE_LINK)
async def join_page(request: web.Request) -> web.Response:
    """The page with the button and the phone number. It changes nothing."""
    return await _page(request)


async def _page(request: web.Request, problem: str = "") -> web.Response:
    ports = request.app[PORTS]
    token = request.match_info["token"]
    typed = await request.post() if problem else {}
    doorstep = await open_link(ports, token)
    seat, person = doorstep.seat, request.get(PERSON)
    page = JoinPage(
        token=token,
        state=doorstep.state.value,
        when=when(seat.starts, seat.ends, seat.zone),
        opens=clock(doorstep.opens, seat.zone),
        host_started=seat.host_started,
        phone=ports.house.sender.phone,
        dial_in=dial_in(ports, seat.id),
        called="called" in request.query,
        states=tuple(sorted(STATES)),
        countries=tuple((e, country_words(e)) for e in abroad(ports.house.emergency)),
        is_other=person is not None and person.id != seat.participant_id,
        is_held=seat.is_held,
        places=tuple((each.key, each.label) for each in await own_places(ports, seat)),
        problem=problem,
        city=field(typed, "city") if problem else "",
        named=field(typed, "state") if problem else "",
    )
    status = 200 if doorstep.state is not DoorState.OVER else 410
    return render(request, "join", page, status=422 if problem else status)


@routes.post("/j/{token}", name="join.enter")
@action(Action.USE_LINK)
async def join_enter(request: web.Request) -> web.Response:
    """Note where they are and the join, and send the browser on to the video room."""
    ports, token = request.app[PORTS], request.match_info["token"]
    form = await request.post()
    if "anyway" in form:
        await let_in(ports, token)
    if "where" in form:
        try:
            elsewhere = _elsewhere(form, abroad(ports.house.emergency))
        except Invalid as error:
            return await _page(request, str(error))
        elsewhere = elsewhere or await place_named(ports, token, field(form, "where"))
        alone, can_talk = "overheard" not in form, "quiet" not in form
        await say_where(ports, token, elsewhere, alone=alone, can_talk=can_talk)
    try:
        address = await record_join(ports, token)
    except NotSetUp:
        address = f"/j/{token}"  # which asks them to finish, or lets them in
    raise web.HTTPSeeOther(address)


@routes.post("/j/{token}/set-up", name="join.set_up")
@action(Action.USE_LINK)
async def finish_first(request: web.Request) -> web.Response:
    """Lead somebody who has not set up to what is missing, for a short while."""
    ports = request.app[PORTS]
    doorstep = await open_link(ports, request.match_info["token"])
    link = await make_door_link(ports, doorstep.seat)
    raise web.HTTPSeeOther(f"/set-up/{link}")


@routes.post("/j/{token}/call", name="join.call")
@action(Action.USE_LINK)
async def join_by_call(request: web.Request) -> web.Response:
    """Somebody would rather be called: put them on the call list."""
    token = request.match_info["token"]
    await ask_for_call(request.app[PORTS], token)
    raise web.HTTPSeeOther(f"/j/{token}?called")


def _elsewhere(form: Mapping[str, object], countries: Collection[str]) -> Elsewhere | None:
    """A place somebody describes; nothing when they chose one that is on file.

    Whoever names a town or a state is there, whatever else they have left chosen: help would
    be sent by it.

    Raises:
        Invalid: They are elsewhere and do not say in which town and state or country.
    """
    city, named = (field(form, e) if e in form else "" for e in ("city", "state"))
    if field(form, "where") != "elsewhere" and not (city or named):
        return None
    state = named if named in countries else named.upper()
    if not city or state not in {*STATES, *countries}:
        raise Invalid("Say the town you are in, and choose its state or country.")
    return Elsewhere(city, state)


def when(starts: Instant, ends: Instant, zone: str) -> When:
    """A stretch of time as its person reads it."""
    return When(
        long_day(starts, zone), clock(starts, zone), clock(ends, zone), place_words(zone)
    )

"""The join link. Opening it shows a button; pressing the button is the join.

Mail scanners open every link they carry, so a plain GET must never count as attendance.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.emergency import abroad
from vioP.domain.errors import Invalid
from vioP.domain.time import Instant
from vioP.files.table import STATES
from vioP.flows.record_join import DoorState, open_link, record_join
from vioP.flows.say_where import Elsewhere, ask_for_call, say_where
from vioP.web.access import action
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
    countries: tuple[str, ...]


@routes.get("/j/{token}", name="join.page")
@action(Action.USE_LINK)
async def join_page(request: web.Request) -> web.Response:
    """The page with the button and the phone number. It changes nothing."""
    ports = request.app[PORTS]
    token = request.match_info["token"]
    doorstep = await open_link(ports, token)
    seat = doorstep.seat
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
        countries=abroad(ports.house.emergency),
    )
    status = 200 if doorstep.state is not DoorState.OVER else 410
    return render(request, "join", page, status=status)


@routes.post("/j/{token}", name="join.enter")
@action(Action.USE_LINK)
async def join_enter(request: web.Request) -> web.Response:
    """Note where they are and the join, and send the browser on to the video room."""
    ports, token = request.app[PORTS], request.match_info["token"]
    form = await request.post()
    if "where" in form:
        elsewhere = _elsewhere(form, abroad(ports.house.emergency))
        alone, can_talk = "overheard" not in form, "quiet" not in form
        await say_where(ports, token, elsewhere, alone=alone, can_talk=can_talk)
    raise web.HTTPSeeOther(await record_join(ports, token))


@routes.post("/j/{token}/call", name="join.call")
@action(Action.USE_LINK)
async def join_by_call(request: web.Request) -> web.Response:
    """Somebody would rather be called: put them on the call list."""
    token = request.match_info["token"]
    await ask_for_call(request.app[PORTS], token)
    raise web.HTTPSeeOther(f"/j/{token}?called")


def _elsewhere(form: Mapping[str, object], countries: Collection[str]) -> Elsewhere | None:
    """A place somebody names; nothing when they are where they usually are.

    Raises:
        Invalid: They are elsewhere and do not say in which town and state or country.
    """
    if field(form, "where") == "usual":
        return None
    city, named = field(form, "city"), field(form, "state")
    state = named if named in countries else named.upper()
    if not city or state not in {*STATES, *countries}:
        raise Invalid("Say the town you are in, and choose its state or country.")
    return Elsewhere(city, state)


def when(starts: Instant, ends: Instant, zone: str) -> When:
    """A stretch of time as its person reads it."""
    return When(
        long_day(starts, zone), clock(starts, zone), clock(ends, zone), zone_name(zone)
    )


def zone_name(zone: str) -> str:
    """A zone as people read it: the city part."""
    return f"{zone.rpartition('/')[2].replace('_', ' ')} time"

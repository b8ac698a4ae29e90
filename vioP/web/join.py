"""The join link. Opening it shows a button; pressing the button is the join.

Mail scanners open every link they carry, so a plain GET must never count as attendance.
"""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.time import Instant
from vioP.flows.record_join import DoorState, open_link, record_join
from vioP.web.access import action
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
    """What somebody sees behind their link."""

    token: str
    state: str
    when: When
    opens: str
    host_started: bool
    phone: str


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
    )
    status = 200 if doorstep.state is not DoorState.OVER else 410
    return render(request, "join", page, status=status)


@routes.post("/j/{token}", name="join.enter")
@action(Action.USE_LINK)
async def join_enter(request: web.Request) -> web.Response:
    """Note the join and send the browser on to the video room."""
    door = await record_join(request.app[PORTS], request.match_info["token"])
    raise web.HTTPSeeOther(door)


def when(starts: Instant, ends: Instant, zone: str) -> When:
    """A stretch of time as its person reads it."""
    return When(
        long_day(starts, zone), clock(starts, zone), clock(ends, zone), zone_name(zone)
    )


def zone_name(zone: str) -> str:
    """A zone as people read it: the city part."""
    return f"{zone.rpartition('/')[2].replace('_', ' ')} time"

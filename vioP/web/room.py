"""The room: a page of ours for sessions whose video is our own, and the connection behind it."""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import ForeignOrigin
from vioP.domain.ids import SessionId, StaffId
from vioP.domain.live import LiveSession
from vioP.domain.room import Guest, first_name
from vioP.flows.choose_rooms import choose_rooms
from vioP.flows.open_door import open_door
from vioP.flows.record_join import DoorState, Doorstep, open_link
from vioP.flows.say_where import may_talk
from vioP.flows.show import show_session, who_works
from vioP.ports import Ports
from vioP.web.access import action, is_our_origin, person_of, require
from vioP.web.dial_in import DialIn, dial_in
from vioP.web.gateway import Gateway
from vioP.web.keys import PORTS
from vioP.web.pages import clock, render

routes = web.RouteTableDef()

GATEWAY = web.AppKey("GATEWAY", Gateway)


@dataclass(frozen=True, slots=True)
class RoomPage:
    """A room somebody may enter.

    Attributes:
        line: Where its script connects to.
        back: Where somebody is who has left.
        may_talk: Whether they go in with their microphone on.
        call: Where they ask to be called; empty for a host.
        dial_in: How they call in; nothing where nobody can.
    """

    line: str
    back: str
    starts: str
    ends: str
    phone: str
    is_host: bool
    may_talk: bool
    call: str
    dial_in: DialIn | None


@routes.get("/j/{token}/room", name="room.page")
@action(Action.USE_LINK)
async def room_page(request: web.Request) -> web.Response:
    """The room, for whoever holds the link. It changes nothing; connecting does."""
    ports = request.app[PORTS]
    here = f"/j/{request.match_info['token']}"
    doorstep = await open_link(ports, request.match_info["token"])
    if not await _is_here(request, doorstep):
        raise web.HTTPSeeOther(here)
    seat = doorstep.seat
    page = RoomPage(
        line=f"{here}/rtc",
        back=here,
        starts=clock(seat.starts, seat.zone),
        ends=clock(seat.ends, seat.zone),
        phone=ports.house.sender.phone,
        is_host=False,
        may_talk=await may_talk(ports, seat.id),
        call=f"{here}/call",
        dial_in=dial_in(ports, seat.id),
    )
    return render(request, "room", page)


@routes.get("/j/{token}/rtc", name="room.line")
@action(Action.USE_LINK)
async def room_line(request: web.Request) -> web.StreamResponse:
    """A participant's connection to their room."""
    doorstep = await open_link(request.app[PORTS], request.match_info["token"])
    gateway = _gateway(request)
    if not await _is_here(request, doorstep):
        raise web.HTTPConflict
    seat = doorstep.seat
    guest = Guest(seat.id, first_name(seat.name))
    return await gateway.serve(request, seat.session_id, guest)


@routes.post("/sessions/{session}/enter", name="session.enter")
@action(Action.START_SESSION)
async def enter(request: web.Request) -> web.Response:
    """Send a host on to the video room."""
    session, host = await _hosted(request)
    door = await open_door(request.app[PORTS], session.id, host)
    raise web.HTTPSeeOther(door.address or f"/sessions/{session.id}/room")


@routes.get("/sessions/{session}/room", name="session.room")
@action(Action.START_SESSION)
async def host_room_page(request: web.Request) -> web.Response:
    """The room, for its host."""
    session, host = await _hosted(request)
    here = f"/sessions/{session.id}"
    if not await _is_ours(request.app[PORTS], session.id):
        raise web.HTTPSeeOther(here)
    _, zone = await who_works(request.app[PORTS], StaffId(host.id))
    page = RoomPage(
        line=f"{here}/rtc",
        back=here,
        starts=clock(session.starts, zone),
        ends=clock(session.ends, zone),
        phone=request.app[PORTS].house.sender.phone,
        is_host=True,
        may_talk=True,
        call="",
        dial_in=None,
    )
    return render(request, "room", page)


@routes.get("/sessions/{session}/rtc", name="session.line")
@action(Action.START_SESSION)
async def host_line(request: web.Request) -> web.StreamResponse:
    """A host's connection to their room."""
    session, host = await _hosted(request)
    gateway = _gateway(request)
    if not await _is_ours(request.app[PORTS], session.id):
        raise web.HTTPConflict
    return await gateway.serve(request, session.id, host)


async def _hosted(request: web.Request) -> tuple[LiveSession, Guest]:
    """The session of the address and its host, if it is theirs; otherwise it is not there."""
    ports = request.app[PORTS]
    session = await show_session(ports, SessionId(request.match_info["session"]))
    require(request, Action.START_SESSION, frozenset(session.staff))
    person = person_of(request)
    name, _ = await who_works(ports, StaffId(person.id))
    return session, Guest(person.id, f"{first_name(name)} (host)", is_host=True)


def _gateway(request: web.Request) -> Gateway:
    """The gateway, for a page of ours that speaks its protocol.

    Raises:
        ForeignOrigin: The page is somebody else's. Source: RFC 6455, section 10.2.
    """
    gateway = request.app.get(GATEWAY)
    upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
    if gateway is None or not upgrade:
        raise web.HTTPUpgradeRequired
    if not is_our_origin(request):
        raise ForeignOrigin
    return gateway


async def _is_here(request: web.Request, doorstep: Doorstep) -> bool:
    """Whether a participant's room is a page of ours, and open."""
    ours = await _is_ours(request.app[PORTS], doorstep.seat.session_id)
    return ours and doorstep.state is DoorState.OPEN and not doorstep.seat.is_held


async def _is_ours(ports: Ports, session_id: SessionId) -> bool:
    """Whether a session's room is a page of ours: chosen as such, or about to be."""
    rooms = await choose_rooms(ports, session_id)
    return rooms.service.is_ours

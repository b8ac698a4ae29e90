"""Another way: what somebody can do about one appointment besides joining it by video.

Behind the same link as the appointment. Opening it changes nothing; each answer is pressed.
"""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.contact_facts import latest
from vioP.domain.time import later
from vioP.flows.feed import one_event
from vioP.flows.leave_alone import alone_until, leave_alone, would_end
from vioP.flows.record_join import DoorState, open_link
from vioP.flows.say_late import AHEAD, minutes_left, say_late
from vioP.storage.seats import OwnSeat
from vioP.web.access import action
from vioP.web.dial_in import DialIn, dial_in
from vioP.web.forms import whole_field
from vioP.web.join import When, when
from vioP.web.keys import PORTS
from vioP.web.pages import clock, render

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class OtherWaysPage:
    """What can be done about one appointment.

    Attributes:
        late: When they said they will be there; empty when they did not.
        minutes: How late one may still say one is.
        is_early: Whether it is too far ahead to say so.
        is_open: Whether its room is open now.
        quiet: Until when nobody would call or text whoever says now that they cannot talk.
        alone: Until when nobody does, because they said so; empty when they did not.
    """

    token: str
    when: When
    late: str
    minutes: tuple[int, ...]
    is_early: bool
    is_open: bool
    is_over: bool
    rsvp: str
    dial_in: DialIn | None
    phone: str
    quiet: str
    alone: str


@routes.get("/j/{token}/other", name="join.other")
@action(Action.USE_LINK)
async def other_ways(request: web.Request) -> web.Response:
    """What can be done about an appointment: late, not at all, by phone, not aloud."""
    ports, token = request.app[PORTS], request.match_info["token"]
    doorstep = await open_link(ports, token)
    seat, now = doorstep.seat, ports.clock.now()
    alone = await alone_until(ports, seat.participant_id)
    page = OtherWaysPage(
        token=token,
        when=when(seat.starts, seat.ends, seat.zone),
        late=late_clock(seat),
        minutes=minutes_left(seat.starts, seat.ends, now),
        is_early=now < later(seat.starts, -AHEAD),
        is_open=doorstep.state is DoorState.OPEN,
        is_over=doorstep.state is DoorState.OVER,
        rsvp=ports.secrets.rsvp_token(seat.id),
        dial_in=dial_in(ports, seat.id),
        phone=ports.house.sender.phone,
        quiet=clock(would_end(ports, seat.starts, now), seat.zone),
        alone=clock(alone, seat.zone) if alone else "",
    )
    return render(request, "other_ways", page, status=410 if page.is_over else 200)


@routes.post("/j/{token}/late", name="join.late")
@action(Action.USE_LINK)
async def late(request: web.Request) -> web.Response:
    """Say that one comes some minutes late."""
    token = request.match_info["token"]
    form = await request.post()
    await say_late(request.app[PORTS], token, whole_field(form, "minutes"))
    raise web.HTTPSeeOther(f"/j/{token}/other")


@routes.post("/j/{token}/quiet", name="join.quiet")
@action(Action.USE_LINK)
async def quiet(request: web.Request) -> web.Response:
    """Say that one cannot talk now: no call and no text for a while."""
    token = request.match_info["token"]
    await leave_alone(request.app[PORTS], token)
    raise web.HTTPSeeOther(f"/j/{token}/other")


@routes.get("/j/{token}/appointment.ics", name="join.calendar")
@action(Action.USE_LINK)
async def calendar_file(request: web.Request) -> web.Response:
    """The appointment as a file that any calendar opens."""
    body = await one_event(request.app[PORTS], request.match_info["token"])
    headers = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
    return web.Response(
        body=body, content_type="text/calendar", charset="utf-8", headers=headers
    )


def late_clock(seat: OwnSeat) -> str:
    """When somebody said they will be there, on their clock; empty when they did not."""
    until = seat.late_until
    if until is None or not seat.starts < until <= latest(seat.starts):
        return ""
    return clock(until, seat.zone)

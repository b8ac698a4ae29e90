"""What participants see: their week, and the device check."""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.ids import ParticipantId
from vioP.domain.people import CalendarChoice
from vioP.domain.techcheck import Part, Probe, TechCheck, Verdict
from vioP.flows.check_tech import check_tech
from vioP.flows.record_join import DoorState, door_state
from vioP.flows.show import show_own_week
from vioP.storage.seats import OwnSeat
from vioP.web.access import action, person_of
from vioP.web.feed import FeedBox, feed_box
from vioP.web.forms import field
from vioP.web.join import zone_name
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render

routes = web.RouteTableDef()

VERDICTS = {
    Verdict.READY: "Ready",
    Verdict.AUDIO_ONLY: "Ready by sound only",
    Verdict.FAILED: "Not ready",
}
TOLD = {
    CalendarChoice.INVITES: "You are invited to your appointments by mail.",
    CalendarChoice.FEED: "You see your appointments in the calendar you subscribe to.",
    CalendarChoice.BOTH: "You are invited by mail, and can subscribe to your calendar.",
}
PARTS = {
    Part.CAMERA: "the camera",
    Part.MICROPHONE: "the microphone",
    Part.SPEAKER: "the speaker",
    Part.CONNECTION: "the connection",
}


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One line of somebody's week."""

    day: str
    starts: str
    ends: str
    token: str
    rsvp: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class WeekPage:
    """Somebody's week: the next session first, then the rest."""

    next: OwnSession | None
    rest: tuple[OwnSession, ...]
    zone: str
    check: str
    failed: tuple[str, ...]
    phone: str
    told: str
    feed: FeedBox
    is_held: bool


@dataclass(frozen=True, slots=True)
class TechCheckPage:
    """The device check, and what came of the last one."""

    verdict: str
    failed: tuple[str, ...]


@routes.get("/me", name="me.week")
@action(Action.SEE_OWN_WEEK)
async def my_week(request: web.Request) -> web.Response:
    """My next session, and the two weeks ahead."""
    ports = request.app[PORTS]
    own = await show_own_week(ports, ParticipantId(person_of(request).id))
    lines = [_line(request, seat) for seat in own.seats]
    page = WeekPage(
        next=lines[0] if lines else None,
        rest=tuple(lines[1:]),
        zone=zone_name(own.seats[0].zone) if own.seats else "",
        check=VERDICTS[own.tech_check.verdict] if own.tech_check else "",
        failed=failed_parts(own.tech_check),
        phone=ports.house.sender.phone,
        told=TOLD[own.calendar],
        feed=await feed_box(request),
        is_held=any(each.is_held for each in own.seats),
    )
    return render(request, "my_week", page)


@routes.get("/me/tech-check", name="me.tech_check")
@action(Action.CHECK_TECH)
async def tech_check_page(request: web.Request) -> web.Response:
    """The device check."""
    own = await show_own_week(request.app[PORTS], ParticipantId(person_of(request).id))
    return render(request, "tech_check", _tech_page(own.tech_check))


@routes.post("/me/tech-check", name="me.tech_check.keep")
@action(Action.CHECK_TECH)
async def keep_tech_check(request: web.Request) -> web.Response:
    """Judge what the browser reports, and show the verdict."""
    form = await request.post()
    heard = field(form, "round_trip_ms")
    probe = Probe(
        camera=field(form, "camera") == "yes",
        microphone=field(form, "microphone") == "yes",
        speaker=field(form, "speaker") == "yes",
        round_trip_ms=int(heard) if heard.isascii() and heard.isdigit() else None,
    )
    person = ParticipantId(person_of(request).id)
    check = await check_tech(request.app[PORTS], person, probe)
    return render(request, "tech_check", _tech_page(check))


@routes.get("/me/ping", name="me.ping")
@action(Action.CHECK_TECH)
async def ping(_request: web.Request) -> web.Response:
    """A small answer, whose delay the device check measures."""
    return web.json_response({"ok": True})


def failed_parts(check: TechCheck | None) -> tuple[str, ...]:
    """What did not work, in words."""
    return tuple(PARTS[part] for part in check.failed) if check else ()


def _tech_page(check: TechCheck | None) -> TechCheckPage:
    return TechCheckPage(VERDICTS[check.verdict] if check else "", failed_parts(check))


def _line(request: web.Request, seat: OwnSeat) -> OwnSession:
    ports = request.app[PORTS]
    return OwnSession(
        day=long_day(seat.starts, seat.zone),
        starts=clock(seat.starts, seat.zone),
        ends=clock(seat.ends, seat.zone),
        token=ports.secrets.link_token(seat.id),
        rsvp=ports.secrets.rsvp_token(seat.id),
        is_open=door_state(ports.house, seat, ports.clock.now()) is DoorState.OPEN,
    )

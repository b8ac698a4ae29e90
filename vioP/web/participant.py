"""What participants see: their week."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.device import device_of
from vioP.domain.ids import ParticipantId
from vioP.domain.material import Material, materials_for
from vioP.domain.people import CalendarChoice
from vioP.domain.techcheck import TechCheck
from vioP.domain.time import later
from vioP.flows.record_join import DoorState, door_state
from vioP.flows.show import show_own_week
from vioP.storage.seats import OwnSeat
from vioP.web.access import action, person_of
from vioP.web.feed import FeedBox, feed_box
from vioP.web.join import zone_name
from vioP.web.keys import PORTS
from vioP.web.other_ways import late_clock
from vioP.web.pages import clock, long_day, render
from vioP.web.tech_words import troubles, verdict_word

routes = web.RouteTableDef()

TOLD = {
    CalendarChoice.INVITES: "You are invited to your appointments by mail.",
    CalendarChoice.FEED: "You see your appointments in the calendar you subscribe to.",
    CalendarChoice.BOTH: "You are invited by mail, and can subscribe to your calendar.",
}


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One line of somebody's week.

    Attributes:
        elsewhere: The same start on the program's clock, where that is another.
        late: When they said they will be there; empty when they did not.
        materials: What to read or do at home for it.
    """

    day: str
    starts: str
    ends: str
    token: str
    rsvp: str
    is_open: bool
    opens: str
    elsewhere: str
    late: str
    materials: tuple[Material, ...]


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
    owes: bool


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
        check=_check_words(request, own.tech_check),
        failed=troubles(own.tech_check),
        phone=ports.house.sender.phone,
        told=TOLD[own.calendar],
        feed=await feed_box(request),
        owes=any(each.owes for each in own.seats),
    )
    return render(request, "my_week", page)


def _check_words(request: web.Request, check: TechCheck | None) -> str:
    """What the last device check says today, on the device that asks; empty without one."""
    if check is None:
        return ""
    device = device_of(request.headers.get("User-Agent", ""))
    if not check.is_fresh(request.app[PORTS].clock.now()):
        return "Your last check says nothing any more. Please check again."
    if not check.device.is_like(device):
        return "You checked another device or browser. Please check this one too."
    return verdict_word(check)[1]


def _programme_clock(seat: OwnSeat) -> str:
    theirs = clock(seat.starts, seat.programme_zone)
    if theirs == clock(seat.starts, seat.zone):
        return ""
    return f"{theirs} {zone_name(seat.programme_zone)}"


def _line(request: web.Request, seat: OwnSeat) -> OwnSession:
    ports = request.app[PORTS]
    return OwnSession(
        day=long_day(seat.starts, seat.zone),
        starts=clock(seat.starts, seat.zone),
        ends=clock(seat.ends, seat.zone),
        token=ports.secrets.link_token(seat.id),
        rsvp=ports.secrets.rsvp_token(seat.id),
        is_open=door_state(ports.house, seat, ports.clock.now()) is DoorState.OPEN,
        opens=clock(later(seat.starts, -ports.house.opens_before), seat.zone),
        elsewhere=_programme_clock(seat),
        late=late_clock(seat),
        materials=materials_for(
            ports.house.materials,
            seat.track_id,
            seat.cohort_id,
            seat.starts.astimezone(ZoneInfo(seat.programme_zone)).date(),
        ),
    )

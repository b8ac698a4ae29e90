"""What participants see: their week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.device import device_of
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.material import Material, materials_for
from vioP.domain.onboarding import TITLES
from vioP.domain.people import CalendarChoice
from vioP.domain.techcheck import TechCheck
from vioP.domain.time import Instant, later
from vioP.flows.record_join import DoorState, door_state
from vioP.flows.show import OwnWeek, show_own_week
from vioP.i18n import place_words
from vioP.storage.seats import OwnSeat
from vioP.web.access import action, person_of
from vioP.web.agreed import last_day
from vioP.web.feed import FeedBox, feed_box
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
        declined: Whether they said that they can't come.
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
    declined: bool
    materials: tuple[Material, ...]


@dataclass(frozen=True, slots=True)
class RenewLine:
    """Something they agreed to that runs out, and the last day it holds."""

    address: str
    title: str
    day: str


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
    renew: tuple[RenewLine, ...]


@routes.get("/me", name="me.week")
@action(Action.SEE_OWN_WEEK)
async def my_week(request: web.Request) -> web.Response:
    """My next session, and the two weeks ahead."""
    ports = request.app[PORTS]
    own = await show_own_week(ports, ParticipantId(person_of(request).id))
    seats = open_first(own.seats, ports.clock.now(), ports.house.opens_before)
    lines = [_line(request, own, seat) for seat in seats]
    page = WeekPage(
        next=lines[0] if lines else None,
        rest=tuple(lines[1:]),
        zone=place_words(own.seats[0].zone) if own.seats else "",
        check=_check_words(request, own.tech_check),
        failed=troubles(own.tech_check),
        phone=ports.house.sender.phone,
        told=TOLD[own.calendar],
        feed=await feed_box(request),
        owes=any(each.owes for each in own.seats),
        renew=tuple(
            RenewLine(f"/me/details/{piece}", TITLES[piece], last_day(until))
            for piece, until in own.renew.items()
        ),
    )
    return render(request, "my_week", page)


def open_first(
    seats: Sequence[OwnSeat], now: Instant, opens_before: timedelta
) -> list[OwnSeat]:
    """In order of time; what is over gives way to what has its door open by now."""
    ordered = sorted(seats, key=lambda each: each.starts)
    is_on = any(each.starts - opens_before <= now < each.ends for each in ordered)
    return [each for each in ordered if not (is_on and each.ends <= now)]


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
    return f"{theirs} {place_words(seat.programme_zone)}"


def _line(request: web.Request, own: OwnWeek, seat: OwnSeat) -> OwnSession:
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
        declined=seat.id in own.declined,
        materials=_materials(ports.house.materials, own, seat),
    )


def _materials(
    known: tuple[Material, ...], own: OwnWeek, seat: OwnSeat
) -> tuple[Material, ...]:
    """The links of a session; which module it is of stays in the house."""
    day = seat.starts.astimezone(ZoneInfo(seat.programme_zone)).date()
    rotation = own.rotations.get(CohortId(seat.cohort_id))
    taught = rotation.on(day) if rotation else None
    module = taught.module if taught else ""
    return materials_for(known, seat.track_id, seat.cohort_id, day, module)

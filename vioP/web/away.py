"""Days away and journeys, as a participant tells them: shown first, and kept when confirmed."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.arrangement import Journey
from vioP.domain.errors import Invalid
from vioP.domain.ids import ParticipantId
from vioP.files.table import STATES
from vioP.flows.announce_journey import (
    announce_journey,
    own_journeys,
    show_journey,
    take_back_journey,
)
from vioP.flows.answer_invite import LONGEST_REASON
from vioP.flows.be_away import be_away, show_away
from vioP.i18n import long_day as day_in_words
from vioP.i18n import place_words
from vioP.web.access import action, person_of
from vioP.web.forms import day_field, field
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render

routes = web.RouteTableDef()

# The clocks of the states and territories, by the names people know them by.
ZONES = (
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Arizona"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
    ("America/Puerto_Rico", "Puerto Rico"),
    ("Pacific/Guam", "Guam"),
)


@dataclass(frozen=True, slots=True)
class AwayPage:
    """Days away, and what falls into them.

    Attributes:
        lines: The appointments of these days; nothing while no days were named.
        asked: Whether days were named, so that they can be confirmed.
        done: To how many appointments a no was kept just now; empty before.
    """

    today: date
    first: str
    last: str
    asked: bool
    lines: tuple[str, ...]
    done: str
    problem: str
    longest: int
    phone: str


@dataclass(frozen=True, slots=True)
class TravelLine:
    """One appointment of a journey, on the clock there and on the clock it was told by."""

    there: str
    told: str
    covered: bool


@dataclass(frozen=True, slots=True)
class JourneyLine:
    """A journey that is known, in words."""

    id: str
    where: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class TravelPage:
    """A journey, and what it means for the appointments in it.

    Attributes:
        known: The journeys that are not over.
        stayed: Whether one was taken back just now.
    """

    today: date
    first: str
    last: str
    city: str
    state: str
    zone: str
    states: tuple[str, ...]
    zones: tuple[tuple[str, str], ...]
    asked: bool
    lines: tuple[TravelLine, ...]
    known: tuple[JourneyLine, ...]
    done: bool
    stayed: bool
    problem: str
    phone: str


@routes.get("/me/away", name="me.away")
@action(Action.CHANGE_OWN)
async def away_page(request: web.Request) -> web.Response:
    """Which days, and what falls into them."""
    ports, query = request.app[PORTS], request.query
    lines: list[str] = []
    problem = ""
    if "first" in query:
        try:
            first, last = day_field(query, "first"), day_field(query, "last")
            seats = await show_away(ports, _me(request), first, last)
            lines = [
                f"{long_day(each.starts, each.zone)}, {clock(each.starts, each.zone)}"
                for each in seats
            ]
        except Invalid as error:
            problem = str(error)
    page = AwayPage(
        today=ports.clock.now().date(),
        first=query.get("first", ""),
        last=query.get("last", ""),
        asked="first" in query and not problem,
        lines=tuple(lines),
        done=query.get("done", "") if query.get("done", "").isdigit() else "",
        problem=problem,
        longest=LONGEST_REASON,
        phone=ports.house.sender.phone,
    )
    return render(request, "away", page, status=422 if problem else 200)


@routes.post("/me/away", name="me.away.say")
@action(Action.CHANGE_OWN)
async def say_away(request: web.Request) -> web.Response:
    """Say no to every appointment of these days."""
    form = await request.post()
    said_no = await be_away(
        request.app[PORTS],
        _me(request),
        day_field(form, "first"),
        day_field(form, "last"),
        field(form, "reason") if "reason" in form else "",
    )
    raise web.HTTPSeeOther(f"/me/away?done={said_no}")


@routes.get("/me/travel", name="me.travel")
@action(Action.CHANGE_OWN)
async def travel_page(request: web.Request) -> web.Response:
    """Where to and when, and what that means for my appointments."""
    ports, query = request.app[PORTS], request.query
    lines: list[TravelLine] = []
    problem = ""
    if "first" in query:
        try:
            journey = _journey(request, query)
            for each in await show_journey(ports, journey):
                there = f"{long_day(each.starts, journey.zone)}, "
                there += clock(each.starts, journey.zone)
                told = f"{clock(each.starts, each.zone)} {place_words(each.zone)}"
                lines.append(TravelLine(there, told, each.covered))
        except Invalid as error:
            problem = str(error)
    page = TravelPage(
        today=ports.clock.now().date(),
        **{
            name: query.get(name, "") for name in ("first", "last", "city", "state", "zone")
        },
        states=tuple(sorted(STATES)),
        zones=ZONES,
        asked="first" in query and not problem,
        lines=tuple(lines),
        known=tuple(
            JourneyLine(
                key,
                f"{each.city}, {each.state}",
                day_in_words(each.first),
                day_in_words(each.last),
            )
            for key, each in await own_journeys(ports, _me(request))
        ),
        done="done" in query,
        stayed="stayed" in query,
        problem=problem,
        phone=ports.house.sender.phone,
    )
    return render(request, "travel", page, status=422 if problem else 200)


@routes.post("/me/travel", name="me.travel.say")
@action(Action.CHANGE_OWN)
async def say_travel(request: web.Request) -> web.Response:
    """Keep the journey, and put it before a coordinator."""
    journey = _journey(request, await request.post())
    await announce_journey(request.app[PORTS], journey)
    raise web.HTTPSeeOther("/me/travel?done")


@routes.post("/me/travel/stay", name="me.travel.stay")
@action(Action.CHANGE_OWN)
async def stay(request: web.Request) -> web.Response:
    """Take a journey back: I stay where I usually am."""
    form = await request.post()
    known = field(form, "journey") if "journey" in form else ""
    await take_back_journey(request.app[PORTS], _me(request), known)
    raise web.HTTPSeeOther("/me/travel?stayed")


def _me(request: web.Request) -> ParticipantId:
    return ParticipantId(person_of(request).id)


def _journey(request: web.Request, form: object) -> Journey:
    """The journey a form describes.

    Raises:
        Invalid: Something of it is missing, or its days are over or the wrong way round.
    """
    city, state, zone = (field(form, name) for name in ("city", "state", "zone"))  # type: ignore[arg-type]  # a form or a query
    if not city:
        raise Invalid("Say the town you will be in.")
    if state not in STATES:
        raise Invalid("Choose the state. Going abroad? Please call us.")
    if zone not in dict(ZONES):
        raise Invalid("Choose the clock that is used there.")
    first, last = (day_field(form, name) for name in ("first", "last"))  # type: ignore[arg-type]  # a form or a query
    today = request.app[PORTS].clock.now().astimezone(ZoneInfo(zone)).date()
    if last < first or last < today:
        raise Invalid("The last day is over, or before the first day.")
    return Journey(_me(request), first, last, city, state, zone)

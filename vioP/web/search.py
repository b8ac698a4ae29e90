"""Search: a few letters of a name or identifier, posted so that no address or history has them."""

from dataclasses import dataclass
from typing import assert_never
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid
from vioP.domain.ids import StaffId
from vioP.flows.search import Found, FoundPerson, FoundSession, Thing, search
from vioP.flows.show import who_works
from vioP.storage.nearby import NearSession
from vioP.web.access import action, person_of
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.session_words import KINDS

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One thing that was found, and where it is."""

    address: str
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What was asked and found.

    Attributes:
        typed: The words, as they were typed.
        told: How many were found, in words; empty before anything was looked for.
    """

    typed: str = ""
    problem: str = ""
    told: str = ""
    lines: tuple[FoundLine, ...] = ()
    zone: str = ""
    sees_all: bool = False


@routes.get("/search", name="search")
@action(Action.SEARCH)
async def search_page(request: web.Request) -> web.Response:
    """Where to type a few letters."""
    return render(request, "search", SearchPage(sees_all=_sees_all(request)))


@routes.post("/search", name="search.find")
@action(Action.SEARCH)
async def find(request: web.Request) -> web.Response:
    """People, cohorts and sessions near today that begin so, each as a link."""
    ports, person = request.app[PORTS], person_of(request)
    typed = (await request.post()).get("words")
    try:
        found = await search(ports, person, field({"words": typed}, "words"))
    except Invalid as error:
        kept = typed if isinstance(typed, str) else ""
        page = SearchPage(kept, problem=str(error), sees_all=_sees_all(request))
        return render(request, "search", page, status=422)
    _, zone = await who_works(ports, StaffId(person.id))
    lines = tuple(_line(each, zone) for each in found.things)
    page = SearchPage(str(typed), "", _told(found), lines, zone, _sees_all(request))
    return render(request, "search", page)


def _sees_all(request: web.Request) -> bool:
    return person_of(request).role == "coordinator"


def _told(found: Found) -> str:
    number = len(found.things)
    if found.is_cut:
        return f"The first {number}. Type more letters to see fewer."
    return {0: "Nothing found.", 1: "1 found."}.get(number, f"{number} found.")


def _line(thing: Thing, zone: str) -> FoundLine:
    match thing:
        case FoundPerson():
            return _person_line(thing, zone)
        case FoundSession():
            session = thing.session
            what = " · ".join(
                each for each in (_when(session, zone), thing.lead_name) if each
            )
            return FoundLine(f"/sessions/{session.id}", _title(session), what)
        case str():
            return FoundLine(f"/cohorts/{thing}", thing.capitalize(), "Cohort")
    assert_never(thing)


def _person_line(person: FoundPerson, zone: str) -> FoundLine:
    if person.session is not None:
        what = f"{_title(person.session)}, {_when(person.session, zone)}"
        return FoundLine(f"/seats/{person.seat_id}", person.name, what)
    if person.cohort_id is not None:
        what = f"{person.cohort_id.capitalize()}, no appointment near today"
        return FoundLine(f"/cohorts/{person.cohort_id}", person.name, what)
    address = f"/participants/{person.id}/cohorts"
    return FoundLine(address, person.name, "In no cohort")


def _title(session: NearSession) -> str:
    kind = KINDS[session.kind]
    return f"{session.cohort_id.capitalize()} {kind.lower()}" if session.cohort_id else kind


def _when(session: NearSession, zone: str) -> str:
    at = session.starts.astimezone(ZoneInfo(zone))
    return f"{at:%A} {at.day} {at:%B}, {at:%H:%M}"

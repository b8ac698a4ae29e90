"""The safety panel: what is needed within a second when somebody may be in danger."""

from dataclasses import dataclass

import structlog
from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.contact import ContactPolicy, Reach, may_reach
from vioP.domain.contact_facts import Way
from vioP.domain.emergency import EmergencyNumbers, country_of, lines_for
from vioP.domain.ids import SeatId
from vioP.domain.live import LiveSeat
from vioP.domain.time import Instant
from vioP.domain.whereabouts import Whereabouts
from vioP.flows.note_reading import Reading, note_reading
from vioP.flows.record_safety import record_safety
from vioP.flows.show_live import SafetyView, show_safety, show_story
from vioP.flows.unhindered import unhindered
from vioP.i18n import place_words
from vioP.web.access import action, person_of, require_record
from vioP.web.follow import session_words
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.need_words import needs_in_words
from vioP.web.pages import clock, long_day, render
from vioP.web.words import outcome_word

log = structlog.get_logger()

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class SafetyPage:
    """Where somebody is, whom to call there, how to reach them and theirs."""

    seat_id: str
    name: str
    session: str
    place: str
    said_there: str
    local_time: str
    emergency: tuple[str, ...]
    phone: str
    second_phone: str
    places: tuple[tuple[str, str, str], ...]
    may_call: bool
    people: tuple[tuple[str, str, str], ...]
    last_call: str
    note: str
    high_risk: bool
    text_only: bool
    leave_message: bool


@routes.get("/seats/{seat}/safety", name="seat.safety")
@action(Action.SEE_SAFETY)
async def safety(request: web.Request) -> web.Response:
    """What is needed within a second when somebody may be in danger."""
    found = await show_safety(request.app[PORTS], SeatId(request.match_info["seat"]))
    hosts, whose = frozenset(found.session.staff), found.seat.participant_id
    await require_record(request, Action.SEE_SAFETY, hosts, whose)
    by, seat = person_of(request).id, found.seat.id
    noted = note_reading(request.app[PORTS], by, Reading.SAFETY, seat)
    await unhindered(noted, "reading.not_noted", seat_id=seat)
    now = request.app[PORTS].clock.now()
    known = request.app[PORTS].house.emergency
    return render(request, "safety", _safety_page(found, found.seat, now, known))


@routes.post("/seats/{seat}/safety", name="seat.act")
@action(Action.SEE_SAFETY)
async def act(request: web.Request) -> web.Response:
    """Put a safety call or a welfare check on record, with its reason."""
    seat = SeatId(request.match_info["seat"])
    found = await show_story(request.app[PORTS], seat)
    hosts, whose = frozenset(found.session.staff), found.seat.participant_id
    await require_record(request, Action.SEE_SAFETY, hosts, whose)
    form = await request.post()
    said = field(form, "outcome"), field(form, "reason")
    await record_safety(request.app[PORTS], found.seat, said, person_of(request).id)
    raise web.HTTPSeeOther(f"/seats/{seat}")


def _said_there(said: Whereabouts | None) -> str:
    """What somebody said about where they are, as they joined; empty while they have not."""
    if said is None:
        return ""
    words = "alone" if said.alone else "not alone"
    return words if said.can_talk else f"{words}, and cannot talk there"


def _safety_page(
    found: SafetyView,
    seat: LiveSeat,
    now: Instant,
    known: tuple[EmergencyNumbers, ...],
) -> SafetyPage:
    person = found.person.reachable
    policy = ContactPolicy()
    last = found.last_call
    city, state = found.city, found.person.state
    if found.said is not None:
        city, state = found.said.city, found.said.state
    place = f"{city}, {state}" if city else state
    voicemail = may_reach(person, Way.VOICEMAIL, policy, now, safety=True)
    return SafetyPage(
        seat_id=seat.id,
        name=seat.name,
        session=f"{session_words(found.session)}, {place_words(found.session.zone)}",
        place=place,
        said_there=_said_there(found.said),
        local_time=clock(now, person.zone),
        emergency=lines_for(place, country_of(state, known)),
        phone=person.contact.phone,
        second_phone=found.second_phone,
        places=tuple(
            (
                each.label,
                ", ".join(filter(None, (each.street, each.city, each.state))),
                each.emergency,
            )
            for each in found.places
        ),
        may_call=isinstance(
            may_reach(person, Way.HUMAN_CALL, policy, now, safety=True), Reach
        ),
        people=tuple(
            (each.name or each.kind.capitalize(), each.kind, each.phone)
            for each in found.person.supporters
        ),
        last_call=f"{clock(last.at, found.session.zone)} on "
        f"{long_day(last.at, found.session.zone)}: {outcome_word(last.outcome)}"
        if last
        else "",
        note=needs_in_words(seat.note),
        high_risk=person.high_risk,
        text_only=person.text_only,
        leave_message=isinstance(voicemail, Reach),
    )

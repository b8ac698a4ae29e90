"""Following one person through a missed session: their story, the safety panel, notes, news."""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.board import standing
from vioP.domain.contact import ContactPolicy, Reach, may_reach
from vioP.domain.contact_facts import Way
from vioP.domain.emergency import EmergencyNumbers, country_of, lines_for
from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.live import LiveSeat, LiveSession
from vioP.domain.reply import Answer
from vioP.domain.story import End, Line
from vioP.domain.time import Instant
from vioP.domain.whereabouts import Whereabouts
from vioP.flows.note_contact import ContactNote, note_contact
from vioP.flows.open_bridge import open_bridge
from vioP.flows.record_safety import record_safety
from vioP.flows.show import show_session
from vioP.flows.show_live import SafetyView, show_safety, show_story
from vioP.flows.tell_session import tell_session
from vioP.web.access import action, person_of, require
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render
from vioP.web.states import ANSWERS, STANDINGS
from vioP.web.words import outcome_word, reason_word, title_word

routes = web.RouteTableDef()

_SEEN = {
    "join_pressed": "Pressed the join button",
    "entered": "Came to the room",
    "media_up": "In the room",
    "media_down": "Nothing is received any more",
    "left": "Left the room",
    "phone_bridged": "Takes part by phone",
    "marked_present": "Marked present",
    "marked_excused": "Marked excused",
    "marked_no_show": "Marked no-show",
    "mark_withdrawn": "Mark taken back",
}
_LEGS = {"video": "with video", "audio": "with sound", "phone": "by phone"}
_SAID = {
    "consented": "Agreed to be reached",
    "opted_out": "Opted out",
    "verified": "Number verified",
    "wrong_number": "Number belongs to somebody else",
    "not_safe": "Cannot talk now",
    "silenced": "Must not be contacted any more",
    "unsilenced": "May be contacted again",
    "call_me": "Asked to be called",
    "wants_human": "Asked for a person",
}
_ENDS = {
    End.WAITING: "waiting",
    End.DONE: "",
    End.SKIPPED: "not sent",
    End.FAILED: "failed",
}
_CHANNELS = {"mail": "by mail", "sms": "by text", "phone": "(automatic)", "call_list": ""}
NOTES = {
    ContactNote.NUMBER_VERIFIED: "The number is theirs: I heard them on it",
    ContactNote.NUMBER_WRONG: "The number belongs to somebody else",
    ContactNote.AGREED_TO_TEXTS: "Agreed to texts",
    ContactNote.AGREED_TO_CALLS: "Agreed to automatic calls",
    ContactNote.NO_TEXTS: "Wants no texts",
    ContactNote.NO_CALLS: "Wants no automatic calls",
    ContactNote.DISCHARGED: "Has left the program: contact nobody",
    ContactNote.DECEASED: "Has died: contact nobody",
    ContactNote.REACH_AGAIN: "May be contacted again",
}


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One line of a story, in words."""

    at: str
    text: str
    end: str


@dataclass(frozen=True, slots=True)
class StoryPage:
    """Everything about one seat."""

    seat_id: str
    participant_id: str
    name: str
    session: str
    session_id: str
    day: str
    word: str
    zone: str
    lines: tuple[StoryLine, ...]
    notes: tuple[tuple[str, str], ...]


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


@routes.get("/seats/{seat}", name="seat.story")
@action(Action.SEE_STORY)
async def story(request: web.Request) -> web.Response:
    """Everything that was tried, seen and said about one seat."""
    found = await show_story(request.app[PORTS], SeatId(request.match_info["seat"]))
    require(request, Action.SEE_STORY, frozenset(found.session.staff))
    zone = found.session.zone
    now = request.app[PORTS].clock.now()
    page = StoryPage(
        seat_id=found.seat.id,
        participant_id=found.seat.participant_id,
        name=found.seat.name,
        session=_session_words(found.session),
        session_id=found.session.id,
        day=long_day(found.session.starts, zone),
        word=STANDINGS[standing(found.session, found.seat, now)][1],
        zone=zone,
        lines=tuple(_story_line(each, found.session) for each in found.lines),
        notes=tuple((each.value, text) for each, text in NOTES.items()),
    )
    return render(request, "story", page)


@routes.get("/seats/{seat}/safety", name="seat.safety")
@action(Action.SEE_SAFETY)
async def safety(request: web.Request) -> web.Response:
    """What is needed within a second when somebody may be in danger."""
    found = await show_safety(request.app[PORTS], SeatId(request.match_info["seat"]))
    require(request, Action.SEE_SAFETY, frozenset(found.session.staff))
    now = request.app[PORTS].clock.now()
    known = request.app[PORTS].house.emergency
    return render(request, "safety", _safety_page(found, found.seat, now, known))


@routes.post("/seats/{seat}/safety", name="seat.act")
@action(Action.SEE_SAFETY)
async def act(request: web.Request) -> web.Response:
    """Put a safety call or a welfare check on record, with its reason."""
    seat = SeatId(request.match_info["seat"])
    found = await show_story(request.app[PORTS], seat)
    require(request, Action.SEE_SAFETY, frozenset(found.session.staff))
    form = await request.post()
    said = field(form, "outcome"), field(form, "reason")
    await record_safety(request.app[PORTS], found.seat, said, person_of(request).id)
    raise web.HTTPSeeOther(f"/seats/{seat}")


@routes.post("/participants/{participant}/contact", name="participant.contact")
@action(Action.NOTE_CONTACT)
async def note(request: web.Request) -> web.Response:
    """Note what was learned about reaching somebody."""
    form = await request.post()
    person = ParticipantId(request.match_info["participant"])
    by = person_of(request).id
    await note_contact(request.app[PORTS], person, field(form, "note"), by)
    seat = SeatId(field(form, "seat"))
    raise web.HTTPSeeOther(f"/seats/{seat}" if seat else "/calls")


@routes.post("/sessions/{session}/news", name="session.news")
@action(Action.TELL_SESSION)
async def news(request: web.Request) -> web.Response:
    """Tell everybody of a session that the host is late, or that the room does not work."""
    session_id = SessionId(request.match_info["session"])
    session = await show_session(request.app[PORTS], session_id)
    require(request, Action.TELL_SESSION, frozenset(session.staff))
    said = field(await request.post(), "news")
    await tell_session(request.app[PORTS], session_id, said, person_of(request).id)
    raise web.HTTPSeeOther(f"/sessions/{session_id}")


@routes.post("/sessions/{session}/bridge", name="session.bridge")
@action(Action.TELL_SESSION)
async def bridge(request: web.Request) -> web.Response:
    """Ring the host's phone, so that whoever takes part by phone meets them."""
    session_id = SessionId(request.match_info["session"])
    session = await show_session(request.app[PORTS], session_id)
    require(request, Action.TELL_SESSION, frozenset(session.staff))
    await open_bridge(request.app[PORTS], session_id, person_of(request).id)
    raise web.HTTPSeeOther(f"/sessions/{session_id}")


def _session_words(session: LiveSession) -> str:
    start = clock(session.starts, session.zone)
    return f"{start} {session.cohort_id or session.kind} with {session.lead_name}"


def _story_line(line: Line, session: LiveSession) -> StoryLine:
    by = "" if line.by in {"", "viop"} else f" ({line.by})"
    match line.what:
        case "step":
            how = _CHANNELS.get(line.channel, line.channel)
            text = f"{title_word(line.kind)} {how}".strip()
        case "settled":
            text = f"{outcome_word(line.kind)}{by}"
        case "seen":
            seen = f"{_SEEN.get(line.kind, line.kind)} {_LEGS.get(line.channel, '')}"
            text = f"{seen.strip()}{by}"
        case "answered":
            text = f"Answered the invite: {ANSWERS[Answer(line.kind)]}{by}"
        case _:
            text = f"{_SAID.get(line.kind, line.kind)}{by}"
    end = _ENDS[line.end]
    if line.reason:
        end = f"{end}: {reason_word(line.reason)}" if end else line.reason
    return StoryLine(clock(line.at, session.zone), text, end)


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
        session=_session_words(found.session),
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
        note=seat.note,
        high_risk=person.high_risk,
        text_only=person.text_only,
        leave_message=isinstance(voicemail, Reach),
    )

"""Following one person through a missed session: their story, notes about them, news."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.board import standing
from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.live import LiveSession
from vioP.domain.reply import Answer
from vioP.domain.story import End, Line
from vioP.flows.note_contact import ContactNote, note_contact
from vioP.flows.note_reading import Reading, note_reading
from vioP.flows.open_bridge import open_bridge
from vioP.flows.show import show_session
from vioP.flows.show_live import show_story
from vioP.flows.show_staff import staff_names
from vioP.flows.tell_session import tell_session
from vioP.web.access import action, person_of, require, require_record
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render
from vioP.web.session_words import session_title
from vioP.web.sheet_words import sheet_words
from vioP.web.states import ANSWERS, STANDINGS
from vioP.web.words import outcome_word, reason_word, title_word

log = structlog.get_logger()

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
    "moved": "Another time: what was seen before this was of the one before",
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
_MACHINES = {"viop": "", "janus": "room", "look": "room"}
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


@routes.get("/seats/{seat}", name="seat.story")
@action(Action.SEE_STORY)
async def story(request: web.Request) -> web.Response:
    """Everything that was tried, seen and said about one seat."""
    found = await show_story(request.app[PORTS], SeatId(request.match_info["seat"]))
    hosts, whose = frozenset(found.session.staff), found.seat.participant_id
    await require_record(request, Action.SEE_STORY, hosts, whose)
    by = person_of(request).id
    await note_reading(request.app[PORTS], by, Reading.STORY, found.seat.id)
    zone, staff = found.session.zone, await staff_names(request.app[PORTS])
    now = request.app[PORTS].clock.now()
    page = StoryPage(
        seat_id=found.seat.id,
        participant_id=found.seat.participant_id,
        name=found.seat.name,
        session=session_words(found.session),
        session_id=found.session.id,
        day=long_day(found.session.starts, zone),
        word=STANDINGS[standing(found.session, found.seat, now)][1],
        zone=zone,
        lines=tuple(_story_line(each, found.session, staff) for each in found.lines),
        notes=tuple((each.value, text) for each, text in NOTES.items()),
    )
    return render(request, "story", page)


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
    raise web.HTTPSeeOther(f"/sessions/{session_id}#told")


@routes.post("/sessions/{session}/bridge", name="session.bridge")
@action(Action.TELL_SESSION)
async def bridge(request: web.Request) -> web.Response:
    """Ring the host's phone, so that whoever takes part by phone meets them."""
    session_id = SessionId(request.match_info["session"])
    session = await show_session(request.app[PORTS], session_id)
    require(request, Action.TELL_SESSION, frozenset(session.staff))
    await open_bridge(request.app[PORTS], session_id, person_of(request).id)
    raise web.HTTPSeeOther(f"/sessions/{session_id}")


def session_words(session: LiveSession) -> str:
    """A session in a few words: when, what and with whom."""
    start = clock(session.starts, session.zone)
    return f"{start} {session_title(session)} with {session.lead_name}"


def _story_line(line: Line, session: LiveSession, staff: Mapping[str, str]) -> StoryLine:
    who = _MACHINES.get(line.by, staff.get(line.by, line.by))
    by = f" ({who})" if who else ""
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
        case "confirmed" if line.sheet is not None:
            text = f"Attendance confirmed: {sheet_words(line.sheet)}{by}"
        case _:
            text = f"{_SAID.get(line.kind, line.kind)}{by}"
    end = _ENDS[line.end]
    if line.reason:
        end = f"{end}: {reason_word(line.reason)}" if end else line.reason
    return StoryLine(clock(line.at, session.zone), text, end)

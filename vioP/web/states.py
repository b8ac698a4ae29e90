"""Live sessions as staff read them: every state has a word, and a colour only repeats it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from vioP.domain.attendance import Attendance, TakenPart, taken_part
from vioP.domain.board import NextStep, Standing, standing
from vioP.domain.fallback import Breaker, Rung
from vioP.domain.ids import SeatId
from vioP.domain.live import LiveSeat, LiveSession
from vioP.domain.reply import Answer
from vioP.domain.time import Instant
from vioP.web.course_words import CourseLine, course_line, other_needs
from vioP.web.pages import clock
from vioP.web.session_words import module_line, parts_of, session_title
from vioP.web.tech_words import icon_and_word, troubles

ATTENDANCE = {
    Attendance.PENDING: "Not recorded",
    Attendance.PRESENT: "Present",
    Attendance.LATE: "Came late",
    Attendance.LEFT_EARLY: "Left early",
    Attendance.EXCUSED: "Excused",
    Attendance.NO_SHOW: "No-show",
}
ANSWERS = {
    Answer.ACCEPTED: "Accepted",
    Answer.DECLINED: "Can't come",
    Answer.TENTATIVE: "Perhaps",
    Answer.COUNTER: "Wants another time",
}
STANDINGS = {
    Standing.EXPECTED: ("ahead", "Expected"),
    Standing.NOT_EXPECTED: ("excused", "Not expected"),
    Standing.WAITING: ("waiting", "Not here yet"),
    Standing.JOINED: ("present", "Joined"),
    Standing.ON_PHONE: ("present", "On the phone"),
    Standing.LEFT: ("left", "Left"),
    Standing.LOST: ("left", "Connection lost"),
    Standing.NUDGED: ("missing", "Message sent"),
    Standing.CALL_DUE: ("missing", "On the call list"),
    Standing.RINGING: ("missing", "Phone rings"),
    Standing.NO_ANSWER: ("missing", "No answer"),
    Standing.LOOKED_FOR: ("missing", "Coordinator is looking"),
    Standing.DECIDING: ("missing", "Clinician decides"),
    Standing.LATER: ("left", "Later: no contact now"),
    Standing.LATE: ("left", "Says they are late"),
    Standing.EXCUSED: ("excused", "Excused"),
    Standing.NO_SHOW: ("excused", "No-show"),
    Standing.SAFETY: ("missing", "Safety"),
    Standing.MISSED: ("away", "Did not join"),
}
NEXT = {
    Rung.NUDGE: "Message",
    Rung.CALL: "Call",
    Rung.SECOND_CALL: "Second call",
    Rung.COORDINATOR: "Coordinator looks",
    Rung.CLINICIAN: "Clinician decides",
}
_TO_DO = {
    Standing.CALL_DUE: "Call now, from the call list",
    Standing.LOOKED_FOR: "Look for them now",
    Standing.DECIDING: "Decide now",
    Standing.SAFETY: "Open the safety panel",
}
ROOM_IS_DOWN = "Staff said that the room does not work. Nobody is called until it does."
BREAKERS = {
    Breaker.HOST_ABSENT: "The host has not started. Nobody is called until then.",
    Breaker.INCIDENT: "The room may be at fault. Nobody is called until somebody has looked.",
}


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One person of a session, as staff see them."""

    id: str
    name: str
    state: str
    word: str
    attendance: str
    tech: str
    tech_state: str
    failed: tuple[str, ...]
    place: str
    high_risk: bool
    note: str
    answer: str
    reason: str
    mail_fails: bool
    minutes: str
    next: str
    course: CourseLine


@dataclass(frozen=True, slots=True)
class Want:
    """What somebody must do now.

    Attributes:
        turn: How urgent it is; the lowest is first.
        name: For whom; empty where it is about the whole session.
    """

    turn: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SessionCard:
    """One session, as staff see it.

    Attributes:
        parts: What is done when, for whoever hosts it; paper leaves that out.
        module: The module of its day and how far it is, for whoever hosts it.
    """

    id: str
    title: str
    host: str
    others: str
    starts: str
    ends: str
    state: str
    word: str
    present: int
    expected: int
    alarms: tuple[str, ...]
    wants: tuple[Want, ...]
    seats: tuple[SeatLine, ...]
    can_start: bool
    room_is_down: bool
    room_is_in_doubt: bool
    parts: tuple[str, ...] = ()
    module: str = ""


def card(
    session: LiveSession,
    zone: str,
    now: Instant,
    ahead: Mapping[SeatId, NextStep] | None = None,
) -> SessionCard:
    """A session as staff of a zone see it now, with what comes next for its seats."""
    seats = tuple(
        _seat_line(session, seat, (zone, (ahead or {}).get(seat.id)), now)
        for seat in session.seats
    )
    return replace(folded_card(session, zone, now), seats=seats)


def folded_card(session: LiveSession, zone: str, now: Instant) -> SessionCard:
    """A session as staff of a zone see it now, without its people."""
    state, word = _session_state(session, now)
    alarms = _open_alarms(session, now)
    told = tuple(_alarm(session, each) for each in alarms)
    return SessionCard(
        id=session.id,
        title=session_title(session),
        host=session.lead_name,
        others=", ".join(session.others),
        starts=clock(session.starts, zone),
        ends=clock(session.ends, zone),
        state=state,
        word=word,
        present=session.present,
        expected=session.expected,
        alarms=told,
        wants=_wants(session, told, now),
        seats=(),
        can_start=session.host_started_at is None and session.may_begin(now),
        room_is_down=session.room_is_silent,
        room_is_in_doubt=Breaker.INCIDENT in alarms,
        parts=parts_of(session, zone),
        module=module_line(session.taught),
    )


def most_urgent_first(cards: Iterable[SessionCard]) -> tuple[SessionCard, ...]:
    """What runs or should, then what is ahead, then what is over; each in order of start.

    Of what runs, that in which somebody must act now comes first: for somebody's safety
    before for the whole session, and that before for one who is looked for.
    """
    turns = {"alarm": 0, "running": 0, "ahead": 1, "over": 2}
    return tuple(
        sorted(
            cards,
            key=lambda each: (
                turns[each.state],
                each.wants[0].turn if each.wants else len(_TO_DO) + 1,
            ),
        )
    )


def _wants(session: LiveSession, alarms: Iterable[str], now: Instant) -> tuple[Want, ...]:
    """What somebody must do now in a session, the most urgent first."""
    turns = {each: turn for turn, each in enumerate(reversed(_TO_DO))}
    found = [Want(1, "", each) for each in alarms]
    for seat in session.seats if now < session.ends else ():
        stands = standing(session, seat, now)
        if stands in _TO_DO:
            # A whole session comes after somebody's safety and before one who is looked for.
            turn = turns[stands]
            found.append(Want(turn + (turn > 0), seat.name, _TO_DO[stands]))
    return tuple(sorted(found, key=lambda each: each.turn))


def _alarm(session: LiveSession, breaker: Breaker) -> str:
    said = breaker is Breaker.INCIDENT and session.room_is_silent
    return ROOM_IS_DOWN if said else BREAKERS[breaker]


def _open_alarms(session: LiveSession, now: Instant) -> list[Breaker]:
    alarms = sorted(
        session.told | ({Breaker.INCIDENT} if session.room_is_silent else set())
    )
    if session.host_started_at is not None:
        alarms = [each for each in alarms if each is not Breaker.HOST_ABSENT]
    return alarms if now < session.ends else []


def _session_state(session: LiveSession, now: Instant) -> tuple[str, str]:
    if now >= session.ends:
        return "over", "Over"
    if session.host_started_at is not None:
        return "running", "Running"
    return ("alarm", "Host missing") if now >= session.starts else ("ahead", "Ahead")


def _seat_line(
    session: LiveSession,
    seat: LiveSeat,
    what: tuple[str, NextStep | None],
    now: Instant,
) -> SeatLine:
    stands = standing(session, seat, now)
    state, word = STANDINGS[stands]
    check = seat.tech_check
    fresh = check is not None and check.is_fresh(now)
    return SeatLine(
        id=seat.id,
        name=seat.name,
        state=state,
        word=word,
        attendance=ATTENDANCE[seat.attendance(session)],
        tech=icon_and_word(check, fresh=fresh),
        tech_state=check.verdict.value if check is not None and fresh else "unsure",
        failed=troubles(check) if fresh else (),
        place=seat.state,
        high_risk=seat.high_risk,
        note=other_needs(seat.note, course_line(seat.course)),
        answer=_answer(session, seat),
        reason=seat.reply.comment if seat.reply else "",
        mail_fails=seat.mail_fails,
        minutes=_minutes(taken_part(seat.evidence, session.starts, session.ends, now)),
        next=_next(seat, stands, what[1], what[0], now),
        course=course_line(seat.course),
    )


def _answer(session: LiveSession, seat: LiveSeat) -> str:
    """What the person said about the time the session has."""
    reply = seat.reply
    if reply is None:
        return "None yet"
    if not reply.is_about(session.starts, session.ends):
        return "Answered the old time"
    return (
        f"{ANSWERS[reply.answer]}, not surely"
        if not reply.is_sure
        else ANSWERS[reply.answer]
    )


def _minutes(taken: TakenPart) -> str:
    """How long somebody took part, by what; empty while no room has said."""
    parts = (("video", taken.video), ("sound only", taken.sound))
    shown = [(name, int(span.total_seconds() // 60)) for name, span in parts]
    return ", ".join(f"{minutes} min {name}" for name, minutes in shown if minutes)


def _next(
    seat: LiveSeat, standing_: Standing, step: NextStep | None, zone: str, now: Instant
) -> str:
    """The one thing to do for somebody next, and when."""
    if standing_ is Standing.LATER and seat.alone_until is not None:
        return f"No contact before {clock(seat.alone_until, zone)}"
    if standing_ is Standing.LATE and seat.late_until is not None:
        return f"Will be there at {clock(seat.late_until, zone)}"
    if standing_ in _TO_DO:
        return _TO_DO[standing_]
    if step is None:
        return ""
    minutes = int((step.due - now).total_seconds() // 60)
    wait = f"in {minutes} min" if minutes > 0 else "now"
    return f"{NEXT[step.rung]} at {clock(step.due, zone)} ({wait})"

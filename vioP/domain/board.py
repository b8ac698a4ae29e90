"""How each seat of a running session stands, and what comes next for it."""

from dataclasses import dataclass
from enum import StrEnum

from vioP.domain.attendance import ARRIVALS, Attendance, Fact, Leg, Presence
from vioP.domain.contact_facts import latest
from vioP.domain.delivery import Channel, DeliveryState
from vioP.domain.fallback import Ladder, Rung, SeatFacts, SessionFacts, rungs_ahead
from vioP.domain.live import LiveSeat, LiveSession, StepTaken
from vioP.domain.time import Instant

SAFETY = frozenset({"safety_call", "welfare_check"})
SAID_NO = "said_no"  # how a call ends that is no longer needed
UNREACHED = frozenset(
    {
        "no_answer",
        "busy",
        "declined",
        "no_key",
        "no_report",
        "failed",
        "someone_else",
        "mailbox",
    }
)


class Standing(StrEnum):
    """How a seat stands, as staff read it at a glance."""

    EXPECTED = "expected"
    NOT_EXPECTED = "not_expected"
    WAITING = "waiting"
    JOINED = "joined"
    ON_PHONE = "on_phone"
    LEFT = "left"
    LOST = "lost"
    NUDGED = "nudged"
    CALL_DUE = "call_due"
    RINGING = "ringing"
    NO_ANSWER = "no_answer"
    LOOKED_FOR = "looked_for"
    DECIDING = "deciding"
    LATER = "later"
    LATE = "late"
    EXCUSED = "excused"
    NO_SHOW = "no_show"
    SAFETY = "safety"
    MISSED = "missed"


_GONE = {Presence.LEFT: Standing.LEFT, Presence.LOST: Standing.LOST}


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next for a seat, and when."""

    rung: Rung
    due: Instant


def standing(session: LiveSession, seat: LiveSeat, now: Instant) -> Standing:
    """How a seat stands now: what was marked, then what was seen, then what was tried."""
    known = _marked_or_seen(session, seat, now)
    if known is not None:
        return known
    steps = [each for each in seat.steps if each.episode == seat.episode]
    if any(each.outcome in SAFETY for each in steps):
        return Standing.SAFETY
    if now < session.ends and seat.alone_until is not None and now < seat.alone_until:
        return Standing.LATER
    tried = [found for each in steps if (found := _tried(each)) is not None]
    if says_late(session, seat, now):
        tried = [Standing.LATE]
    if tried and now < session.ends:
        return tried[-1]
    if seat.presence in _GONE:
        return _GONE[seat.presence]
    return Standing.WAITING if now < session.ends else Standing.MISSED


def _marked_or_seen(session: LiveSession, seat: LiveSeat, now: Instant) -> Standing | None:
    if seat.is_excused:
        no_show = seat.attendance(session) is Attendance.NO_SHOW
        return Standing.NO_SHOW if no_show else Standing.EXCUSED
    if seat.presence is Presence.PRESENT:
        return Standing.ON_PHONE if _is_on_phone(seat) else Standing.JOINED
    if not seat.is_expected(session):
        return Standing.NOT_EXPECTED
    if now < session.starts and says_late(session, seat, now):
        return Standing.LATE
    # Who came early and lost the line is not merely expected: somebody may mend that now.
    return _GONE.get(seat.presence, Standing.EXPECTED) if now < session.starts else None


def says_late(session: LiveSession, seat: LiveSeat, now: Instant) -> bool:
    """Whether somebody said that they are late, and the time they named is not over."""
    until = seat.late_until
    if seat.presence is not Presence.AWAY:
        return False  # they have come since, and are gone
    return until is not None and max(now, session.starts) < until <= latest(session.starts)


def next_step(ladder: Ladder, facts: SessionFacts, seat: SeatFacts) -> NextStep | None:
    """The next rung that will be taken for a seat; one that the gate refuses is not."""
    if seat.here:
        return None
    ahead = [
        (due, rung)
        for rung, due in rungs_ahead(ladder, facts, seat)
        if rung not in seat.refused
    ]
    if not ahead:
        return None
    due, rung = min(ahead)
    return NextStep(rung, due)


def _is_on_phone(seat: LiveSeat) -> bool:
    arrivals = [each for each in seat.evidence if each.fact in ARRIVALS]
    last = max(arrivals, key=lambda each: each.at, default=None)
    return last is not None and (last.fact is Fact.PHONE_BRIDGED or last.leg is Leg.PHONE)


def _tried(step: StepTaken) -> Standing | None:
    """What one step says about how its person stands; one that was skipped says nothing."""
    if step.outcome == SAID_NO:
        return None
    if step.is_ringing:
        return Standing.RINGING
    if step.state in {DeliveryState.SKIPPED, DeliveryState.DEAD}:
        return Standing.NO_ANSWER if step.outcome in UNREACHED else None
    if step.rung is Rung.NUDGE:
        return Standing.NUDGED
    if step.rung.is_call:
        waits = step.channel is Channel.CALL_LIST and step.outcome is None
        return Standing.CALL_DUE if waits else Standing.NO_ANSWER
    return Standing.LOOKED_FOR if step.rung is Rung.COORDINATOR else Standing.DECIDING

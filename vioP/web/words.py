"""Words for what was tried and how it went, the same on every page that says them."""

from collections.abc import Sequence

from vioP.domain.fallback import Breaker, Rung
from vioP.flows.settle_attempt import Outcome

OUTCOMES = {
    Outcome.REACHED_JOINING: "Reached, joining now",
    Outcome.ON_THE_PHONE: "Taking part by phone",
    Outcome.REACHED_NOT_COMING: "Reached, not coming",
    Outcome.NO_ANSWER: "No answer",
    Outcome.SOMEONE_ELSE: "Somebody else answered",
    Outcome.NOT_SAFE: "Cannot talk now",
    Outcome.WRONG_NUMBER: "Wrong number",
    Outcome.NO_MORE_CALLS: "Wants no automatic calls",
    Outcome.SAFETY_CALL: "Safety call made",
    Outcome.WELFARE_CHECK: "Welfare check asked for",
    Outcome.HANDLED: "Done",
}
OTHER_OUTCOMES = {
    "joined": "Joined meanwhile",
    "host_started": "The host has started",
    "said_no": "Says they can't come",
    "ready": "Ready meanwhile",
    "overtaken": "Answered with a later line",
    "silenced": "Must not be contacted any more",
    "over": "The room works again",
    "opted_out": "Asked for no more calls",
    "wants_human": "Asked for a person",
    "busy": "Busy",
    "declined": "Declined",
    "no_key": "Answered, no key pressed",
    "mailbox": "A mailbox picked up; nothing was said",
    "no_report": "No answer was reported",
    "failed": "The call could not be made",
    "cancelled": "Call ended",
    "heard": "Heard on this phone",
    "marked_present": "Marked present",
    "marked_excused": "Marked excused",
    "marked_no_show": "Marked no-show",
}
TITLES: dict[str, str] = {
    Rung.NUDGE: "Message",
    Rung.CALL: "Call",
    Rung.SECOND_CALL: "Second call",
    Rung.COORDINATOR: "Look for this person",
    Rung.CLINICIAN: "Clinician decides",
    Breaker.HOST_ABSENT: "The host has not started",
    Breaker.INCIDENT: "Many are missing: check the room",
    "call_back": "Asked to be called",
    "wants_human": "Asked for a person",
    "find_number": "Find a number that is theirs",
    "read_text": "Read what they wrote",
    "tech_help": "Help with a device",
    "get_ready": "Help to get ready before the first appointment",
    "let_in": "Let in without setting up",
    "not_set_up": "Not set up, with an appointment soon: call and do it together",
    "other_state": "Says they are in another state",
    "consent_withdrawn": "Has taken a consent back",
    "away_days": "Says they are away for some days: plan around it",
    "travels": "Says they travel: build their weeks again",
    "setup_link": "Set-up link",
    "one_time_link": "Link to choose a password",
    "day_before": "Reminder the day before",
    "same_day": "Reminder on the day",
    "door_open": "The room is open",
    "phone_check": "Test of a phone",
    "phone_code": "Code for a phone",
    "safety": "Safety",
    "host_late": "News: the host is late",
    "room_down": "News: the room does not work",
    "on_hold": "Somebody is on the phone without a host: bring the host",
    "bridge": "The host's phone",
    "invite": "Invite",
    "cancel": "Cancellation",
}
STARTED = (
    "Your appointment has started. Can you open your link, or shall I take you in by phone? "
    "Where are you now, and are you safe?"
)
_GET_READY = (
    "I would like to help you get ready for your appointments. Is your device beside you? "
    "Please open your link and choose Device check."
)
_YOU_ASKED = (
    "You asked us to call. How can I help, or shall I take you in by phone? "
    "Where are you now, and are you safe?"
)
_SET_UP = (
    "A few things we need from you are still missing. Shall we do them together by phone?"
)
# What is said first about whatever is about no missed start.
OPENINGS: dict[str, str] = {
    "tech_help": _GET_READY,
    "get_ready": _GET_READY,
    "call_back": _YOU_ASKED,
    "wants_human": _YOU_ASKED,
    "let_in": _SET_UP,
    "not_set_up": _SET_UP,
    "find_number": "Which number can we reach you at from now on? Are you safe?",
    "read_text": "You wrote to us. How can I help? Where are you now, and are you safe?",
    "other_state": "You told us that you are in another place now. Where is it? Are you safe?",
    "away_days": "You told us that you are away for some days. Shall we plan around them?",
    "travels": "You told us that you travel. Shall we go through your appointments there?",
    "consent_withdrawn": "You took something back that you had agreed to. How shall we go on?",
}
REASONS = {
    "silenced": "nothing may reach them any more",
    "not_safe": "they could not talk",
    "later": "they asked to be left alone",
    "no_address": "no address or number is known",
    "guardian_unknown": "no number of a guardian is known",
    "wrong_number": "the number belongs to somebody else",
    "opted_out": "they opted out",
    "no_consent": "they have not agreed to it",
    "part2": "never for this track",
    "unverified": "nobody was heard on this number yet",
    "high_risk": "a person looks for them",
    "text_only": "a voice is no use to them",
    "quiet_hours": "it is night where they are",
    "too_soon": "they were reached just before",
    "stale": "it was too late for it",
    "late": "it was too late for it",
    "joined": "they had joined",
    "session_over": "the session was over",
    "cancelled": "the session was called off",
    "superseded": "a newer one took its place",
    "never_invited": "they were never invited",
    "declined": "they said that they can't come",
    "unsubscribed": "they want no reminders by mail",
    "fault": "vioP itself failed",
}


def outcome_word(outcome: str) -> str:
    """How an attempt went, in words."""
    if outcome in set(Outcome):
        return OUTCOMES[Outcome(outcome)]
    return OTHER_OUTCOMES.get(outcome, outcome.replace("_", " "))


def reason_word(reason: str) -> str:
    """Why something was not done, in words."""
    return REASONS.get(reason, reason.replace("_", " "))


def opening_words(kinds: Sequence[str]) -> str:
    """What to say first about some lines, the newest first: a missed start counts most."""
    if all(each in OPENINGS for each in kinds):
        return OPENINGS[kinds[0]]
    return STARTED


def title_word(kind: str) -> str:
    """What was tried, in words."""
    return TITLES.get(kind, kind.replace("_", " "))

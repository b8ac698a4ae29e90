"""Who may do what. Everything is refused unless a line here allows it."""

from dataclasses import dataclass
from enum import StrEnum

from vioP.domain.people import StaffRole


class Action(StrEnum):
    """What a route does. Every route names one."""

    OPEN = "open"
    USE_LINK = "use_link"
    USE_HOOK = "use_hook"
    SIGN_OUT = "sign_out"
    SEE_OWN_WEEK = "see_own_week"
    CHECK_TECH = "check_tech"
    SEE_READINESS = "see_readiness"
    HELP_CHECK = "help_check"
    CHANGE_OWN = "change_own"
    RENEW_FEED = "renew_feed"
    SEE_BOARD = "see_board"
    SEE_COHORT = "see_cohort"
    SEARCH = "search"
    ENROLL = "enroll"
    HELP_SET_UP = "help_set_up"
    PLAN_WEEK = "plan_week"
    PUBLISH_WEEK = "publish_week"
    SEE_CALL_LIST = "see_call_list"
    SETTLE_ATTEMPT = "settle_attempt"
    SEE_REPLIES = "see_replies"
    DECIDE_REPLY = "decide_reply"
    SEE_UNDELIVERED = "see_undelivered"
    SETTLE_UNDELIVERED = "settle_undelivered"
    SEE_STORY = "see_story"
    SEE_SAFETY = "see_safety"
    NOTE_CONTACT = "note_contact"
    TELL_SESSION = "tell_session"
    HEAR_LIVE = "hear_live"
    DRILL = "drill"
    SEE_ROSTER = "see_roster"
    START_SESSION = "start_session"
    MARK_ATTENDANCE = "mark_attendance"
    OPEN_PHASE = "open_phase"
    ASK_TIME_OFF = "ask_time_off"
    SEE_AUDIT = "see_audit"
    SEE_HEALTH = "see_health"
    EXPORT_PERSON = "export_person"
    SEE_REPORTS = "see_reports"
    CHANGE_ACCOUNT = "change_account"
    KEEP_PASSKEYS = "keep_passkeys"
    BREAK_GLASS = "break_glass"
    REVIEW_ACCESS = "review_access"
    KEEP_DISCLOSURES = "keep_disclosures"
    SEE_STAFF = "see_staff"
    CHANGE_STAFF = "change_staff"
    SEE_SETTINGS = "see_settings"
    SEE_WORDING = "see_wording"
    USE_DEMO = "use_demo"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asking, as far as access is concerned.

    Attributes:
        id: A participant or a member of staff.
        role: A staff role, or ``participant``.
        account_id: The account they signed in with.
    """

    id: str
    role: str
    account_id: str

    @property
    def is_participant(self) -> bool:
        """Whether they receive care here."""
        return self.role == PARTICIPANT


PARTICIPANT = "participant"

_COORDINATION = frozenset(
    {
        Action.SEE_BOARD,
        Action.SEE_READINESS,
        Action.HELP_CHECK,
        Action.SEE_COHORT,
        Action.SEARCH,
        Action.ENROLL,
        Action.HELP_SET_UP,
        Action.PLAN_WEEK,
        Action.PUBLISH_WEEK,
        Action.SEE_CALL_LIST,
        Action.SETTLE_ATTEMPT,
        Action.SEE_REPLIES,
        Action.DECIDE_REPLY,
        Action.SEE_UNDELIVERED,
        Action.SETTLE_UNDELIVERED,
        Action.SEE_STORY,
        Action.SEE_SAFETY,
        Action.NOTE_CONTACT,
        Action.TELL_SESSION,
        Action.HEAR_LIVE,
        Action.DRILL,
        Action.SEE_ROSTER,
        Action.START_SESSION,
        Action.MARK_ATTENDANCE,
        Action.RENEW_FEED,
        Action.SEE_REPORTS,
        Action.CHANGE_ACCOUNT,
    }
)
_CARE = frozenset(
    {
        Action.SEE_ROSTER,
        Action.SEARCH,  # who has a place in a session they host, and nobody else
        Action.START_SESSION,
        Action.MARK_ATTENDANCE,
        Action.OPEN_PHASE,
        Action.ASK_TIME_OFF,
        Action.RENEW_FEED,
        Action.SEE_STORY,
        Action.SEE_SAFETY,
        Action.TELL_SESSION,
        Action.HEAR_LIVE,
        Action.DRILL,
        Action.CHANGE_ACCOUNT,
        Action.BREAK_GLASS,
    }
)

ALLOWED: dict[str, frozenset[Action]] = {
    PARTICIPANT: frozenset(
        {Action.SEE_OWN_WEEK, Action.CHECK_TECH, Action.RENEW_FEED, Action.CHANGE_OWN}
    ),
    StaffRole.COORDINATOR: _COORDINATION,
    StaffRole.THERAPIST: _CARE,
    StaffRole.PRESCRIBER: _CARE,
    StaffRole.TECH_SUPPORT: frozenset(
        {
            Action.SEE_BOARD,
            Action.SEE_READINESS,
            Action.HELP_CHECK,
            Action.SEE_ROSTER,
            Action.START_SESSION,
            Action.MARK_ATTENDANCE,
            # Of a test they host, as every host: they are alone with somebody, who may need help.
            Action.SEE_STORY,
            Action.SEE_SAFETY,
            Action.TELL_SESSION,
            Action.SEE_CALL_LIST,
            Action.SEE_UNDELIVERED,
            Action.HEAR_LIVE,
            Action.DRILL,
            Action.SEE_HEALTH,
            Action.CHANGE_ACCOUNT,
        }
    ),
    StaffRole.COMPLIANCE: frozenset(
        {
            Action.SEE_AUDIT,
            Action.SEE_HEALTH,
            Action.EXPORT_PERSON,
            Action.SEE_REPORTS,
            Action.REVIEW_ACCESS,
            Action.KEEP_DISCLOSURES,
            Action.SEE_SETTINGS,
            Action.SEE_WORDING,
            Action.CHANGE_ACCOUNT,
        }
    ),
    # Who keeps accounts sees nobody who receives care, and nothing about them.
    StaffRole.ADMIN: frozenset(
        {
            Action.SEE_STAFF,
            Action.CHANGE_STAFF,
            Action.SEE_SETTINGS,
            Action.SEE_WORDING,
            Action.SEE_HEALTH,
            Action.CHANGE_ACCOUNT,
        }
    ),
}
FOR_EVERYBODY = frozenset({Action.OPEN, Action.USE_LINK, Action.USE_HOOK})
FOR_WHOEVER_IS_IN = frozenset({Action.SIGN_OUT, Action.KEEP_PASSKEYS})


def may(
    person: Person | None, action: Action, owners: frozenset[str] | None = None
) -> bool:
    """Whether somebody may do something, and to something of theirs.

    Args:
        person: Who asks, or nothing when nobody has signed in.
        action: What the route does.
        owners: Whose it is: the participant, or the clinicians who host and who opened the
            record in an emergency. Nothing when the action is about no single thing.
    """
    if action in FOR_EVERYBODY:
        return True
    if person is None:
        return False
    if action in FOR_WHOEVER_IS_IN:
        return True
    if action not in ALLOWED.get(person.role, frozenset()):
        return False
    # Coordinators stand in for each other: a call list that only one of them may see is
    # a call that nobody makes on their day off.
    if person.role == StaffRole.COORDINATOR or owners is None:
        return True
    return person.id in owners

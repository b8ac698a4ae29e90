"""Staff as those see them who keep accounts: every state has a word and a shape."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from vioP.domain.colleague import Colleague, Departure, LicenceState, licence_state
from vioP.domain.people import Licence, StaffRole
from vioP.domain.time import Instant
from vioP.web.pages import clock, long_day

ROLES = {
    StaffRole.THERAPIST: "Therapist",
    StaffRole.PRESCRIBER: "Prescriber",
    StaffRole.COORDINATOR: "Coordinator",
    StaffRole.TECH_SUPPORT: "Tech support",
    StaffRole.COMPLIANCE: "Compliance",
    StaffRole.ADMIN: "Administrator",
}
LICENCE_STATES = {
    LicenceState.EXPIRED: ("missing", "Expired"),
    LicenceState.ENDS_SOON: ("waiting", "Ends soon"),
    LicenceState.NOT_YET: ("ahead", "Not yet"),
    LicenceState.HOLDS: ("present", "Holds"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A state: its kind, its word, and what more there is to say."""

    kind: str
    word: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One member of staff in the list."""

    id: str
    name: str
    role: str
    account: Mark
    seen: str
    second_factor: Mark
    licences: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class StaffPage:
    """Everybody, and how many licences want somebody's attention."""

    lines: tuple[StaffLine, ...]
    expired: int
    ending: int
    told: str


@dataclass(frozen=True, slots=True)
class LicenceLine:
    """One licence, in words."""

    state: str
    kind: str
    number: str
    days: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class OneStaffPage:
    """One member of staff, with everything that can be done about their account.

    Attributes:
        role: The role that is chosen in the form.
        has_account: Whether there is an account at all.
        is_last_admin: Whether nobody else could keep accounts.
    """

    line: StaffLine
    zone: str
    email: str
    role: str
    roles: tuple[tuple[str, str], ...]
    licences: tuple[LicenceLine, ...]
    is_clinician: bool
    has_account: bool
    is_disabled: bool
    is_last_admin: bool
    kept_here: bool
    told: str
    problem: str


@dataclass(frozen=True, slots=True)
class DeparturePage:
    """What would be left behind without somebody, before their account is closed."""

    id: str
    name: str
    hosts: tuple[str, ...]
    more: int
    zone: str
    is_last_admin: bool
    is_last_coordinator: bool
    problem: str


_SHOWN = 12  # so many sessions are named; the others are counted


def staff_line(who: Colleague, zone: str, today: date) -> StaffLine:
    """One member of staff, in words."""
    return StaffLine(
        id=who.id,
        name=who.name,
        role=ROLES[who.role],
        account=_account(who),
        seen=moment(who.signed_in_at, zone) if who.signed_in_at else "Never",
        second_factor=Mark("present", "Set up")
        if who.has_second_factor
        else Mark("waiting", "Not set up"),
        licences=_worst(who.licences, today),
    )


def staff_list(
    everybody: tuple[Colleague, ...], zone: str, today: date, told: str
) -> StaffPage:
    """Everybody, by name."""
    states = [
        licence_state(each, today)
        for who in everybody
        if who.role.is_clinician and not who.is_disabled
        for each in who.licences
    ]
    return StaffPage(
        lines=tuple(staff_line(each, zone, today) for each in everybody),
        expired=states.count(LicenceState.EXPIRED),
        ending=states.count(LicenceState.ENDS_SOON),
        told=told,
    )


def one_staff(
    leaves: Departure, zone: str, today: date, told: str, problem: str
) -> OneStaffPage:
    """One of them, with what can be done."""
    who = leaves.who
    return OneStaffPage(
        line=staff_line(who, zone, today),
        zone=who.zone,
        email=who.email,
        role=who.role.value,
        roles=tuple((role.value, word) for role, word in ROLES.items()),
        licences=tuple(_licence(each, today) for each in who.licences),
        is_clinician=who.role.is_clinician,
        has_account=who.account_id is not None,
        is_disabled=who.is_disabled,
        is_last_admin=leaves.is_last_admin,
        kept_here=who.kept_here,
        told=told,
        problem=problem,
    )


def departure_page(leaves: Departure, zone: str, problem: str) -> DeparturePage:
    """What would be left behind; sessions by their times alone, for they are not ours to see."""
    spans = tuple(
        f"{moment(each.starts, zone)} to {clock(each.ends, zone)}" for each in leaves.hosts
    )
    return DeparturePage(
        id=leaves.who.id,
        name=leaves.who.name,
        hosts=spans[:_SHOWN],
        more=max(len(spans) - _SHOWN, 0),
        zone=zone,
        is_last_admin=leaves.is_last_admin,
        is_last_coordinator=leaves.is_last_coordinator,
        problem=problem,
    )


def moment(at: Instant, zone: str) -> str:
    """A day and a clock reading, on somebody's own clock; the year where it is another."""
    day = at.astimezone(ZoneInfo(zone))
    return f"{long_day(at, zone)} {day:%Y, %H:%M}"


def _account(who: Colleague) -> Mark:
    if who.account_id is None:
        return Mark("excused", "No account", "No mail address on file")
    if who.is_closed:
        return Mark("away", "Closed")
    if who.is_disabled:
        return Mark("away", "Closed", "No longer in the programme file")
    if not who.is_active:
        return Mark("ahead", "Not opened yet", "No password chosen")
    return Mark("present", "Open")


def _worst(licences: tuple[Licence, ...], today: date) -> tuple[Mark, ...]:
    """What a list says of licences: each state once, with the places it concerns."""
    marks = []
    for state in LicenceState:
        fits = [each for each in licences if licence_state(each, today) is state]
        if fits:
            kind, word = LICENCE_STATES[state]
            marks.append(Mark(kind, word, ", ".join(sorted(each.state for each in fits))))
    return tuple(marks)


def _licence(licence: Licence, today: date) -> LicenceLine:
    kind, word = LICENCE_STATES[licence_state(licence, today)]
    first = f"from {licence.first} " if licence.first else ""
    last = f"until {licence.last}" if licence.last else "no end on file"
    return LicenceLine(
        licence.state,
        licence.kind.value.capitalize(),
        licence.number,
        first + last,
        Mark(kind, word),
    )

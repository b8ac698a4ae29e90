"""The forms of the set-up, read: what was typed, and what is wrong with it, field by field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vioP.domain.onboarding import Piece
from vioP.domain.own_words import NO, YES
from vioP.domain.people import CalendarChoice
from vioP.domain.phone_number import phone_number
from vioP.domain.text import clean_name, clean_text
from vioP.files.table import STATES, ZONES

_LONGEST = 200
_DIALLED = re.compile(r"\+?[0-9]{2,15}")
HOME = "US"
ABROAD = "abroad"  # no licence is for it, so staff are told wherever a state is looked at
_WAYS = ("sms", "machine", "call", "voicemail")
# Every field of each form. A box that is not ticked is not sent; it then says no.
FIELDS: Mapping[Piece, tuple[str, ...]] = {
    Piece.NAME: ("name",),
    Piece.ZONE: ("zone",),
    Piece.PLACE: ("street", "city", "state", "country", "emergency"),
    Piece.SAFE_PLACES: tuple(
        f"{name}_{number}"
        for number in (1, 2)
        for name in ("label", "street", "city", "state", "emergency")
    ),
    Piece.GUARDIAN: ("name", "phone"),
    Piece.PHONE: ("phone", "second"),
    Piece.CONTACT: (),
    Piece.EMERGENCY: ("name", "phone", "supporter", "supporter_phone"),
    Piece.NEEDS: ("language",),
    Piece.CALENDAR: ("calendar",),
    Piece.TELEHEALTH: ("name", "version"),
    Piece.GROUP: ("name", "version"),
    Piece.PART2: ("agreed", "name", "version"),
    Piece.PHONE_CHECK: (),
    Piece.CALENDAR_CHECK: ("word",),
}
BOXES: Mapping[Piece, tuple[str, ...]] = {
    Piece.PHONE: ("none",),
    Piece.CONTACT: (*_WAYS, "none"),
    Piece.EMERGENCY: ("nobody",),
    Piece.NEEDS: ("captions", "relay", "no_voice", "interpreter"),
    Piece.TELEHEALTH: ("agreed",),
    Piece.GROUP: ("agreed",),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, and how to mend it."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in.

    Attributes:
        values: What was typed, brought into the form in which it is kept where that is right.
    """

    values: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


def read_form(piece: Piece, form: Mapping[str, object]) -> Filled:
    """A form of one piece; whatever is wrong is said by field, and nothing is lost."""
    typed = {name: _text(form.get(name, "")) for name in FIELDS[piece]}
    for name in BOXES.get(piece, ()):
        typed[name] = YES if form.get(name) else NO
    check = _CHECKS.get(piece)
    if check is None:
        return Filled(typed)
    problems: list[Problem] = []
    check(typed, problems)
    return Filled(typed, tuple(problems))


def blank(piece: Piece) -> dict[str, str]:
    """A form nobody has filled in."""
    return dict.fromkeys(FIELDS[piece], "") | dict.fromkeys(BOXES.get(piece, ()), NO)


def _text(value: object) -> str:
    return clean_text(value, _LONGEST) if isinstance(value, str) else ""


def _need(typed: dict[str, str], problems: list[Problem], field: str, text: str) -> None:
    if not typed[field]:
        problems.append(Problem(field, text))


def _phone(
    typed: dict[str, str], problems: list[Problem], field: str, *, needed: bool = True
) -> None:
    if not typed[field] and not needed:
        return
    number = phone_number(typed[field])
    if number is None:
        problems.append(
            Problem(
                field, "Write a phone number, such as 303 555 0101, or +44 20 7946 0958."
            )
        )
    else:
        typed[field] = number


def _name(typed: dict[str, str], problems: list[Problem]) -> None:
    typed["name"] = clean_name(typed["name"])
    _need(typed, problems, "name", "Write the name others will see.")


def _zone(typed: dict[str, str], problems: list[Problem]) -> None:
    if typed["zone"] not in ZONES:
        problems.append(Problem("zone", "Choose the place whose clock is yours."))


def _place(typed: dict[str, str], problems: list[Problem]) -> None:
    _need(
        typed, problems, "street", "Write the street and number, so that help could come."
    )
    _need(typed, problems, "city", "Write the town.")
    at_home = typed["country"] == HOME
    if at_home and typed["state"] not in STATES:
        problems.append(Problem("state", "Choose the state you are in."))
    if not typed["country"]:
        problems.append(Problem("country", "Choose the country."))
    if not at_home:
        typed["state"] = ABROAD
        _need(typed, problems, "emergency", "Write the emergency number of that country.")
    elif not typed["emergency"]:
        typed["emergency"] = "911"
    _help_number(typed, problems, "emergency")


def _safe_places(typed: dict[str, str], problems: list[Problem]) -> None:
    for number in (1, 2):
        own = [f"{name}_{number}" for name in ("label", "street", "city", "state")]
        if not any(typed[name] for name in own):
            continue
        label, street, city, state = own
        _need(typed, problems, label, "Give this place a short name, such as Library.")
        _need(typed, problems, street, "Write the street and number of this place.")
        _need(typed, problems, city, "Write the town of this place.")
        if typed[state] not in STATES:
            problems.append(Problem(state, "Choose the state of this place."))
        typed[f"emergency_{number}"] = typed[f"emergency_{number}"] or "911"
        _help_number(typed, problems, f"emergency_{number}")


def _help_number(typed: dict[str, str], problems: list[Problem], field: str) -> None:
    """What is dialled for help: three digits or a whole number, and nothing else."""
    digits = "".join(each for each in typed[field] if each not in " -.()/")
    if typed[field] and not _DIALLED.fullmatch(digits):
        problems.append(Problem(field, "Write a number that can be called, such as 911."))


def _guardian(typed: dict[str, str], problems: list[Problem]) -> None:
    _need(typed, problems, "name", "Write your name.")
    _phone(typed, problems, "phone")


def _phones(typed: dict[str, str], problems: list[Problem]) -> None:
    if typed["none"] == YES and not typed["phone"]:
        typed["second"] = ""
        return
    typed["none"] = NO
    _phone(typed, problems, "phone")
    _phone(typed, problems, "second", needed=False)


def _contact(typed: dict[str, str], problems: list[Problem]) -> None:
    chosen = any(typed[name] == YES for name in _WAYS)
    if chosen and typed["none"] == YES:
        problems.append(
            Problem("none", "Tick ways to reach you, or none of them. Not both.")
        )
    if not chosen and typed["none"] != YES:
        problems.append(
            Problem("sms", "Tick at least one way, or say at the end that you want none.")
        )


def _emergency(typed: dict[str, str], problems: list[Problem]) -> None:
    _phone(typed, problems, "supporter_phone", needed=False)
    if typed["nobody"] == YES and not typed["name"]:
        typed["phone"] = ""
        return
    typed["nobody"] = NO
    _need(typed, problems, "name", "Write whom we may call when you may be in danger.")
    _phone(typed, problems, "phone")


def _needs(typed: dict[str, str], problems: list[Problem]) -> None:
    if typed["interpreter"] == YES:
        _need(typed, problems, "language", "Write the language, such as Spanish or ASL.")
        typed["language"] = typed["language"].casefold()
        if "sign" in typed["language"]:
            typed["language"] = "asl"


def _calendar(typed: dict[str, str], problems: list[Problem]) -> None:
    if typed["calendar"] not in set(CalendarChoice):
        problems.append(Problem("calendar", "Choose one of the three."))


def _consent(typed: dict[str, str], problems: list[Problem]) -> None:
    if typed["agreed"] != YES:
        problems.append(
            Problem("agreed", "Tick the box if you agree. If you do not, please call us.")
        )
    _need(typed, problems, "name", "Type your name, as a signature.")


def _part2(typed: dict[str, str], problems: list[Problem]) -> None:
    if typed["agreed"] not in {YES, NO}:
        problems.append(Problem("agreed", "Choose yes or no. Both are fine."))
    _need(typed, problems, "name", "Type your name, as a signature.")


_CHECKS: Mapping[Piece, Callable[[dict[str, str], list[Problem]], None]] = {
    Piece.NAME: _name,
    Piece.ZONE: _zone,
    Piece.PLACE: _place,
    Piece.SAFE_PLACES: _safe_places,
    Piece.GUARDIAN: _guardian,
    Piece.PHONE: _phones,
    Piece.CONTACT: _contact,
    Piece.EMERGENCY: _emergency,
    Piece.NEEDS: _needs,
    Piece.CALENDAR: _calendar,
    Piece.TELEHEALTH: _consent,
    Piece.GROUP: _consent,
    Piece.PART2: _part2,
}

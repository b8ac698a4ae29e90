"""How each route is asked for each thing it is about, in a form that it would take."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from string import Formatter

from aiohttp.web import AbstractRoute, Application

from tests.domain.test_techcheck import GOOD
from tests.web.world import UNKNOWN, World

Form = Mapping[str, str]

PASSWORD, NEW_PASSWORD = "copper lantern violin", "walnut harbour sparrow"
_DAYS = {"first": "2026-03-24", "last": "2026-03-24"}
_PLACE = {"city": "Denver", "state": "CO", "zone": "America/Denver"}
# What a form holds by the name of its route; a route that is not here takes an empty one.
FORMS: Mapping[str, Form] = {
    "staff.invite": {
        "name": "Doctor New", "email": "new@staff.example", "role": "therapist",
        "zone": "America/Denver",
    },
    "staff.role": {"role": "prescriber"},
    "sign_in.password": {"email": "nobody@example.org", "password": "x"},
    "sign_in.code": {"email": "nobody@example.org"},
    "sign_in.code_check": {"email": "nobody@example.org", "code": "000000"},
    "second_factor.check": {"code": "000000"},
    "account.password": {"old": PASSWORD, "new": NEW_PASSWORD},
    "account.end": {"end": "yes"},
    "join.late": {"minutes": "10"},
    "me.away.say": _DAYS,
    "me.travel.say": _DAYS | _PLACE,
    "rsvp.answer": {"answer": "yes", "sequence": "0"},
    "replies.decide": {"decision": "keep"},
    "set_up.keep": {"name": "Ada"},
    "me.piece.keep": {"name": "Ada"},
    "onboarding.send": {"link": "participant"},
    "onboarding.waive": {"piece": "needs", "reason": "Asked on the phone."},
    "readiness.settle": {"verdict": "ready"},
    "calls.settle": {"outcome": "handled"},
    "drill": {"number": "+12125550142"},
    "seat.act": {"outcome": "safety_call", "reason": "Nobody heard from them."},
    "participant.contact": {"note": "no_texts", "seat": ""},
    "session.news": {"news": "host_late"},
    "search.find": {"words": "P1"},
    "participant.discharge": {"last": "2026-04-30"},
    "week.build": {"monday": "2026-03-16"},
    "week.publish": {"monday": "2026-03-16", "revision": "1"},
    "leave.note": _DAYS | {"staff": "c1"},
    "sick_call.take": {"staff": "c1", "day": "2026-03-24", "version": "0"},
    "arrangements.note": {
        "appointment": "p1 individual", "weekday": "3", "at": "13:35",
        "first": "2026-04-16", "last": "",
    },
    "phases.open": {"participant": "p1", "phase": "Deep", "first": "2026-03-17"},
    "session.mark": {"mark": "present"},
    "records.export": {"participant": "p1"},
    "reminders.choose": {"reminders": "stop"},
    "cohort.enroll": {
        "participant": "p3", "first": "2026-05-05", "until": "2026-06-01",
    },
    "waiting.put": {
        "participant": "p3", "asked_on": "2026-03-09", "earliest": "2026-06-01",
    },
    "waiting.offer": {"first": "2026-03-24", "until": "2026-03-12"},
    "waiting.enroll": {"first": "2026-05-05", "until": "2026-06-01"},
    "waiting.take_off": {"reason": "Found a place elsewhere."},
}  # fmt: skip
# What an address holds that is of nobody.
_FIXED = {
    "name": "style.css",
    "kind": "telehealth",
    "piece": "name",
    "monday": "2026-03-09",
    "nonce": "nothing",
    "language": "en",
    "provider": "nothing",
    "told": "nothing",
    "part": "x",
}
_KINDS = frozenset(
    {"session", "seat", "participant", "cohort", "attempt", "delivery", "matter", "leave",
     "arrangement", "staff", "request", "record", "passkey", "entry"}
)  # fmt: skip
# A link's token by the first word of its route.
_TOKENS = {
    "join": "join",
    "link": "join",
    "room": "join",
    "rsvp": "rsvp",
    "reminders": "reminders",
    "feed": "feed",
    "set_up": "set_up",
    "new_password": "new_password",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request.

    Attributes:
        letter: Which thing it is about; empty where there is none.
    """

    letter: str
    method: str
    address: str
    form: Form | str | None


def about(route: AbstractRoute) -> str:
    """What kind of thing a route is about; empty for none, and a token's purpose for links."""
    assert route.resource is not None
    names = [each for _, each, _, _ in Formatter().parse(route.resource.canonical) if each]
    if "token" in names:
        return _TOKENS[(route.name or "").partition(".")[0]]
    return next((each for each in names if each in _KINDS), "")


# What something else needs; and what ends a session, or moves what others are about.
_FIRST = ("week.build",)
_LAST = (
    "staff.link",
    "staff.role",
    "staff.second_factor",
    "staff.end",
    "staff.close",
    "staff.reopen",
    "me.tech_check.book.take",
    "link.tech_check.book.take",
    "account.password",
    "account.end",
    "sign_out",
)


def in_order(app: Application) -> list[AbstractRoute]:
    """Every route once: looking first, then what changes something, in an order that works."""

    def turn(route: AbstractRoute) -> tuple[bool, bool, int]:
        name = route.name or ""
        last = _LAST.index(name) + 1 if name in _LAST else 0
        return route.method != "GET", name not in _FIRST, last

    return sorted((each for each in app.router.routes() if each.method != "HEAD"), key=turn)


def asked(route: AbstractRoute, world: World) -> Iterator[Asked]:
    """Every request for a route: one for each thing of its kind."""
    assert route.resource is not None
    kind, name = about(route), route.name or ""
    placeholder = "token" if "{token}" in route.resource.canonical else kind
    kind = "told" if name == "undelivered.done" else kind  # others than are sent again
    kind = "signed_in" if name == "account.end_one" else kind
    for letter, named in (world.objects[kind] if kind else {"": ""}).items():
        parts = dict(_FIXED)
        if name == "arrangements.note":
            parts["kind"] = "pin"
        if name.startswith("wording."):
            parts["kind"] = "invite"
        if name.startswith("me.consent"):
            parts["kind"] = "group_confidentiality"
        if name == "session.mark":
            parts["seat"] = world.objects["seat"][letter]
        parts[placeholder] = named
        address = route.resource.canonical.replace("{part:.+}", "{part}").format(**parts)
        yield Asked(letter, route.method, address, _form(route, world, letter))


def _form(route: AbstractRoute, world: World, letter: str) -> Form | str | None:
    if route.method != "POST":
        return None
    name = route.name or ""
    form = dict(FORMS.get(name, {}))
    if name.endswith("book.take"):
        form["starts"] = world.slot
    if name.endswith("tech_check.keep"):
        form |= {"nonce": "n", "report": json.dumps(asdict(GOOD))}
    if name.endswith("tech_check.again"):
        return json.dumps(asdict(GOOD))
    if name == "sheet.confirm" and letter != UNKNOWN:
        seat = world.seats[letter]
        form |= {
            f"{seat}.attendance": "present",
            f"{seat}.minutes": "5",
            f"{seat}.reason": "",
        }
    return form

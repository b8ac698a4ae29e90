"""Passkeys: a page that lists them, and the two questions a browser's script asks for us."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from aiohttp import web

from vioP.domain.access import Action, Person
from vioP.domain.errors import Conflict, Invalid, SignInFailed, TooManyTries, VioPError
from vioP.domain.passkey import AT_MOST, LONGEST_NAME, Passkey
from vioP.domain.time import Instant
from vioP.flows.passkeys import (
    Answer,
    Question,
    ask_for_passkey,
    ask_to_sign_in,
    keep_passkey,
    passkeys_of,
    remove_passkey,
    sign_in_with_passkey,
)
from vioP.i18n import full_day, say
from vioP.web.access import action, cookie_name, person_of, remember
from vioP.web.caller import place_of, site_of
from vioP.web.forms import field
from vioP.web.keys import CHOICES, PORTS
from vioP.web.pages import render
from vioP.web.problems import status_of
from vioP.web.sign_in import HOME

log = structlog.get_logger()

routes = web.RouteTableDef()

_LASTS = 300  # seconds, as long as a question
_SAID = 20_000  # characters of what a device answers


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    """One passkey, in words."""

    id: str
    name: str
    made: str
    used: str


@dataclass(frozen=True, slots=True)
class PasskeysPage:
    """Somebody's passkeys, and whether there can be another.

    Attributes:
        possible: Whether this house's address can have passkeys at all.
    """

    lines: tuple[PasskeyLine, ...]
    longest: int
    possible: bool
    full: bool
    problem: str = ""


@routes.get("/passkeys", name="passkeys")
@action(Action.KEEP_PASSKEYS)
async def passkeys(request: web.Request) -> web.Response:
    """My passkeys: what signs me in by face, finger or PIN."""
    return await _page(request, person_of(request))


@routes.post("/passkeys/ask", name="passkeys.ask")
@action(Action.KEEP_PASSKEYS)
async def ask(request: web.Request) -> web.Response:
    """Ask this browser to make a passkey."""
    session = request.cookies.get(cookie_name(request), "")
    try:
        question = await ask_for_passkey(
            request.app[PORTS], site_of(request), person_of(request), session
        )
    except Conflict as error:
        return _refused(error)
    return _asked(request, question)


@routes.post("/passkeys", name="passkeys.keep")
@action(Action.KEEP_PASSKEYS)
async def keep(request: web.Request) -> web.Response:
    """Keep the passkey it has made."""
    form = await request.post()
    ports, site, person = request.app[PORTS], site_of(request), person_of(request)
    answer, name = _answer(request, form), field(form, "name")
    try:
        await keep_passkey(ports, site, person, answer, name)
    except (Invalid, Conflict) as error:
        return _refused(error)
    return web.json_response({"go": "/passkeys"})


@routes.post("/passkeys/{passkey}/remove", name="passkeys.remove")
@action(Action.KEEP_PASSKEYS)
async def remove(request: web.Request) -> web.Response:
    """Let one open nothing any more."""
    passkey = request.match_info["passkey"]
    await remove_passkey(request.app[PORTS], person_of(request), passkey)
    raise web.HTTPSeeOther("/passkeys")


@routes.post("/sign-in/passkey/ask", name="sign_in.passkey_ask")
@action(Action.OPEN)
async def ask_in(request: web.Request) -> web.Response:
    """Ask this browser for a passkey; the question tells nothing about who is known."""
    try:
        question = await ask_to_sign_in(
            request.app[PORTS], site_of(request), place_of(request)
        )
    except TooManyTries as error:
        return _refused(error)
    return _asked(request, question)


@routes.post("/sign-in/passkey", name="sign_in.passkey")
@action(Action.OPEN)
async def enter(request: web.Request) -> web.Response:
    """Let in whoever's device signed the question."""
    form = await request.post()
    answer = _answer(request, form)
    try:
        signed = await sign_in_with_passkey(request.app[PORTS], site_of(request), answer)
    except SignInFailed as error:
        return _refused(error)
    response = web.json_response({"go": HOME[signed.person.role]})
    remember(request, response, signed)
    return response


def _asked(request: web.Request, question: Question) -> web.Response:
    response = web.json_response(text=question.options)
    response.set_cookie(
        _cookie(request),
        question.token,
        max_age=_LASTS,
        httponly=True,
        secure=request.app[CHOICES].is_secure,
        samesite="Strict",
        path="/",
    )
    return response


def _refused(error: VioPError) -> web.Response:
    log.warning("passkey.refused", code=error.code)
    return web.json_response({"problem": say(str(error))}, status=status_of(error))


def _answer(request: web.Request, form: Mapping[str, object]) -> Answer:
    token = request.cookies.get(_cookie(request), "")
    return Answer(token, field(form, "said", longest=_SAID))


def _cookie(request: web.Request) -> str:
    """Over HTTPS its name ties it to this host."""
    return "__Host-viop-passkey" if request.app[CHOICES].is_secure else "viop-passkey"


async def _page(request: web.Request, person: Person) -> web.Response:
    ports = request.app[PORTS]
    found = await passkeys_of(ports, person)
    page = PasskeysPage(
        tuple(map(_line, found)),
        LONGEST_NAME,
        site_of(request).has_passkeys,
        len(found) >= AT_MOST,
    )
    return render(request, "passkeys", page)


def _line(passkey: Passkey) -> PasskeyLine:
    used = _day(passkey.used_at) if passkey.used_at else ""
    return PasskeyLine(passkey.id, passkey.name, _day(passkey.made_at), used)


def _day(moment: Instant) -> str:
    return full_day(moment.date())

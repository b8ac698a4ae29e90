"""The second factor of staff: a code of their authenticator, set up on the way in."""

from dataclasses import dataclass

import structlog
from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import NotSignedIn, TooManyTries, VioPError, WrongCode
from vioP.flows.second_factor import (
    ask_second_factor,
    check_second_factor,
    put_off_second_factor,
)
from vioP.web.access import action, cookie_name, remember
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.problems import status_of
from vioP.web.sign_in import HOME, enter

log = structlog.get_logger()

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class SecondFactorPage:
    """The question, or the spare codes of somebody who has just answered it.

    Attributes:
        secret: What a new authenticator is given, in groups of four; empty when they have one.
        picture: The same, to be scanned.
        may_wait: Whether it may be set up another time.
        spares: Spare codes, shown this once.
        home: Where it goes on.
    """

    secret: str
    picture: str
    may_wait: bool
    problem: str
    spares: tuple[str, ...] = ()
    home: str = ""


@routes.get("/sign-in/second", name="second_factor.page")
@action(Action.OPEN)
async def second_factor_page(request: web.Request) -> web.Response:
    """Ask for a code, after the password."""
    return await _ask(request)


@routes.post("/sign-in/second", name="second_factor.check")
@action(Action.OPEN)
async def check(request: web.Request) -> web.Response:
    """Staff, by the code their authenticator shows."""
    said = field(await request.post(), "code")
    try:
        signed, spares = await check_second_factor(
            request.app[PORTS], _token(request), said
        )
    except (WrongCode, TooManyTries) as error:
        return await _ask(request, error)
    except NotSignedIn:
        raise web.HTTPSeeOther("/sign-in") from None
    if not spares:
        return enter(request, signed)
    home = HOME[signed.person.role]
    page = SecondFactorPage("", "", may_wait=False, problem="", spares=spares, home=home)
    response = render(request, "second_factor", page)
    remember(request, response, signed)
    return response


@routes.post("/sign-in/second/later", name="second_factor.later")
@action(Action.OPEN)
async def put_off(request: web.Request) -> web.Response:
    """Go on without one, where the house allows it."""
    try:
        signed = await put_off_second_factor(request.app[PORTS], _token(request))
    except NotSignedIn:
        raise web.HTTPSeeOther("/sign-in") from None
    return enter(request, signed)


async def _ask(request: web.Request, error: VioPError | None = None) -> web.Response:
    try:
        question = await ask_second_factor(request.app[PORTS], _token(request))
    except NotSignedIn:
        raise web.HTTPSeeOther("/sign-in") from None
    secret = " ".join(
        question.secret[at : at + 4] for at in range(0, len(question.secret), 4)
    )
    problem = str(error or "")
    if error is not None:
        log.warning("sign_in.refused", code=error.code)
    page = SecondFactorPage(secret, question.picture, question.may_wait, problem)
    return render(request, "second_factor", page, status=status_of(error) if error else 200)


def _token(request: web.Request) -> str:
    return request.cookies.get(cookie_name(request), "")

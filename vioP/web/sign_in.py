"""Signing in and out: staff by password, participants by a mailed code."""

from dataclasses import dataclass

import structlog
from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import SignInFailed, TooManyTries, VioPError
from vioP.domain.people import StaffRole
from vioP.flows.sign_in import (
    SignedIn,
    send_code,
    sign_in_staff,
    sign_in_with_code,
    sign_out,
)
from vioP.web.access import PERSON, action, cookie_name, remember
from vioP.web.caller import place_of, site_of
from vioP.web.forms import field
from vioP.web.keys import CHOICES, PORTS
from vioP.web.pages import render
from vioP.web.problems import status_of

log = structlog.get_logger()

routes = web.RouteTableDef()

HOME = {
    "participant": "/me",
    StaffRole.COORDINATOR: "/board",
    StaffRole.THERAPIST: "/roster",
    StaffRole.PRESCRIBER: "/roster",
    StaffRole.TECH_SUPPORT: "/board",
    StaffRole.COMPLIANCE: "/audit",
    StaffRole.ADMIN: "/staff",
}


@dataclass(frozen=True, slots=True)
class SignInPage:
    """A form, and what went wrong with the last one.

    Attributes:
        elsewhere: What staff call the service where they may sign in; empty where nowhere.
        passkeys: Whether our address can have any.
    """

    step: str
    email: str
    problem: str
    demo: bool
    elsewhere: str
    passkeys: bool


@routes.get("/sign-in", name="sign_in.page")
@action(Action.OPEN)
async def sign_in_page(request: web.Request) -> web.Response:
    """The two ways in, or straight on for somebody who is in."""
    person = request.get(PERSON)
    if person is not None:
        raise web.HTTPSeeOther(HOME[person.role])
    return _page(request, "start")


@routes.post("/sign-in/password", name="sign_in.password")
@action(Action.OPEN)
async def password(request: web.Request) -> web.Response:
    """Staff, by address and password; the second factor comes next."""
    form = await request.post()
    email = field(form, "email")
    try:
        signed = await sign_in_staff(
            request.app[PORTS], email, field(form, "password"), place_of(request)
        )
    except (SignInFailed, TooManyTries) as error:
        return _page(request, "start", email, error)
    return enter(request, signed)


@routes.post("/sign-in/code", name="sign_in.code")
@action(Action.OPEN)
async def ask_for_code(request: web.Request) -> web.Response:
    """A participant asks for a code. The answer is the same whoever asks."""
    form = await request.post()
    email = field(form, "email")
    try:
        await send_code(request.app[PORTS], email, place_of(request))
    except TooManyTries as error:
        return _page(request, "code", email, error)
    return _page(request, "code", email)


@routes.post("/sign-in/code/check", name="sign_in.code_check")
@action(Action.OPEN)
async def check_code(request: web.Request) -> web.Response:
    """A participant, by the code from their mail."""
    form = await request.post()
    email = field(form, "email")
    try:
        signed = await sign_in_with_code(
            request.app[PORTS], email, field(form, "code"), place_of(request)
        )
    except (SignInFailed, TooManyTries) as error:
        return _page(request, "code", email, error)
    return enter(request, signed)


@routes.post("/sign-out", name="sign_out")
@action(Action.SIGN_OUT)
async def leave(request: web.Request) -> web.Response:
    """End the session, here and on the server."""
    await sign_out(request.app[PORTS], request.cookies.get(cookie_name(request), ""))
    response = web.HTTPSeeOther("/sign-in")
    response.del_cookie(cookie_name(request), path="/")
    raise response


def enter(request: web.Request, signed: SignedIn) -> web.Response:
    """Lead somebody who has signed in to their first page, or to what is asked next."""
    where = "/sign-in/second" if signed.is_half else HOME[signed.person.role]
    response = web.Response(status=303, headers={"Location": where})
    remember(request, response, signed)
    return response


def refused(request: web.Request, error: VioPError) -> web.Response:
    """The two ways in once more, for whoever came another way and was not let in."""
    return _page(request, "start", error=error)


def _page(
    request: web.Request, step: str, email: str = "", error: VioPError | None = None
) -> web.Response:
    if error is not None:
        log.warning("sign_in.refused", code=error.code)
    service = request.app[PORTS].elsewhere
    there = service.name if service is not None else ""
    page = SignInPage(
        step,
        email,
        str(error or ""),
        request.app[CHOICES].demo,
        there,
        site_of(request).has_passkeys,
    )
    return render(request, "sign_in", page, status=status_of(error) if error else 200)

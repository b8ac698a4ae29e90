"""The account of whoever works here: their password, and where else they are signed in."""

from dataclasses import dataclass

import structlog
from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid, SignInFailed, TooManyTries
from vioP.domain.password import LONGEST, SHORTEST
from vioP.flows.change_password import (
    change_password,
    count_other_sessions,
    end_other_sessions,
)
from vioP.web.access import action, cookie_name, person_of
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.problems import status_of

log = structlog.get_logger()

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A form, what was wrong with it, and how many other devices there are."""

    others: int
    shortest: int
    longest: int
    problem: str
    told: str


@routes.get("/account", name="account")
@action(Action.CHANGE_ACCOUNT)
async def account(request: web.Request) -> web.Response:
    """My password, and where else I am signed in."""
    told = {
        "changed": "Your password is changed.",
        "ended": "You are signed out elsewhere.",
    }
    return await _page(request, told=told.get(request.query.get("told", ""), ""))


@routes.post("/account/password", name="account.password")
@action(Action.CHANGE_ACCOUNT)
async def password(request: web.Request) -> web.Response:
    """Take a new password; every other device is signed out."""
    form = await request.post()
    old, new = secret_of(form.get("old")), secret_of(form.get("new"))
    try:
        await change_password(
            request.app[PORTS], person_of(request), _token(request), old, new
        )
    except (Invalid, SignInFailed, TooManyTries) as error:
        log.warning("account.refused", code=error.code)
        words = str(error)
        if isinstance(error, SignInFailed):
            words = "The password you have is another one. Type it again."
        return await _page(request, problem=words, status=status_of(error))
    raise web.HTTPSeeOther("/account?told=changed")


@routes.post("/account/sessions/end", name="account.end")
@action(Action.CHANGE_ACCOUNT)
async def end(request: web.Request) -> web.Response:
    """Sign me out everywhere but here."""
    field(await request.post(), "end")
    await end_other_sessions(request.app[PORTS], person_of(request), _token(request))
    raise web.HTTPSeeOther("/account?told=ended")


async def _page(
    request: web.Request, *, problem: str = "", told: str = "", status: int = 200
) -> web.Response:
    others = await count_other_sessions(
        request.app[PORTS], person_of(request), _token(request)
    )
    page = AccountPage(others, SHORTEST, LONGEST, problem, told)
    return render(request, "account", page, status=status)


def _token(request: web.Request) -> str:
    return request.cookies.get(cookie_name(request), "")


def secret_of(value: object) -> str:
    """A password as it was typed, blanks at its ends included; far too long is cut off."""
    return value[: LONGEST + 1] if isinstance(value, str) else ""

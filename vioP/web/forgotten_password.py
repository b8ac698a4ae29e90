"""The page for staff who have forgotten their password: they ask for a link by mail."""

from dataclasses import dataclass

import structlog
from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import TooManyTries
from vioP.flows.forget_password import forget_password
from vioP.i18n import ENGLISH, speak
from vioP.web.access import action
from vioP.web.caller import place_of
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.problems import status_of

log = structlog.get_logger()

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class ForgottenPasswordPage:
    """A form, or what to do now.

    Attributes:
        is_asked: Whether a link was asked for; whether one was sent is never said.
        email: What was typed.
    """

    is_asked: bool = False
    email: str = ""
    problem: str = ""


@routes.get("/password", name="forgotten_password.page")
@action(Action.OPEN)
async def page(request: web.Request) -> web.Response:
    """Ask which address has forgotten its password."""
    return _render(request, ForgottenPasswordPage())


@routes.post("/password", name="forgotten_password.ask")
@action(Action.OPEN)
async def ask(request: web.Request) -> web.Response:
    """Mail a link that works once. The answer is the same whoever asks."""
    email = field(await request.post(), "email")
    if "@" not in email:
        problem = "Type your whole mail address, such as kim@clinic.example."
        return _render(request, ForgottenPasswordPage(email=email, problem=problem), 422)
    try:
        await forget_password(request.app[PORTS], email, place_of(request))
    except TooManyTries as error:
        log.warning("forgotten_password.refused", code=error.code)
        problem = (
            "This was asked for too often. Use the newest mail you have, or wait an hour."
        )
        shown = ForgottenPasswordPage(email=email, problem=problem)
        return _render(request, shown, status_of(error))
    return _render(request, ForgottenPasswordPage(is_asked=True, email=email))


def _render(
    request: web.Request, shown: ForgottenPasswordPage, status: int = 200
) -> web.Response:
    speak(ENGLISH)  # staff pages are written in English only
    return render(request, "forgotten_password", shown, status=status)

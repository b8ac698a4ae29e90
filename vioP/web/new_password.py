"""The page behind a mailed link that works once: choose a password, then show the second factor."""

from dataclasses import dataclass

import structlog
from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid, OneTimeLinkOver
from vioP.domain.one_time_link import OncePurpose
from vioP.domain.password import LONGEST, SHORTEST
from vioP.flows.one_time_link import open_one_time_link, set_password_by_link
from vioP.i18n import ENGLISH, speak
from vioP.web.access import action
from vioP.web.account import secret_of
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.problems import status_of
from vioP.web.sign_in import enter

log = structlog.get_logger()

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class NewPasswordPage:
    """A form, and what was wrong with what was typed.

    Attributes:
        is_over: Whether the link works no longer; then there is no form.
        email: The account's address, for programs that keep passwords.
    """

    is_over: bool
    is_new: bool = False
    email: str = ""
    name: str = ""
    shortest: int = SHORTEST
    longest: int = LONGEST
    problem: str = ""


@routes.get("/password/{token}", name="new_password.page")
@action(Action.USE_LINK)
async def page(request: web.Request) -> web.Response:
    """Ask for a new password, or say that the link has ended. Looking uses nothing up."""
    return await _page(request)


@routes.post("/password/{token}", name="new_password.keep")
@action(Action.USE_LINK)
async def keep(request: web.Request) -> web.Response:
    """Keep the new password, use the link up, and ask for the second factor."""
    token = request.match_info["token"]
    new = secret_of((await request.post()).get("new"))
    try:
        signed = await set_password_by_link(request.app[PORTS], token, new)
    except Invalid as error:
        return await _page(request, error)
    except OneTimeLinkOver:
        return _over(request)
    return enter(request, signed)


async def _page(request: web.Request, error: Invalid | None = None) -> web.Response:
    try:
        opened = await open_one_time_link(request.app[PORTS], request.match_info["token"])
    except OneTimeLinkOver:
        return _over(request)
    speak(ENGLISH)  # staff pages are written in English only
    made = NewPasswordPage(
        is_over=False,
        is_new=opened.link.purpose is OncePurpose.WELCOME,
        email=opened.account.email,
        name=opened.name,
        problem=str(error or ""),
    )
    return render(request, "new_password", made, status=status_of(error) if error else 200)


def _over(request: web.Request) -> web.Response:
    speak(ENGLISH)
    log.warning("one_time_link.refused", code=OneTimeLinkOver.code)
    return render(request, "new_password", NewPasswordPage(is_over=True), status=410)

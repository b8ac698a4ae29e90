"""Signing in elsewhere: the way there, and the way back."""

import structlog
from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Forbidden, Unavailable
from vioP.domain.vouched import VISIT_LASTS, Returned
from vioP.flows.sign_in_elsewhere import BACK, come_back, go_elsewhere
from vioP.web.access import action
from vioP.web.caller import place_of
from vioP.web.keys import CHOICES, PORTS
from vioP.web.sign_in import enter, refused

log = structlog.get_logger()

routes = web.RouteTableDef()

_LONGEST = 4096  # characters of a code


@routes.get("/sign-in/elsewhere", name="elsewhere.go")
@action(Action.OPEN)
async def go(request: web.Request) -> web.Response:
    """Lead a browser to the service where staff sign in; it takes a token of ours along."""
    try:
        token, there = await go_elsewhere(request.app[PORTS])
    except (Forbidden, Unavailable) as error:
        return _refused(request, error)
    response = web.Response(status=303, headers={"Location": there})
    response.set_cookie(
        _cookie(request),
        token,
        max_age=int(VISIT_LASTS.total_seconds()),
        httponly=True,
        secure=request.app[CHOICES].is_secure,
        samesite="Lax",
        path="/",
    )
    return response


@routes.get(BACK, name="elsewhere.back")
@action(Action.OPEN)
async def back(request: web.Request) -> web.Response:
    """Let in whoever comes back and is vouched for; the token has served its time."""
    asked = request.query
    returned = Returned(
        asked.get("state", ""), asked.get("code", "")[:_LONGEST], asked.get("iss", "")
    )
    token = request.cookies.get(_cookie(request), "")
    try:
        signed = await come_back(request.app[PORTS], token, returned, place_of(request))
    except (Forbidden, Unavailable) as error:
        response = _refused(request, error)
    else:
        response = enter(request, signed)
    response.del_cookie(_cookie(request), path="/")
    return response


def _refused(request: web.Request, error: Forbidden | Unavailable) -> web.Response:
    """The usual ways in, and in the log what kind of trouble there was."""
    log.warning("elsewhere.refused", code=error.code, exc_info=error.__cause__ or error)
    return refused(request, error)


def _cookie(request: web.Request) -> str:
    """The cookie of a visit; over HTTPS its name ties it to this host."""
    return "__Host-viop-visit" if request.app[CHOICES].is_secure else "viop-visit"

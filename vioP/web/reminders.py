"""Reminders by mail: stopped with one click, from the mail itself.

Source: RFC 8058: a POST acts at once, without a cookie and without a redirection; a GET,
which scanners send as well, only asks.
"""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.flows.choose_reminders import are_reminders_wanted, choose_reminders
from vioP.web.access import action
from vioP.web.keys import PORTS
from vioP.web.pages import render

routes = web.RouteTableDef()

_SEND = "send"


@dataclass(frozen=True, slots=True)
class RemindersPage:
    """What somebody has chosen, and what they can choose."""

    token: str
    wanted: bool


@routes.get("/reminders/{token}", name="reminders")
@action(Action.USE_LINK)
async def reminders(request: web.Request) -> web.Response:
    """Whether reminders come by mail. It changes nothing."""
    return await _page(request)


@routes.post("/reminders/{token}", name="reminders.choose")
@action(Action.USE_LINK)
async def choose(request: web.Request) -> web.Response:
    """Stop reminders by mail, or send them again."""
    form = await request.post()
    wanted = form.get("reminders") == _SEND
    await choose_reminders(request.app[PORTS], request.match_info["token"], wanted=wanted)
    return await _page(request)


async def _page(request: web.Request) -> web.Response:
    token = request.match_info["token"]
    wanted = await are_reminders_wanted(request.app[PORTS], token)
    return render(request, "reminders", RemindersPage(token, wanted))

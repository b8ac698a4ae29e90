"""Staff, for administrators: who works here, what they are, and whether they get in."""

from collections.abc import Awaitable
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid, LastAdmin, StillNeeded, VioPError
from vioP.domain.ids import StaffId
from vioP.domain.people import StaffRole
from vioP.flows.change_staff import change_role
from vioP.flows.close_account import (
    close_account,
    end_sessions_of,
    reopen_account,
    reset_second_factor,
)
from vioP.flows.show import who_works
from vioP.flows.show_staff import show_departure, show_staff
from vioP.web.access import action, person_of
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.problems import status_of
from vioP.web.staff_page import departure_page, one_staff, staff_list

log = structlog.get_logger()

routes = web.RouteTableDef()

_TOLD = {
    "role": "The role is changed.",
    "closed": "The account is closed, and every browser of theirs is signed out.",
    "open": "The account is open again.",
    "ended": "They are signed out everywhere.",
    "factor": "Authenticator and passkeys are forgotten. They set one up when they sign in next.",
    "licences": "The licences are kept. Weeks that are built from now on go by them.",
    "invited": "A link to choose a password is on its way.",
}


@routes.get("/staff", name="staff")
@action(Action.SEE_STAFF)
async def staff(request: web.Request) -> web.Response:
    """Everybody who works here: role, account, second factor, licences."""
    zone = await zone_of(request)
    today = request.app[PORTS].clock.now().astimezone(ZoneInfo(zone)).date()
    everybody = tuple(await show_staff(request.app[PORTS]))
    return render(request, "staff", staff_list(everybody, zone, today, told(request)))


@routes.get("/staff/{staff}", name="staff.one")
@action(Action.SEE_STAFF)
async def one(request: web.Request) -> web.Response:
    """One of them, and what can be done about their account."""
    return await _one(request)


@routes.post("/staff/{staff}/role", name="staff.role")
@action(Action.CHANGE_STAFF)
async def role(request: web.Request) -> web.Response:
    """Give somebody another role."""
    wanted = field(await request.post(), "role")
    if wanted not in set(StaffRole):
        raise Invalid("The field role is none of those there are.")
    change = change_role(
        request.app[PORTS], _who(request), StaffRole(wanted), person_of(request).id
    )
    return await _done(request, change, "role")


@routes.get("/staff/{staff}/close", name="staff.close.ask")
@action(Action.CHANGE_STAFF)
async def ask(request: web.Request) -> web.Response:
    """What would be left behind without somebody."""
    return await _departure(request)


@routes.post("/staff/{staff}/close", name="staff.close")
@action(Action.CHANGE_STAFF)
async def close(request: web.Request) -> web.Response:
    """Close an account: they are out everywhere, at once."""
    sure = (await request.post()).get("sure") == "yes"
    ports, by = request.app[PORTS], person_of(request).id
    try:
        await close_account(ports, _who(request), by, sure=sure)
    except (LastAdmin, StillNeeded) as error:
        return await _departure(request, error)
    raise web.HTTPSeeOther(f"/staff/{_who(request)}?told=closed")


@routes.post("/staff/{staff}/reopen", name="staff.reopen")
@action(Action.CHANGE_STAFF)
async def reopen(request: web.Request) -> web.Response:
    """Let somebody in again."""
    ports, by = request.app[PORTS], person_of(request).id
    return await _done(request, reopen_account(ports, _who(request), by), "open")


@routes.post("/staff/{staff}/sessions/end", name="staff.end")
@action(Action.CHANGE_STAFF)
async def end(request: web.Request) -> web.Response:
    """Sign somebody out everywhere."""
    ports, by = request.app[PORTS], person_of(request).id
    return await _done(request, end_sessions_of(ports, _who(request), by), "ended")


@routes.post("/staff/{staff}/second-factor/reset", name="staff.second_factor")
@action(Action.CHANGE_STAFF)
async def reset(request: web.Request) -> web.Response:
    """Forget a lost authenticator."""
    ports, by = request.app[PORTS], person_of(request).id
    return await _done(request, reset_second_factor(ports, _who(request), by), "factor")


def told(request: web.Request) -> str:
    """What was just done, in words; empty when nothing was."""
    return _TOLD.get(request.query.get("told", ""), "")


async def zone_of(request: web.Request) -> str:
    """The zone of whoever looks."""
    _, zone = await who_works(request.app[PORTS], StaffId(person_of(request).id))
    return zone


async def _done(request: web.Request, change: Awaitable[object], said: str) -> web.Response:
    """Make a change, and show the person again with what was done or why it was not."""
    try:
        await change
    except (LastAdmin, StillNeeded) as error:
        return await _one(request, error)
    raise web.HTTPSeeOther(f"/staff/{_who(request)}?told={said}")


async def _one(request: web.Request, error: VioPError | None = None) -> web.Response:
    leaves = await show_departure(request.app[PORTS], _who(request))
    zone = await zone_of(request)
    today = request.app[PORTS].clock.now().astimezone(ZoneInfo(zone)).date()
    page = one_staff(leaves, zone, today, told(request), _words(error))
    status = status_of(error) if error else 200
    return render(request, "staff_one", page, status=status)


async def _departure(request: web.Request, error: VioPError | None = None) -> web.Response:
    leaves = await show_departure(request.app[PORTS], _who(request))
    page = departure_page(leaves, await zone_of(request), _words(error))
    status = status_of(error) if error else 200
    return render(request, "staff_close", page, status=status)


def _words(error: VioPError | None) -> str:
    if error is None:
        return ""
    log.warning("staff.refused", code=error.code)
    return str(error)


def _who(request: web.Request) -> StaffId:
    return StaffId(request.match_info["staff"])

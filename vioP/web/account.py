"""The account of whoever works here: their password, and where else they are signed in."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.device import Family, Kind
from vioP.domain.errors import Invalid, Missing, SignInFailed, TooManyTries
from vioP.domain.ids import StaffId
from vioP.domain.password import LONGEST, SHORTEST
from vioP.domain.time import Instant
from vioP.flows.change_password import change_password, end_other_sessions
from vioP.flows.own_sessions import end_own_session, show_own_sessions
from vioP.flows.show import who_works
from vioP.storage.web_sessions import OwnSession
from vioP.web.access import action, cookie_name, person_of
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render
from vioP.web.problems import status_of

log = structlog.get_logger()

routes = web.RouteTableDef()


_BROWSERS: Mapping[str, str] = {
    Family.CHROME: "Chrome",
    Family.EDGE: "Edge",
    Family.FIREFOX: "Firefox",
    Family.SAFARI: "Safari",
    Family.SAMSUNG: "Samsung Internet",
}
_DEVICES: Mapping[str, str] = {
    Kind.IPHONE: "an iPhone",
    Kind.IPAD: "an iPad",
    Kind.ANDROID: "an Android device",
    Kind.MAC: "a Mac",
    Kind.WINDOWS: "Windows",
    Kind.CHROMEBOOK: "a Chromebook",
    Kind.LINUX: "Linux",
}


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One place where somebody is signed in, in words."""

    name: str
    device: str
    since: str
    seen: str


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A form, what was wrong with it, where they sit, and where else they are signed in."""

    here: SessionLine
    others: tuple[SessionLine, ...]
    zone: str
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
        "there": "You are signed out there.",
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


@routes.post("/account/sessions/{session}/end", name="account.end_one")
@action(Action.CHANGE_ACCOUNT)
async def end_one(request: web.Request) -> web.Response:
    """Sign me out in one other place."""
    try:
        await end_own_session(
            request.app[PORTS], person_of(request), request.match_info["session"]
        )
    except Missing as error:
        return await _page(request, problem=str(error), status=status_of(error))
    raise web.HTTPSeeOther("/account?told=there")


async def _page(
    request: web.Request, *, problem: str = "", told: str = "", status: int = 200
) -> web.Response:
    ports, person = request.app[PORTS], person_of(request)
    here, others = await show_own_sessions(ports, person, _token(request))
    _, zone = await who_works(ports, StaffId(person.id))
    page = AccountPage(
        _line(here, zone),
        tuple(_line(each, zone) for each in others),
        zone,
        SHORTEST,
        LONGEST,
        problem,
        told,
    )
    return render(request, "account", page, status=status)


def _line(session: OwnSession | None, zone: str) -> SessionLine:
    if session is None:
        return SessionLine("", "This browser", "", "")
    family, _, kind = session.device.partition(" ")
    browser = _BROWSERS.get(family, "A browser")
    device = _DEVICES.get(kind, "a device we do not know")
    return SessionLine(
        session.name,
        f"{browser} on {device}",
        _moment(session.begun_at, zone),
        _moment(session.seen_at, zone),
    )


def _moment(at: Instant | None, zone: str) -> str:
    return f"{long_day(at, zone)}, {clock(at, zone)}" if at else ""


def _token(request: web.Request) -> str:
    return request.cookies.get(cookie_name(request), "")


def secret_of(value: object) -> str:
    """A password as it was typed, blanks at its ends included; far too long is cut off."""
    return value[: LONGEST + 1] if isinstance(value, str) else ""

"""The demo's own pages: who to be, what was sent, a telephone, and the time.

These routes exist only in demo mode; anywhere else they are not added at all.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid, Missing
from vioP.domain.ids import AccountId
from vioP.domain.message import Text
from vioP.domain.time import Instant, later
from vioP.flows.move_clock import Movable, move_clock
from vioP.flows.play_arrivals import play_arrivals
from vioP.flows.sign_in import begin_session
from vioP.mail.outbox import MailLine, StoredMail, list_mails, read_mail
from vioP.phone.outbox import read_texts
from vioP.storage.accounts import ListedAccount
from vioP.web.access import action
from vioP.web.forms import field, own_path
from vioP.web.keys import CHOICES, PORTS
from vioP.web.pages import clock, long_day, render
from vioP.web.sign_in import enter

routes = web.RouteTableDef()

_NEW_YORK = "America/New_York"
_SHOWN = 60
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"
)
_STEPS = {"1": 1, "5": 5, "15": 15, "60": 60, "1440": 1440}


@dataclass(frozen=True, slots=True)
class DemoClockwork:
    """The clock that can be moved, and the engine that plays what falls due."""

    clock: Movable
    run_due: Callable[[], Awaitable[int]]
    clock_moved: Callable[[], Awaitable[None]]


CLOCKWORK = web.AppKey("CLOCKWORK", DemoClockwork)


@dataclass(frozen=True, slots=True)
class AccountLine:
    """Somebody to be."""

    id: str
    name: str
    role: str
    place: str
    story: str


@dataclass(frozen=True, slots=True)
class DemoPage:
    """Everybody, and when the next group begins."""

    staff: tuple[AccountLine, ...]
    participants: tuple[AccountLine, ...]
    next_group: str


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """What was sent, the newest first."""

    mails: tuple[MailLine, ...]
    texts: tuple[Text, ...]
    total: int
    wanted: str


@routes.get("/demo", name="demo")
@action(Action.USE_DEMO)
async def demo(request: web.Request) -> web.Response:
    """Everybody one can be."""
    ports = request.app[PORTS]
    async with ports.store.read() as tx:
        accounts = await tx.accounts.everybody()
    lines = [_line(each) for each in accounts]
    upcoming = await _next_start(request, groups=True)
    page = DemoPage(
        staff=tuple(each for each in lines if each.role != "participant"),
        participants=tuple(each for each in lines if each.role == "participant"),
        next_group=f"{long_day(upcoming, _NEW_YORK)}, {clock(upcoming, _NEW_YORK)}"
        if upcoming
        else "",
    )
    return render(request, "demo", page)


@routes.post("/demo/sign-in", name="demo.sign_in")
@action(Action.USE_DEMO)
async def be(request: web.Request) -> web.Response:
    """Be somebody."""
    ports = request.app[PORTS]
    account_id = AccountId(field(await request.post(), "account"))
    async with ports.store.read() as tx:
        account = await tx.accounts.by_id(account_id)
    if account is None:
        raise Missing
    return enter(request, await begin_session(ports, account))


@routes.post("/demo/clock", name="demo.clock")
@action(Action.USE_DEMO)
async def move(request: web.Request) -> web.Response:
    """Move the clock, and play what falls due."""
    form = await request.post()
    wanted = field(form, "by")
    now = request.app[PORTS].clock.now()
    if wanted in {"next", "group"}:
        starts = await _next_start(request, groups=wanted == "group")
        if starts is None:
            raise Missing("There is no session ahead. Publish another week first.")
        target = later(starts, -timedelta(minutes=2))
    elif wanted in _STEPS:
        target = later(now, timedelta(minutes=_STEPS[wanted]))
    else:
        raise Invalid(
            "The clock moves by 1, 5, 15, 60 or 1440 minutes, or to the next session."
        )
    works = request.app[CLOCKWORK]
    await move_clock(request.app[PORTS], works.clock, works.run_due, target)
    await works.clock_moved()
    raise web.HTTPSeeOther(own_path(field(form, "back"), otherwise="/demo"))


@routes.post("/demo/arrive", name="demo.arrive")
@action(Action.USE_DEMO)
async def arrive(request: web.Request) -> web.Response:
    """Let the next session begin, with one person missing."""
    await play_arrivals(request.app[PORTS])
    raise web.HTTPSeeOther("/demo")


@routes.get("/demo/outbox", name="demo.outbox")
@action(Action.USE_DEMO)
async def outbox(request: web.Request) -> web.Response:
    """What was sent, or what was sent to one address."""
    data = request.app[CHOICES].data
    wanted = request.query.get("to", "").strip().lower()
    kept = await asyncio.to_thread(list_mails, data / "mail")
    mails = [each for each in kept if wanted in each.to.lower()]
    texts = [
        replace(each, body=at_home(request, each.body))
        for each in read_texts(data / "texts")
        if wanted in each.to
    ]
    page = OutboxPage(
        tuple(reversed(mails[-_SHOWN:])),
        tuple(reversed(texts[-_SHOWN:])),
        len(mails),
        wanted,
    )
    return render(request, "outbox", page)


@routes.get("/demo/outbox/{mail}", name="demo.mail")
@action(Action.USE_DEMO)
async def one_mail(request: web.Request) -> web.Response:
    """One mail, as it is read."""
    mail = _mail(request)
    return render(request, "mail", replace(mail, text=at_home(request, mail.text)))


@routes.get("/demo/outbox/{mail}/html", name="demo.mail.html")
@action(Action.USE_DEMO)
async def rendered_mail(request: web.Request) -> web.Response:
    """The HTML of a mail for a frame of our own, shut in; its links open on this machine."""
    html = at_home(request, _mail(request).html)
    html = html.replace("<head>", '<head><base target="_top">', 1)
    answer = web.Response(text=html, content_type="text/html")
    answer.headers["Content-Security-Policy"] = _MAIL_POLICY
    return answer


@routes.get("/demo/outbox/{mail}/raw", name="demo.mail.raw")
@action(Action.USE_DEMO)
async def raw_mail(request: web.Request) -> web.Response:
    """One mail, byte for byte."""
    return web.Response(body=_mail(request).raw, content_type="text/plain", charset="utf-8")


@routes.get("/demo/outbox/{mail}/invite.ics", name="demo.mail.ics")
@action(Action.USE_DEMO)
async def calendar_of_mail(request: web.Request) -> web.Response:
    """The calendar part of a mail."""
    return web.Response(text=_mail(request).calendar, content_type="text/calendar")


def _line(listed: ListedAccount) -> AccountLine:
    role = listed.account.person.role
    return AccountLine(
        listed.account.id, listed.name, role.replace("_", " "), listed.city, listed.note
    )


async def _next_start(request: web.Request, *, groups: bool) -> Instant | None:
    now = request.app[PORTS].clock.now()
    async with request.app[PORTS].store.read() as tx:
        ahead = await tx.live.between(now, later(now, timedelta(days=8)))
    return min(
        (
            each.starts
            for each in ahead
            if each.starts > later(now, timedelta(minutes=2))
            and (each.cohort_id or not groups)
        ),
        default=None,
    )


def _mail(request: web.Request) -> StoredMail:
    found = read_mail(request.app[CHOICES].data / "mail", request.match_info["mail"])
    if found is None:
        raise Missing
    return found


def at_home(request: web.Request, text: str) -> str:
    """A message whose links open on this machine instead of at the demo's clinic."""
    return text.replace(
        request.app[PORTS].house.base_url, f"http://{request.app[CHOICES].host}"
    )

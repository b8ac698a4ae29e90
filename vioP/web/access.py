"""Who is asking, and whether they may. Every route names its action; a middleware asks."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from vioP.domain.access import FOR_EVERYBODY, Action, Person, may
from vioP.domain.break_glass import OpenedRecord
from vioP.domain.device import device_of
from vioP.domain.errors import ForeignOrigin, Missing, NotSignedIn
from vioP.domain.ids import ParticipantId
from vioP.flows.break_glass import open_now, readers_of
from vioP.flows.sign_in import SignedIn, who_is
from vioP.i18n import ENGLISH, speak
from vioP.web.keys import CHOICES, PORTS

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PERSON = web.RequestKey("PERSON", Person)
# What a clinician has open in an emergency, so that every page says so.
OPENED = web.RequestKey("OPENED", OpenedRecord)
_ACTION = "viop_action"
_SAFE = frozenset({"GET", "HEAD"})


def action(does: Action) -> Callable[[Handler], Handler]:
    """Say what a handler does; a route that does not say is refused to everybody."""

    def name(handler: Handler) -> Handler:
        setattr(handler, _ACTION, does)
        return handler

    return name


def action_of(handler: object) -> Action | None:
    """What a handler says it does."""
    found = getattr(handler, _ACTION, None)
    return found if isinstance(found, Action) else None


@web.middleware
async def allow(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Find out who asks, refuse what is foreign, and ask ``may``."""
    if request.match_info.http_exception is not None:
        return await handler(request)
    person = await _person(request)
    if person is not None:
        await _remember_who(request, person)
    if request.method not in _SAFE:
        _require_own_page(request, person)
    does = action_of(request.match_info.handler)
    if does is None:
        raise Missing
    if does not in FOR_EVERYBODY and person is None and does is not Action.USE_DEMO:
        raise NotSignedIn
    if does is not Action.USE_DEMO and not may(person, does):
        raise Missing  # what is not yours looks like what is not there
    return await handler(request)


async def _remember_who(request: web.Request, person: Person) -> None:
    request[PERSON] = person
    if not person.is_participant:
        speak(ENGLISH)  # staff pages are written in English only
    if may(person, Action.BREAK_GLASS):
        opened = await open_now(request.app[PORTS], person)
        if opened is not None:
            request[OPENED] = opened


def person_of(request: web.Request) -> Person:
    """Who is signed in; only for routes whose action needs somebody."""
    return request[PERSON]


def require(request: web.Request, does: Action, owners: frozenset[str]) -> None:
    """Refuse what belongs to somebody else, in the words for what is not there.

    Raises:
        Missing: It is not theirs.
    """
    if not may(request.get(PERSON), does, owners):
        raise Missing


async def require_record(
    request: web.Request, does: Action, hosts: frozenset[str], whose: ParticipantId
) -> None:
    """Refuse what belongs to somebody else, unless their record is open in an emergency.

    Raises:
        Missing: It is not theirs.
    """
    if not may(request.get(PERSON), does, hosts):
        hosts |= await readers_of(request.app[PORTS], whose)
    require(request, does, hosts)


def cookie_name(request: web.Request) -> str:
    """The session cookie; over HTTPS its name ties it to this host."""
    return "__Host-viop" if request.app[CHOICES].is_secure else "viop"


def remember(request: web.Request, response: web.StreamResponse, signed: SignedIn) -> None:
    """Give the browser its token."""
    response.set_cookie(
        cookie_name(request),
        signed.token,
        max_age=int(signed.lasts.total_seconds()),
        httponly=True,
        secure=request.app[CHOICES].is_secure,
        samesite="Lax",
        path="/",
    )


def is_our_origin(request: web.Request) -> bool:
    """Whether the page that asks says that it is one of ours."""
    try:
        named = urlsplit(request.headers.get("Origin", "")).netloc
    except ValueError:
        return False
    return named == request.app[CHOICES].host


async def _person(request: web.Request) -> Person | None:
    token = request.cookies.get(cookie_name(request), "")
    if not token or not token.isascii():
        return None
    device = device_of(request.headers.get("User-Agent", ""))
    named = f"{device.family} {device.kind}"
    return await who_is(request.app[PORTS], token, named)


def _require_own_page(request: web.Request, person: Person | None) -> None:
    """A change must come from a page of ours. Source: OWASP, Fetch Metadata and Origin."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site not in {"same-origin", "none"}:
        raise ForeignOrigin
    if origin is not None and not is_our_origin(request):
        raise ForeignOrigin
    if person is not None and site is None and origin is None:
        raise ForeignOrigin

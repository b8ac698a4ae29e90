"""Errors to answers: the only place where a refusal becomes a status code."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from vioP.domain.errors import (
    Conflict,
    DatabaseBusy,
    Forbidden,
    Invalid,
    Missing,
    NotSignedIn,
    Unavailable,
    VioPError,
)
from vioP.web.access import PERSON
from vioP.web.meter import METER
from vioP.web.pages import render

log = structlog.get_logger()

STATUS: dict[type[VioPError], int] = {
    Invalid: 422,
    Missing: 404,
    Forbidden: 403,
    Conflict: 409,
    Unavailable: 503,
    DatabaseBusy: 503,
}
_GUARDED = frozenset({403, 404})
_TITLES = {
    400: "This could not be read",
    403: "You cannot do this here",
    404: "This page is not here",
    405: "This page cannot do that",
    408: "This took too long",
    409: "Something changed meanwhile",
    413: "That was too much",
    415: "This cannot be sent in this form",
    422: "This does not fit",
    500: "Something went wrong on our side",
    503: "Something we need did not answer",
}
# What mails carry: whoever opens it has nothing else in hand.
_MAILED = ("/j/", "/r/", "/reminders/", "/set-up/")
_BAD_LINK = "This link does not work"


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """What went wrong, in a sentence, and what can be done.

    Attributes:
        back: The page they came from, to be looked at anew; empty where none is known.
    """

    title: str
    text: str
    is_link: bool
    back: str


@web.middleware
async def problems(
    request: web.Request,
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> web.StreamResponse:
    """Answer a refusal with a page, or with problem details. Source: RFC 9457."""
    try:
        return await handler(request)
    except NotSignedIn:
        if request.method == "GET" and _wants_page(request):
            raise web.HTTPSeeOther("/sign-in") from None
        return _answer(request, NotSignedIn.code, str(NotSignedIn()), 403)
    except VioPError as error:
        request.app[METER].refusals[error.code] += 1
        status = status_of(error)
        if status in _GUARDED:
            _note_refusal(request, error.code, status)
        return _answer(request, error.code, str(error), status)
    except web.HTTPException as error:
        if error.status < 400:  # noqa: PLR2004 - redirections are no errors
            raise
        text = _TITLES.get(error.status, "This did not work")
        return _answer(request, "http", f"{text}.", error.status)
    except Exception:  # noqa: BLE001 - the last page before the browser
        request.app[METER].refusals["bug"] += 1
        await log.aexception("request.failed")
        return _answer(request, "bug", "It has been written down. Please try again.", 500)


def _note_refusal(request: web.Request, code: str, status: int) -> None:
    """Log that somebody came where they may not, by account and route; never the address."""
    person = request.get(PERSON)
    resource = request.match_info.route.resource
    log.info(
        "request.refused",
        code=code,
        status=status,
        route=resource.canonical if resource else "none",
        account_id=person.account_id if person else "",
    )


def status_of(error: VioPError) -> int:
    """The status code a refusal becomes."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def _answer(request: web.Request, code: str, text: str, status: int) -> web.Response:
    if _wants_page(request):
        title = _TITLES.get(status, "This did not work")
        is_link = request.path.startswith(_MAILED)
        if is_link and status == web.HTTPNotFound.status_code:
            title = _BAD_LINK
        page = ProblemPage(title, text, is_link, _back(request))
        return render(request, "problem", page, status=status)
    body = {"type": f"about:viop/{code}", "title": text, "status": status}
    return web.json_response(body, status=status, content_type="application/problem+json")


def _back(request: web.Request) -> str:
    """The page of ours somebody came from, if their browser says so."""
    try:
        came = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    where = f"{came.path}?{came.query}" if came.query else came.path
    is_ours = came.netloc == request.host and came.path != "/sign-in"
    is_page = where.startswith("/") and not where.startswith("//")
    is_here = request.method == "GET" and where == request.rel_url.raw_path_qs
    return where if is_ours and is_page and not is_here else ""


def _wants_page(request: web.Request) -> bool:
    return "text/html" in request.headers.get("Accept", "")

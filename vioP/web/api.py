"""What other programs may ask of vioP, described in OpenAPI and on a page.

Pages are for people and are not in here. Source: OpenAPI 3.1; RFC 9457 for refusals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from vioP import __version__
from vioP.domain.access import Action
from vioP.domain.reply import LARGEST_MAIL
from vioP.web.access import action
from vioP.web.pages import render

routes = web.RouteTableDef()

_JSON, _XML, _BYTES = "application/json", "text/xml", "application/octet-stream"
_PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A part of an address, a header, or something behind the question mark."""

    name: str
    place: str
    about: str
    example: str

    def described(self) -> dict[str, Any]:
        """The parameter in OpenAPI."""
        return {
            "name": self.name,
            "in": self.place,
            "required": self.place == "path",
            "description": self.about,
            "schema": {"type": "string", "minLength": 1 if self.place == "path" else 0},
            "example": self.example,
        }


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing another program may ask.

    Attributes:
        answers: What comes back, by status: its kind of content (empty for none) and meaning.
        takes: The kind of content it is given; empty for nothing.
    """

    name: str
    method: str
    path: str
    title: str
    about: str
    answers: Mapping[int, tuple[str, str]]
    parameters: Sequence[Parameter] = ()
    takes: str = ""

    def described(self) -> dict[str, Any]:
        """The operation in OpenAPI."""
        found: dict[str, Any] = {
            "operationId": self.name,
            "summary": self.title,
            "description": self.about,
            "responses": {
                str(status): _answer(kind, meaning)
                for status, (kind, meaning) in self.answers.items()
            },
        }
        if self.parameters:
            found["parameters"] = [each.described() for each in self.parameters]
        if self.takes:
            schema = {"type": "string"}
            found["requestBody"] = {"content": {self.takes: {"schema": schema}}}
        return found


_REFUSED = {
    403: (_PROBLEM, "It is not signed as it should be, or too old. Nothing was kept."),
    404: (_PROBLEM, "There is nothing here, or not for who asks."),
    408: (_PROBLEM, "The body came too slowly."),
    413: (_PROBLEM, "The body is too large."),
    422: (_PROBLEM, "It is signed, and says nothing that can be read."),
    503: (_PROBLEM, "The database did not answer. Send it again."),
}
_SIGNATURE = (
    Parameter(
        "webhook-id", "header", "The message's own name; the same for the same mail.", "m1"
    ),
    Parameter(
        "webhook-timestamp", "header", "When it was signed, in seconds.", "1773154800"
    ),
    Parameter("webhook-signature", "header", "v1, and the signature in Base64.", "v1,AAAA"),
)
OPERATIONS = (
    Operation(
        "health.alive", "get", "/healthz", "Whether this process answers",
        "Restart the process when it does not.", {200: (_JSON, "It does.")},
    ),
    Operation(
        "health.ready", "get", "/readyz", "Whether this process can serve",
        "Send it no visitors while it cannot. With `strict` any part that is not well counts.",
        {200: (_JSON, "It can."), 503: (_JSON, "It cannot; `parts` says which part is not well.")},
        (Parameter("strict", "query", "Whether every part counts.", "1"),),
    ),
    Operation(
        "metrics", "get", "/metrics", "Figures in Prometheus' format",
        "Off unless `metrics` is set. No label names a person.",
        {200: ("text/plain", "The figures."), 404: _REFUSED[404]},
        (Parameter("Authorization", "header", "`Bearer` and the token.", "Bearer AAAA"),),
    ),
    Operation(
        "feed", "get", "/calendar/{token}.ics", "Somebody's calendar",
        "Behind a secret address that its person can replace. `If-None-Match` is heeded.",
        {
            200: ("text/calendar", "The calendar, RFC 5545."),
            304: ("", "It is as you have it."),
            404: _REFUSED[404],
            410: ("text/plain", "It has ended: ask no more."),
        },
        (Parameter("token", "path", "The secret part.", "A" * 43),),
    ),
    Operation(
        "hooks.mail", "post", "/hooks/mail", "A mail that came for our mailbox",
        "The message as it came (RFC 5322), signed after Standard Webhooks. "
        f"At most {LARGEST_MAIL:,} bytes. Answered once it is kept; the same again is taken once.",
        {200: (_JSON, "It is kept."), **_REFUSED}, _SIGNATURE, _BYTES,
    ),
    Operation(
        "hooks.video", "post", "/hooks/video/{provider}", "What a video service saw",
        "In the service's own words and signed its way. Answered once it is kept.",
        {200: (_JSON, "What the service wants to hear."), 204: ("", "It is kept."), **_REFUSED},
        (Parameter("provider", "path", "Which service.", "livekit"),), _BYTES,
    ),
    Operation(
        "hooks.video.part", "post", "/hooks/video/{provider}/{part}", "The same, of a service "
        "that calls an address with more behind it",
        "As above; what is behind the address is not read.",
        {200: (_JSON, "What the service wants to hear."), 204: ("", "It is kept."), **_REFUSED},
        (
            Parameter("provider", "path", "Which service.", "jitsi"),
            Parameter("part", "path", "What the service adds.", "events"),
        ),
        _BYTES,
    ),
    Operation(
        "hooks.phone", "post", "/hooks/phone/{provider}/{told}", "How a call or text goes",
        "In the company's own words and signed its way. What it is to do comes back.",
        {200: (_XML, "What it is to do."), **_REFUSED},
        (
            Parameter("provider", "path", "Which company.", "twilio"),
            Parameter("told", "path", "What it tells of.", "text"),
        ),
        "application/x-www-form-urlencoded",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ApiPage:
    """Every operation, as people read it."""

    version: str
    operations: tuple[Operation, ...]


@routes.get("/api", name="api")
@action(Action.OPEN)
async def api_page(request: web.Request) -> web.Response:
    """What other programs may ask, for people who write them."""
    return render(request, "api", ApiPage(__version__, OPERATIONS))


@routes.get("/api/openapi.json", name="api.openapi")
@action(Action.OPEN)
async def openapi(_request: web.Request) -> web.Response:
    """The same, for programs."""
    return web.json_response(document())


def document() -> dict[str, Any]:
    """The description in OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for each in OPERATIONS:
        paths.setdefault(each.path, {})[each.method] = each.described()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "vioP",
            "version": __version__,
            "description": "What other programs may ask. Pages are for people.",
        },
        "paths": paths,
    }


def _answer(kind: str, meaning: str) -> dict[str, Any]:
    if not kind:
        return {"description": meaning}
    schema = {"type": "object"} if kind in {_JSON, _PROBLEM} else {"type": "string"}
    return {"description": meaning, "content": {kind: {"schema": schema}}}

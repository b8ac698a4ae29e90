"""Answers made smaller on their way, where a length gives nothing away.

How long a compressed body is tells whether two of its parts are alike. Who can put words into a
page and see its length could so guess a secret in it, letter by letter (BREACH). So what is
compressed holds no words of the request, and no foreign page can have made the browser ask for it.
docs/decisions/0013-what-is-compressed.md has the reasons.
"""

from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

from vioP.web.access import PERSON

_SPECIAL = frozenset({hdrs.RANGE, hdrs.IF_NONE_MATCH, hdrs.IF_MODIFIED_SINCE})
_WORTH = 1024  # bytes from which it is worth the work


@web.middleware
async def smaller(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Compress our own files, and pages of staff that somebody went to from our own pages."""
    response = await handler(request)
    if _is_file(request, response) or _is_own_page(request, response):
        response.headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
        if "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
            response.enable_compression(web.ContentCoding.gzip)
    return response


def _is_file(request: web.Request, response: web.StreamResponse) -> bool:
    """Whether this is one of our own files, whole; everybody may read them.

    Who asks for the head only, or whether a copy is still good, gets an answer without a body.
    """
    is_whole = request.method == hdrs.METH_GET and not _SPECIAL.intersection(
        request.headers
    )
    return isinstance(response, web.FileResponse) and is_whole


def _is_own_page(request: web.Request, response: web.StreamResponse) -> bool:
    """Whether this is a page of staff that repeats nothing of what was asked.

    Pages of participants and of links stay as they are: the links they hold open doors.
    """
    person = request.get(PERSON)
    return (
        isinstance(response, web.Response)
        and response.status == web.HTTPOk.status_code
        and request.method == hdrs.METH_GET
        and not request.query_string
        and request.headers.get("Sec-Fetch-Site") == "same-origin"
        and person is not None
        and person.role != "participant"
        and response.content_type == "text/html"
        and (response.content_length or 0) >= _WORTH
    )

"""What is no text is refused here, before anything reads it.

A browser sends forms in UTF-8, and none of ours sends a file; a telephone company's form is
proven first and read by its own adapter. Source: ASVS 5.0, 1.1.1 and 2.2.1.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

from vioP.web.guard import READ_THEIR_OWN

_NO_TEXT = "\0"  # no name, number or word holds it, and PostgreSQL keeps none that does


@web.middleware
async def readable(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Let through what can be read as text.

    Raises:
        HTTPBadRequest: An address, a form or a hook's headers are no text.
        HTTPUnsupportedMediaType: A form comes in parts, as files do.
    """
    name = request.match_info.route.name or ""
    if _NO_TEXT in request.path or _NO_TEXT in request.query_string:
        raise web.HTTPBadRequest
    if name.startswith("hooks."):
        if not all(map(_is_text, request.headers.values())):
            raise web.HTTPBadRequest
    elif request.body_exists and name not in READ_THEIR_OWN:
        await _read_form(request)
    return await handler(request)


async def _read_form(request: web.Request) -> None:
    """Read a form once; whoever asks for it later gets what was read."""
    if request.content_type.startswith("multipart/"):
        raise web.HTTPUnsupportedMediaType
    try:
        form = await request.post()
    except (LookupError, ValueError) as error:  # no such charset, or not what it says
        raise web.HTTPBadRequest from error
    if any(_NO_TEXT in each for pair in form.items() for each in map(str, pair)):
        raise web.HTTPBadRequest


def _is_text(header: str) -> bool:
    """Whether bytes of a header were UTF-8; aiohttp puts surrogates for those that were not."""
    try:
        header.encode()
    except UnicodeEncodeError:
        return False
    return True

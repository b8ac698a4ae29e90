"""What every answer carries so that browsers keep strangers out."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from vioP.web.keys import CHOICES

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; form-action 'self'{rooms}; "
    "frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
_REFUSED = 400
_DEVICES = "camera=(self), microphone=(self), on-device-speech-recognition=(self)"
_NO_DEVICES = "camera=(), microphone=(), on-device-speech-recognition=()"
_DOOR = 2  # slashes in the address of a join page, which listens while somebody reads

# What even an answer carries to something that was no request.
FIXED_HEADERS = {
    **_HEADERS,
    "Content-Security-Policy": _POLICY.format(rooms=""),
    "Permissions-Policy": _NO_DEVICES,
    "Cache-Control": "no-store",
    "Server": "vioP",
}


@web.middleware
async def secure(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Put the same headers on every answer, errors included."""
    try:
        response = await handler(request)
    except web.HTTPException as answer:
        protect(request, answer)
        raise
    protect(request, response)
    return response


# A mail in a frame of our own: shut in, nothing of it runs, and nothing is fetched.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)


def protect(request: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on one answer; a stream needs them before it begins."""
    headers = response.headers
    headers.update(_HEADERS)
    # A form's answer may lead to the video room, which is somewhere else.
    rooms = " https:" if request.path.startswith(("/j/", "/sessions/")) else ""
    headers.setdefault("Content-Security-Policy", _POLICY.format(rooms=rooms))
    path = request.path
    is_door = path.startswith("/j/") and path.count("/") == _DOOR
    devices = is_door or path.endswith(("/tech-check", "/practice", "/room"))
    headers["Permissions-Policy"] = _DEVICES if devices else _NO_DEVICES
    if not request.path.startswith("/static/") or response.status >= _REFUSED:
        headers.setdefault("Cache-Control", "no-store")
    if request.app[CHOICES].is_secure:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    headers["Server"] = "vioP"

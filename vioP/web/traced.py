"""Each request in a span: its method, the template of its address, and how it was answered."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from vioP.traces import Traces

TRACES = web.AppKey("TRACES", Traces)

_METHODS = frozenset({"GET", "HEAD", "POST"})


@web.middleware
async def traced(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer within a span, whatever the answer is."""
    resource = request.match_info.route.resource
    template = resource.canonical if resource else "none"
    method = request.method if request.method in _METHODS else "other"
    answered: web.HTTPException | None = None
    with request.app[TRACES].span(f"{method} {template}") as note:
        note("http.request.method", method)
        note("http.route", template)
        try:
            response = await handler(request)
        except web.HTTPException as answer:  # such as a redirection, which is no failure
            response = answered = answer
        note("http.response.status_code", response.status)
    if answered is not None:
        raise answered
    return response

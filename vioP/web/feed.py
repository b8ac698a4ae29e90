"""The calendar feed: fetched by calendars, without anybody signing in; replaced by its person."""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.flows.feed import feed_path, read_feed, renew_feed
from vioP.web.access import action, person_of
from vioP.web.keys import CHOICES, PORTS

routes = web.RouteTableDef()

_KEPT = {"Cache-Control": "private, max-age=900"}


@dataclass(frozen=True, slots=True)
class FeedBox:
    """The part of a page that gives somebody their calendar's address.

    Attributes:
        url: The address; empty while there is none.
        webcal: The same, for calendars that open it themselves.
    """

    url: str
    webcal: str


@routes.get("/calendar/{token}.ics", name="feed")
@action(Action.USE_LINK)
async def feed(request: web.Request) -> web.Response:
    """Somebody's calendar, for their calendar program. It changes nothing."""
    held = [each.value for each in request.if_none_match or ()]
    found = await read_feed(request.app[PORTS], request.match_info["token"], held)
    if found.is_over:
        return web.Response(status=410, text="This calendar has ended.\n")
    headers = _KEPT | {"ETag": f'"{found.etag}"'}
    if found.body is None:
        return web.Response(status=304, headers=headers)
    return web.Response(
        body=found.body, content_type="text/calendar", charset="utf-8", headers=headers
    )


@routes.post("/calendar/link", name="feed.renew")
@action(Action.RENEW_FEED)
async def renew(request: web.Request) -> web.Response:
    """Give me a new address; the one I had opens nothing more."""
    person = person_of(request)
    await renew_feed(request.app[PORTS], person.id, person.id)
    raise web.HTTPSeeOther("/me#calendar" if person.is_participant else "/roster#calendar")


async def feed_box(request: web.Request) -> FeedBox:
    """The address of the calendar of whoever is signed in."""
    path = await feed_path(request.app[PORTS], person_of(request).id)
    if path is None:
        return FeedBox("", "")
    choices = request.app[CHOICES]
    scheme = "https" if choices.is_secure else "http"
    return FeedBox(f"{scheme}://{choices.host}{path}", f"webcal://{choices.host}{path}")

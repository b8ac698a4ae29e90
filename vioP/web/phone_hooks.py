"""Where telephone companies tell us how calls and texts go, and ask what to say."""

from aiohttp import web

from vioP.domain.access import Action
from vioP.flows.hear_carrier import hear_carrier
from vioP.web.access import action
from vioP.web.keys import PORTS

routes = web.RouteTableDef()


@routes.post("/hooks/phone/{provider}/{told}", name="hooks.phone")
@action(Action.USE_HOOK)
async def phone(request: web.Request) -> web.Response:
    """A telephone company tells us something; what it is to do comes back as XML."""
    raw = await request.read()
    answer = await hear_carrier(
        request.app[PORTS],
        request.match_info["provider"],
        request.raw_path,
        request.headers,
        raw,
    )
    return web.Response(text=answer, content_type="text/xml")

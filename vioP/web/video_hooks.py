"""Where video services tell us what they see."""

from aiohttp import web

from vioP.domain.access import Action
from vioP.flows.hear_provider import hear_provider
from vioP.web.access import action
from vioP.web.keys import PORTS

routes = web.RouteTableDef()


@routes.post("/hooks/video/{provider}", name="hooks.video")
@routes.post("/hooks/video/{provider}/{part:.+}", name="hooks.video.part")
@action(Action.USE_HOOK)
async def video(request: web.Request) -> web.Response:
    """A video service tells us something; the answer says that it is kept.

    Some services call an address of ours with more behind it; what they say is in the body.
    """
    raw = await request.read()
    provider = request.match_info["provider"]
    answer = await hear_provider(request.app[PORTS], provider, request.headers, raw)
    return web.json_response(dict(answer)) if answer else web.Response(status=204)

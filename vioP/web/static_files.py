"""Our own style sheet and scripts."""

from pathlib import Path

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Missing
from vioP.web.access import action

FOLDER = Path(__file__).with_name("static")

routes = web.RouteTableDef()


@routes.get("/static/{name}", name="static")
@action(Action.OPEN)
async def static_file(request: web.Request) -> web.StreamResponse:
    """A file by name; there are no folders to climb out of."""
    name = request.match_info["name"]
    if name not in {each.name for each in FOLDER.iterdir()}:
        raise Missing
    return web.FileResponse(FOLDER / name, headers={"Cache-Control": "max-age=600"})


@routes.get("/sw.js", name="service_worker")
@action(Action.OPEN)
async def service_worker(_request: web.Request) -> web.StreamResponse:
    """What opens a clinician's day without a network; from the root, where it may watch it."""
    return web.FileResponse(FOLDER / "sw.js")


@routes.get("/favicon.ico", name="favicon")
@action(Action.OPEN)
async def favicon(_request: web.Request) -> web.Response:
    """Where browsers look for an icon when a page names none."""
    raise web.HTTPSeeOther("/static/icon.svg")


@routes.get("/", name="home")
@action(Action.OPEN)
async def home(_request: web.Request) -> web.Response:
    """The front door leads to the sign-in."""
    raise web.HTTPSeeOther("/sign-in")

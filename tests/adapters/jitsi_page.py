"""A site that has of Jitsi's page the one file by which it is known to be there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer


@asynccontextmanager
async def page_server() -> AsyncIterator[str]:
    """The site's address, for as long as the block lasts."""

    async def config(_request: web.Request) -> web.Response:
        return web.Response(text="var config = {};", content_type="application/javascript")

    app = web.Application()
    app.router.add_get("/{any:(.+/)?}config.js", config)
    async with TestServer(app) as there:
        yield f"http://127.0.0.1:{there.port}"

"""A process that takes joins at a port until it is killed."""

import asyncio
from pathlib import Path

from aiohttp import web
from pydantic import SecretStr

from tests.make import KEY, FixedClock, make_ports, open_sealed
from vioP.app import create_app
from vioP.settings import Settings


async def main(url: str, place: Path, port: int) -> None:
    """Serve the pages of a house whose group runs, for ever."""
    async with open_sealed(url) as store:
        settings = Settings(link_key=SecretStr(KEY.decode()), data=place)
        app = create_app(make_ports(store, FixedClock()), settings)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
        print("ready", flush=True)  # noqa: T201 - the parent waits for it
        await asyncio.Event().wait()

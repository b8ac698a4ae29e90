"""``viop serve``: the web pages; on SQLite the jobs as well."""

import argparse
import asyncio

from vioP.cli.composition import Call
from vioP.cli.opening import require_database, settings_of
from vioP.cli.up import greet, require_free_port
from vioP.settings import Settings
from vioP.storage import schema


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    command.set_defaults(run=run)


def run(call: Call) -> int:
    """Serve until told to stop."""
    settings = settings_of(call)
    require_database(settings)
    require_free_port(settings)
    asyncio.run(_serve(call, settings))
    return 0


async def _serve(call: Call, settings: Settings) -> None:
    await schema.require_current(settings.database)
    await call.house.serve(settings, lambda: greet(settings))

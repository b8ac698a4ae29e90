"""``viop work``: run jobs beside other processes, on PostgreSQL."""

import argparse
import asyncio

from vioP.cli.composition import Call
from vioP.cli.opening import settings_of
from vioP.cli.say import say
from vioP.domain.errors import Invalid
from vioP.settings import Settings
from vioP.storage import schema


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    command.set_defaults(run=run)


def run(call: Call) -> int:
    """Work until told to stop.

    Raises:
        Invalid: The database is SQLite, where ``viop serve`` runs the jobs.
    """
    settings = settings_of(call)
    if not settings.database.startswith("postgresql"):
        raise Invalid(
            "On SQLite the jobs run inside viop serve. Point database at PostgreSQL, "
            "or leave this process out."
        )
    asyncio.run(_work(call, settings))
    return 0


async def _work(call: Call, settings: Settings) -> None:
    await schema.require_current(settings.database)
    await call.house.work(settings, lambda: say("vioP is at work. Stop with Ctrl+C."))

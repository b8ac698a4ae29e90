"""``viop migrate``: bring the database up to date."""

import argparse
import asyncio

from vioP.cli.composition import Call
from vioP.cli.opening import bring_up_to_date, settings_of
from vioP.cli.say import say
from vioP.settings import Settings


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    command.set_defaults(run=run)


def run(call: Call) -> int:
    """Apply what is missing, job tables included."""
    settings = settings_of(call)
    changed = asyncio.run(_migrate(settings))
    say(
        "The database was brought up to date." if changed else "The database is up to date."
    )
    return 0


async def _migrate(settings: Settings) -> bool:
    url = settings.direct_database()
    changed = await bring_up_to_date(settings)
    if url.startswith("postgresql"):
        # Procrastinate comes with the extra "postgres", which one machine does without.
        from vioP.jobs.distributed import install  # noqa: PLC0415

        await install(url)
    return changed

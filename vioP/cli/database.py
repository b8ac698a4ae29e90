"""``viop migrate``: bring the database up to date."""

import argparse
import asyncio

from vioP.cli.composition import Call
from vioP.cli.opening import settings_of
from vioP.cli.say import say
from vioP.storage import schema


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    command.set_defaults(run=run)


def run(call: Call) -> int:
    """Apply what is missing, job tables included."""
    url = settings_of(call).direct_database()
    changed = asyncio.run(_migrate(url))
    say(
        "The database was brought up to date." if changed else "The database is up to date."
    )
    return 0


async def _migrate(url: str) -> bool:
    changed = await schema.bring_up_to_date(url)
    if url.startswith("postgresql"):
        # Procrastinate comes with the extra "postgres", which one machine does without.
        from vioP.jobs.distributed import install  # noqa: PLC0415

        await install(url)
    return changed

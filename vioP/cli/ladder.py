"""``viop ladder``: what a missed join leads to, as a table."""

import argparse
import asyncio

from vioP.cli.composition import Call
from vioP.cli.opening import open_house
from vioP.cli.say import say, say_json, takes_json
from vioP.domain.fallback import Ladder
from vioP.domain.ladder_table import table
from vioP.domain.ladder_times import in_minutes, with_times


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    command.add_argument(
        "--standard", action="store_true", help="vioP's own times, not this program's"
    )
    takes_json(command)
    command.set_defaults(run=run)


def run(call: Call) -> int:
    """Print the table of this program's ladder, or of the standard one."""
    ladder = Ladder() if call.args.standard else asyncio.run(_own(call))
    if call.args.json:
        steps = {
            name: {str(step.rung): step.after.total_seconds() for step in steps}
            for name, steps in (("steps", ladder.steps), ("high_risk", ladder.high_risk))
        }
        say_json(steps | {"stale_after": ladder.stale_after.total_seconds()})
    else:
        say(table(ladder).rstrip())
    return 0


async def _own(call: Call) -> Ladder:
    async with open_house(call) as ports, ports.store.read() as tx:
        policy = await tx.programme.policy()
        return with_times(ports.house.ladder, in_minutes(policy.ladder))

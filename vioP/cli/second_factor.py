"""``viop second-factor``: forget an authenticator, or passkeys, that were lost."""

import argparse
import asyncio

from vioP.cli.composition import Call
from vioP.cli.opening import open_house, staff_account
from vioP.cli.say import say
from vioP.flows.second_factor import forget_second_factor


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    command.add_argument("email")
    command.set_defaults(run=run)


def run(call: Call) -> int:
    """Forget them and the spare codes; a new one is set up at the next sign-in."""
    asyncio.run(_forget(call))
    say(
        "The authenticator and passkeys were forgotten, and they are signed out. "
        "A new authenticator is set up at the next sign-in."
    )
    return 0


async def _forget(call: Call) -> None:
    async with open_house(call) as ports:
        account = await staff_account(ports, call.args.email)
        await forget_second_factor(ports, account.id, "operator")

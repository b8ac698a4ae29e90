"""``viop second-factor``: forget an authenticator that was lost."""

import argparse
import asyncio

from vioP.cli.composition import Call
from vioP.cli.opening import open_house
from vioP.cli.say import say
from vioP.domain.errors import Missing
from vioP.flows.second_factor import forget_second_factor


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    command.add_argument("email")
    command.set_defaults(run=run)


def run(call: Call) -> int:
    """Forget it and its spare codes; a new one is set up at the next sign-in."""
    asyncio.run(_forget(call))
    say("The authenticator was forgotten. A new one is set up at the next sign-in.")
    return 0


async def _forget(call: Call) -> None:
    async with open_house(call) as ports:
        async with ports.store.read() as tx:
            account = await tx.accounts.by_email(call.args.email.strip().lower())
        if account is None or account.person.is_participant:
            raise Missing("No member of staff has this address.")
        await forget_second_factor(ports, account.id, "operator")

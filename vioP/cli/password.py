"""``viop password``: give a member of staff a new password."""

import argparse
import asyncio
import getpass
import sys

from vioP.cli.composition import Call
from vioP.cli.opening import open_house, staff_account
from vioP.cli.say import say
from vioP.domain.errors import Invalid
from vioP.domain.password import why_not
from vioP.flows.sign_in import set_password


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    command.add_argument("email")
    command.set_defaults(run=run)


def run(call: Call) -> int:
    """Ask for the password, or read it from a pipe, and keep its digest."""
    password = (
        getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    )
    problem = why_not(password, (call.args.email,))
    if problem:
        raise Invalid(problem)
    asyncio.run(_set(call, password))
    say("The password was changed.")
    return 0


async def _set(call: Call, password: str) -> None:
    async with open_house(call) as ports:
        account = await staff_account(ports, call.args.email)
        await set_password(ports, account.id, password)

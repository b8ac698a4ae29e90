"""Where staff may sign in instead of here: whether it answers, and ``viop elsewhere``."""

import argparse
import asyncio
from importlib.util import find_spec

import aiohttp

from vioP.cli.composition import Call
from vioP.cli.finding import Finding
from vioP.cli.opening import open_house, staff_account
from vioP.cli.say import say
from vioP.domain.errors import Unavailable
from vioP.flows.sign_in_elsewhere import BACK, forget_elsewhere
from vioP.oidc.service import Client, Service
from vioP.settings import Settings

_CHECK = "sign-in elsewhere"


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    command.add_argument("email")
    command.set_defaults(run=run)


def run(call: Call) -> int:
    """Forget who somebody is there; they are known by their address at the next sign-in."""
    asyncio.run(_forget(call))
    say("Forgotten. Their next sign-in there is matched by mail address again.")
    return 0


async def _forget(call: Call) -> None:
    async with open_house(call) as ports:
        account = await staff_account(ports, call.args.email)
        await forget_elsewhere(ports, account.id, "operator")


async def elsewhere(settings: Settings) -> list[Finding]:
    """Whether the service where staff may sign in answers, and where it sends them back to."""
    oidc, back = settings.access.oidc, f"{settings.link_url()}{BACK}"
    if not oidc.is_chosen or settings.demo:
        return []
    if find_spec("joserfc") is None:
        missing = "access.oidc needs an extra"
        return [Finding(_CHECK, False, missing, "pip install 'viop[oidc]'")]
    try:
        async with aiohttp.ClientSession() as http:
            await Service(Client(oidc.issuer, oidc.client_id), http).endpoints()
    except Unavailable as error:
        wanted = f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration"
        remedy = f"Check access.oidc.issuer, and that this machine reaches {wanted}."
        return [Finding(_CHECK, False, str(error), remedy)]
    said = f"at {oidc.issuer}; it must know {back}"
    return [Finding(_CHECK, True, said)]

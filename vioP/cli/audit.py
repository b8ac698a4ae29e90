"""``viop audit verify``: whether any row of the audit was changed, removed or slipped in."""

import argparse
import asyncio

from vioP.cli.composition import Call
from vioP.cli.opening import open_house
from vioP.cli.say import complain, say, say_json, takes_json
from vioP.flows.verify_audit import read_audit


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    parts = command.add_subparsers(dest="part", metavar="PART", required=True)
    verify = parts.add_parser("verify", help="recompute the whole chain")
    takes_json(verify)
    verify.set_defaults(run=run)


def run(call: Call) -> int:
    """Recompute the chain; fail at the first row that does not fit."""
    return asyncio.run(_verify(call))


async def _verify(call: Call) -> int:
    async with open_house(call) as ports:
        state = await read_audit(ports)
    if call.args.json:
        say_json({"ok": state.first_break is None, "first_break": state.first_break})
    elif state.first_break is None:
        say("The audit is unbroken.")
    else:
        complain(
            f"The audit is broken at row {state.first_break}.", "Compare with a backup."
        )
    return 0 if state.first_break is None else 1

"""``viop drill``: ring me, the way a participant would be rung."""

import argparse
import asyncio

from vioP.cli.composition import Call
from vioP.cli.opening import open_house
from vioP.cli.say import remark, say, say_json, takes_json
from vioP.domain.delivery import DeliveryState
from vioP.flows.drill import drill, how_it_went
from vioP.flows.ring import ring

_FAILED = 1


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    command.add_argument("number", help="whom to ring, such as +12125550101")
    takes_json(command)
    command.set_defaults(run=lambda call: asyncio.run(_drill(call)))


async def _drill(call: Call) -> int:
    """Ring a number now, and say whether the telephone took the call."""
    async with open_house(call) as ports:
        key = await drill(ports, call.args.number, "command line")
        await ring(ports)
        state = await how_it_went(ports, key)
    placed = state is DeliveryState.SENT
    if call.args.json:
        say_json({"call": key, "state": state, "rings": placed})
    elif placed:
        say(f"It rings: call {key}.")
        remark("Nobody hears it? Look at the number, then at the provider's own log.")
    else:
        remark(f"The telephone did not take the call ({state}). Run: viop doctor")
    return 0 if placed else _FAILED

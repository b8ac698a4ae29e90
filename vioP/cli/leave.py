"""``viop leave``: who is away."""

import argparse
import asyncio
from datetime import date

from vioP.cli.composition import Call
from vioP.cli.opening import open_house
from vioP.cli.say import say, say_json, takes_json
from vioP.domain.ids import StaffId
from vioP.flows.note_leave import note_leave, show_leave, take_back_leave

_BY = "command line"


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its parts."""
    parts = command.add_subparsers(dest="part", metavar="PART", required=True)
    part = parts.add_parser("add", help="note that somebody is away on whole days")
    part.add_argument("staff", help="such as c05")
    part.add_argument("first", type=date.fromisoformat, metavar="FIRST-DAY")
    part.add_argument("last", type=date.fromisoformat, metavar="LAST-DAY", nargs="?")
    part.set_defaults(run=lambda call: asyncio.run(_add(call)))
    part = parts.add_parser("list", help="leave that has not ended")
    takes_json(part)
    part.set_defaults(run=lambda call: asyncio.run(_list(call)))
    part = parts.add_parser("take-back", help="somebody is here after all")
    part.add_argument("leave", help="as `viop leave list` names it")
    part.set_defaults(run=lambda call: asyncio.run(_take_back(call)))


async def _add(call: Call) -> int:
    args = call.args
    async with open_house(call) as ports:
        noted = await note_leave(
            ports, StaffId(args.staff), args.first, args.last or args.first, _BY
        )
    say(f"Noted as {noted.id}. Build the week again: nobody is told until it is published.")
    return 0


async def _list(call: Call) -> int:
    async with open_house(call) as ports:
        found = await show_leave(ports)
    if call.args.json:
        say_json(
            [
                {
                    "id": each.id,
                    "staff": each.staff_id,
                    "starts": each.leave.starts.isoformat(),
                    "ends": each.leave.ends.isoformat(),
                }
                for each in found
            ]
        )
        return 0
    for each in found:
        starts, ends = each.leave.starts, each.leave.ends
        say(f"{each.id} {each.staff_id} {starts:%F %H:%M} to {ends:%F %H:%M} UTC")
    if not found:
        say("Nobody is away.")
    return 0


async def _take_back(call: Call) -> int:
    async with open_house(call) as ports:
        await take_back_leave(ports, call.args.leave, _BY)
    say("Taken back. Build the week again.")
    return 0

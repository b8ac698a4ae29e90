"""``viop erase person``: forget who somebody was; without ``--do`` it only says what would go."""

import argparse
import asyncio

from vioP.cli.composition import Call
from vioP.cli.opening import open_house
from vioP.cli.say import say
from vioP.domain.ids import ParticipantId
from vioP.flows.erase_person import erase_person, foresee_erasure


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    parts = command.add_subparsers(dest="part", metavar="PART", required=True)
    person = parts.add_parser("person", help="take out who one participant is")
    person.add_argument("participant")
    person.add_argument("--do", action="store_true", help="erase now; it cannot be undone")
    person.add_argument("--reason", default="", help="why, without a name; kept")
    person.set_defaults(run=run)


def run(call: Call) -> int:
    """Say what would be erased, or erase it."""
    return asyncio.run(_erase(call))


async def _erase(call: Call) -> int:
    who = ParticipantId(call.args.participant)
    async with open_house(call) as ports:
        counts = await foresee_erasure(ports, who)
        is_wiped = True
        if call.args.do:
            is_wiped = await erase_person(ports, who, "operator", call.args.reason)
    for table, number in counts.items():
        say(f"{number:8} {table.strip('_').replace('_', ' ')}")
    if call.args.do:
        say(f"{who} was erased. Backups made before still name them.")
        if not is_wiped:
            say(
                "So does the log of changes of the database, until later changes write over it."
            )
    else:
        say("Nothing was changed. With --do --reason TEXT these are emptied or deleted;")
        say(
            "attendance, consents and the audit stay, under an identifier that names nobody."
        )
    return 0

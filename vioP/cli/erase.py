"""``viop erase``: forget who somebody was, and again after a restore.

Without ``--do`` it only says what would go.
"""

import argparse
import asyncio

from vioP.cli.composition import Call
from vioP.cli.erased import add_erased, read_erased
from vioP.cli.opening import open_house, settings_of
from vioP.cli.say import say
from vioP.domain.ids import ParticipantId
from vioP.flows.erase_person import erase_again, erase_person, foresee_erasure, show_erased

_FORESEEN = """\
Nothing was changed. With --do --reason TEXT these are emptied or deleted;
attendance, consents and the audit stay, under an identifier that names nobody."""
_DONE = """\
{who} was erased. Backups made before still name them;
{listed} has them erased again when one is restored. Keep a copy of it."""
_IN_LOG = "\nThe database's log still names them until later changes write over it."


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    parts = command.add_subparsers(dest="part", metavar="PART", required=True)
    person = parts.add_parser("person", help="take out who one participant is")
    person.add_argument("participant")
    person.add_argument("--do", action="store_true", help="erase now; it cannot be undone")
    person.add_argument("--reason", default="", help="why, without a name; kept")
    person.set_defaults(run=run)
    again = parts.add_parser("again", help="those whom a restored database brought back")
    again.set_defaults(run=run_again)


def run(call: Call) -> int:
    """Say what would be erased, or erase it."""
    return asyncio.run(_erase(call))


def run_again(call: Call) -> int:
    """Erase everybody whom the list names and the database still knows."""
    return asyncio.run(_erase_again(call))


async def _erase_again(call: Call) -> int:
    listed = read_erased(settings_of(call))
    async with open_house(call) as ports:
        back = await erase_again(ports, listed, "operator")
    say(f"{len(listed)} listed; erased again: {', '.join(back) or 'nobody'}.")
    return 0


async def _erase(call: Call) -> int:
    who = ParticipantId(call.args.participant)
    async with open_house(call) as ports:
        counts = await foresee_erasure(ports, who)
        told = _FORESEEN
        if call.args.do:
            is_wiped = await erase_person(ports, who, "operator", call.args.reason)
            listed = add_erased(settings_of(call), await show_erased(ports))
            told = _DONE.format(who=who, listed=listed) + ("" if is_wiped else _IN_LOG)
    for table, number in counts.items():
        say(f"{number:8} {table.strip('_').replace('_', ' ')}")
    say(told)
    return 0

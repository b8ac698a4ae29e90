"""``viop export person``: everything kept about one participant, as a file."""

import argparse
import asyncio
import os
from pathlib import Path

from vioP.cli.composition import Call
from vioP.cli.opening import open_house
from vioP.cli.say import say
from vioP.domain.errors import Conflict, Unavailable
from vioP.domain.ids import ParticipantId
from vioP.domain.record import Record
from vioP.files.record import write_record
from vioP.flows.export_person import export_person


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    parts = command.add_subparsers(dest="part", metavar="PART", required=True)
    person = parts.add_parser("person", help="everything kept about one participant")
    person.add_argument("participant")
    person.add_argument("--to", type=Path, required=True, metavar="FILE.zip")
    person.set_defaults(run=run)


def run(call: Call) -> int:
    """Write the record to a file that did not exist, readable by its owner only.

    Raises:
        Conflict: The file is there already.
        Unavailable: It cannot be written.
    """
    target: Path = call.args.to
    if target.exists():
        raise Conflict(f"{target} is already there. Choose another name.")
    record = asyncio.run(_export(call))
    try:
        file = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "wb") as opened:
            opened.write(write_record(record))
    except OSError as error:
        raise Unavailable(f"{target} cannot be written ({error.strerror}).") from error
    say(f"{target}: {sum(map(len, record.tables.values()))} rows. Keep it safe.")
    if record.notice:
        say(record.notice)
    return 0


async def _export(call: Call) -> Record:
    async with open_house(call) as ports:
        return await export_person(ports, ParticipantId(call.args.participant), "operator")

"""``viop replies``: what mails in a folder say, without a database and without taking them."""

import argparse
from pathlib import Path

from vioP.cli.composition import Call
from vioP.cli.say import say, say_json, takes_json
from vioP.flows.read_folder import read_folder


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its parts."""
    parts = command.add_subparsers(dest="part", metavar="PART", required=True)
    read = parts.add_parser("read", help="say what each mail of a folder answers")
    read.add_argument("folder", type=Path, metavar="DIR", help="a folder of .eml files")
    takes_json(read)
    read.set_defaults(run=run)


def run(call: Call) -> int:
    """Read a folder; nothing is kept and nobody is told."""
    read = dict(read_folder(call.args.folder))
    if call.args.json:
        say_json(read)
        return 0
    for name, what in read.items():
        facts = ", ".join(f"{key} {each}" for key, each in what.items() if key != "action")
        say(f"{name}: {what['action']}{f' ({facts})' if facts else ''}")
    return 0

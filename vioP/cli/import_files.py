"""``viop import``: make the database hold what a programme's files say."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from vioP.cli.composition import Call
from vioP.cli.opening import open_house, settings_of
from vioP.cli.say import complain, remark, say, say_json, takes_json
from vioP.clock import SystemClock
from vioP.domain.programme import Change, ChangeKind, Programme
from vioP.files.problems import ProblemsFound
from vioP.files.read import load, read_programme
from vioP.flows.import_programme import compare_programme, import_programme

_SIGNS = {ChangeKind.ADDED: "+", ChangeKind.CHANGED: "~", ChangeKind.REMOVED: "-"}
_SHOWN = 40


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    command.add_argument("programme", type=Path, metavar="PROGRAMME.toml")
    command.add_argument("people", type=Path, metavar="PARTICIPANTS.csv")
    command.add_argument("--yes", action="store_true", help="do not ask")
    command.add_argument(
        "--invent-contacts",
        action="store_true",
        help="make up addresses and phones that are not real, for fictional people",
    )
    takes_json(command)
    command.set_defaults(run=run)


def run(call: Call) -> int:
    """Check both files whole, show what would change, ask, and import.

    Nothing is written unless everything is right.
    """
    args = call.args
    try:
        invent = args.invent_contacts or settings_of(call).demo
        programme = _read(args.programme, args.people, invent=invent)
    except ProblemsFound as error:
        return _report(call, error)
    return asyncio.run(_import(call, programme))


def _read(programme: Path, people: Path, *, invent: bool) -> Programme:
    return read_programme(
        load(programme),
        load(people),
        invent_contacts=invent,
        today=SystemClock().now().date(),
    )


def _report(call: Call, error: ProblemsFound) -> int:
    if call.args.json:
        say_json({"problems": [asdict(each) for each in error.problems], "changes": []})
    else:
        for each in error.problems:
            complain(str(each))
    remark(f"{len(error.problems)} problems. Nothing was imported.")
    return 1


async def _import(call: Call, programme: Programme) -> int:
    async with open_house(call) as ports:
        changes = await compare_programme(ports, programme)
        if call.args.json:
            say_json({"problems": [], "changes": [_as_json(each) for each in changes]})
        else:
            _show(changes)
        if not changes:
            return 0
        if not call.args.yes and not _agreed(len(changes)):
            remark("Nothing was imported.")
            return 1
        done = await import_programme(ports, programme, "command line")
    remark(f"Imported: {len(done)} changes.")
    return 0


def _show(changes: Sequence[Change]) -> None:
    if not changes:
        say("The database already holds this programme. Nothing to do.")
    for each in changes[:_SHOWN]:
        fields = f" ({', '.join(each.fields)})" if each.fields else ""
        say(f"{_SIGNS[each.kind]} {each.noun} {each.id}{fields}")
    if len(changes) > _SHOWN:
        say(f"… and {len(changes) - _SHOWN} more")


def _as_json(change: Change) -> dict[str, object]:
    return {
        "kind": change.kind,
        "noun": change.noun,
        "id": change.id,
        "fields": list(change.fields),
    }


def _agreed(count: int) -> bool:
    if not sys.stdin.isatty():
        complain(
            f"{count} changes would be made.", "Add --yes to make them without asking."
        )
        return False
    remark(f"Make these {count} changes? [y/N] ")
    return sys.stdin.readline().strip().lower() in {"y", "yes"}

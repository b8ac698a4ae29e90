"""``viop invites``: calendar messages as files, and once more after a restored backup."""

import argparse
import asyncio
from dataclasses import asdict
from pathlib import Path

from vioP.cli.composition import Call
from vioP.cli.opening import open_house, week_of_args
from vioP.cli.say import say, say_json, takes_json, takes_week
from vioP.domain.errors import Unavailable
from vioP.flows.export_invites import export_invites
from vioP.flows.resync_invites import resync_invites


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its parts."""
    parts = command.add_subparsers(dest="part", metavar="PART", required=True)
    export = parts.add_parser("export", help="write every message of a week as a file")
    takes_week(export)
    export.add_argument("--out", type=Path, required=True, metavar="DIR")
    takes_json(export)
    export.set_defaults(run=run)
    again = parts.add_parser(
        "resync", help="after a restored backup: say everything once more"
    )
    again.add_argument("--dry-run", action="store_true", help="only count")
    takes_json(again)
    again.set_defaults(run=resync)


def resync(call: Call) -> int:
    """Raise every number above any that can have been used, and say what stands once more."""
    return asyncio.run(_resync(call))


async def _resync(call: Call) -> int:
    dry = bool(call.args.dry_run)
    async with open_house(call) as ports:
        done = await resync_invites(ports, "command line", dry_run=dry)
    if call.args.json:
        say_json({**asdict(done), "dry_run": dry})
        return 0
    what = "would be written" if dry else "were written; they leave while vioP runs"
    say(
        f"{done.invites} invites and {done.cancellations} cancellations to {done.people} "
        f"people {what}."
    )
    return 0


def run(call: Call) -> int:
    """Write one folder per recipient, files in the order they were sent."""
    return asyncio.run(_export(call))


async def _export(call: Call) -> int:
    async with open_house(call) as ports:
        letters = await export_invites(ports, week_of_args(call))
    counts: dict[str, int] = {}
    out: Path = call.args.out
    try:
        for recipient, raw in letters:
            counts[recipient] = counts.get(recipient, 0) + 1
            place = out / recipient
            place.mkdir(parents=True, exist_ok=True)
            # A folder that another week was exported to goes on where it stopped.
            number = 1 + max(
                (int(each.stem) for each in place.glob("[0-9]*.eml")), default=0
            )
            (place / f"{number:06d}.eml").write_bytes(raw)
    except OSError as error:
        raise Unavailable(
            f"{out} cannot be written ({error.strerror}). Choose another folder with --out."
        ) from error
    if call.args.json:
        say_json(
            {"messages": sum(counts.values()), "recipients": len(counts), "out": str(out)}
        )
    else:
        say(f"{sum(counts.values())} messages to {len(counts)} recipients, in {out}.")
    return 0

"""``viop audit``: whether the record of who did what is whole, and an anchor to prove it by."""

import argparse
import asyncio
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from vioP.cli.composition import Call
from vioP.cli.opening import open_house
from vioP.cli.say import complain, say, say_json, takes_json
from vioP.domain.errors import Conflict, Invalid, Missing, Unavailable
from vioP.domain.time import instant
from vioP.flows.anchor_audit import Anchor, anchor_audit, check_anchor
from vioP.flows.verify_audit import verify_audit


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    parts = command.add_subparsers(dest="part", metavar="PART", required=True)
    verify = parts.add_parser("verify", help="recompute the whole chain")
    verify.add_argument(
        "--anchor", type=Path, metavar="FILE", help="compare with an anchor kept elsewhere"
    )
    takes_json(verify)
    verify.set_defaults(run=run)
    anchor = parts.add_parser("anchor", help="the end of the chain now, signed")
    anchor.add_argument("--to", type=Path, metavar="FILE", help="write it to a new file")
    anchor.set_defaults(run=run_anchor)


def run(call: Call) -> int:
    """Recompute the chain; fail at the first row that does not fit."""
    return asyncio.run(_verify(call))


def run_anchor(call: Call) -> int:
    """Say the end of the chain, or write it to a file that did not exist.

    Raises:
        Conflict: The file is there already.
        Unavailable: It cannot be written.
    """
    target: Path | None = call.args.to
    anchor = asyncio.run(_anchor(call))
    told = asdict(anchor) | {"at": anchor.at.isoformat()}
    if target is None:
        say_json(told)
        return 0
    try:
        with target.open("x") as file:
            file.write(json.dumps(told, indent=2) + "\n")
    except FileExistsError as error:
        raise Conflict(f"{target} is already there. Choose another name.") from error
    except OSError as error:
        raise Unavailable(f"{target} cannot be written ({error.strerror}).") from error
    say(
        f"{target}: {anchor.length} rows. Keep it where nobody who runs vioP can change it."
    )
    return 0


async def _anchor(call: Call) -> Anchor:
    async with open_house(call) as ports:
        return await anchor_audit(ports)


async def _verify(call: Call) -> int:
    anchor = _read(call.args.anchor) if call.args.anchor else None
    async with open_house(call) as ports:
        first_break = await verify_audit(ports)
        problem = await check_anchor(ports, anchor) if anchor else ""
    if first_break is not None:
        problem = f"The audit is broken at row {first_break}."
    if call.args.json:
        say_json({"ok": not problem, "first_break": first_break, "problem": problem})
    elif problem:
        complain(problem, "Compare with a backup.")
    else:
        say("The audit is unbroken.")
    return 1 if problem else 0


def _read(file: Path) -> Anchor:
    """An anchor from a file.

    Raises:
        Missing: There is no such file.
        Invalid: It is no anchor.
    """
    try:
        told = json.loads(file.read_text())
        at = instant(datetime.fromisoformat(told["at"]))
        return Anchor(at, int(told["length"]), str(told["digest"]), str(told["signature"]))
    except OSError as error:
        raise Missing(f"{file} cannot be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(
            f"{file} is no anchor. Make one: viop audit anchor --to FILE"
        ) from error

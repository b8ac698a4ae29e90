"""``viop retention``: what is past its time; with ``--do`` it is forgotten."""

import argparse
import asyncio
from collections.abc import Mapping

from vioP.cli.composition import Call
from vioP.cli.opening import open_house
from vioP.cli.say import say, say_json, takes_json
from vioP.domain.retention import Kind
from vioP.flows.apply_retention import apply_retention, count_aged

_WORDS = {
    Kind.MESSAGES: "what messages said and to whom, and what was written back",
    Kind.EVENTS: "digests of providers' messages",
    Kind.SIGN_INS: "ended sign-ins",
    Kind.FEEDS: "calendar addresses of people no longer enrolled",
    Kind.DRAFTS: "drafts of past weeks that were never published",
    Kind.WAITING: "what was written about closed entries of waiting lists",
}


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    command.add_argument("--do", action="store_true", help="forget it now")
    takes_json(command)
    command.set_defaults(run=run)


def run(call: Call) -> int:
    """Count what is past its time, or forget it."""
    counts, spans = asyncio.run(_apply(call))
    if call.args.json:
        say_json({"done": call.args.do, "counts": {k.value: n for k, n in counts.items()}})
        return 0
    for kind, number in counts.items():
        say(f"{number:8} {_WORDS[kind]} (kept {spans[kind]} days)")
    say(
        "Done, and written into the audit."
        if call.args.do
        else "Nothing was changed. With --do this would be emptied or deleted."
    )
    return 0


async def _apply(call: Call) -> tuple[Mapping[Kind, int], Mapping[Kind, int]]:
    async with open_house(call) as ports:
        spans = {kind: ports.house.retention.of(kind).days for kind in Kind}
        if call.args.do:
            return await apply_retention(ports, "operator"), spans
        return await count_aged(ports), spans

"""``viop simulate``: live whole weeks in seconds, with everything that can go wrong."""

import argparse
import dataclasses

from vioP.cli.composition import Call
from vioP.cli.say import remark, say, say_json, takes_json
from vioP.domain.errors import Invalid

_BROKEN = 1
_FEWEST, _MOST = 3, 40


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    command.add_argument("--seed", type=int, default=1, help="which life; 1 when not said")
    command.add_argument("--weeks", type=int, default=1, help="how many weeks it lasts")
    command.add_argument("--people", type=int, default=8, help="how many participants")
    command.add_argument(
        "--log", action="store_true", help="say everything that left the service"
    )
    takes_json(command)
    command.set_defaults(run=_simulate)


def _simulate(call: Call) -> int:
    args = call.args
    if args.weeks < 1 or not _FEWEST <= args.people <= _MOST:
        raise Invalid(
            f"--weeks is 1 or more, and --people from {_FEWEST} to {_MOST}; "
            f"you said {args.weeks} and {args.people}."
        )
    lived = call.house.simulate(args.seed, args.weeks, args.people)
    if args.json:
        answer = dataclasses.asdict(lived)
        if not args.log:
            del answer["log"]
        say_json(answer)
    else:
        for line in lived.log if args.log else ():
            say(line)
        counts = ", ".join(f"{name} {number}" for name, number in lived.counts.items())
        say(f"Seed {lived.seed}, {lived.weeks} weeks, {lived.people} people: {counts}.")
        say(f"Trace {lived.trace}, of version {lived.version}.")
        for each in lived.violations:
            say(f"Broken: {each}")
        say("Nothing broke." if not lived.violations else "")
    if lived.violations:
        remark(
            f"The same happens again: viop simulate --seed {lived.seed} "
            f"--weeks {lived.weeks} --people {lived.people} --log"
        )
    return _BROKEN if lived.violations else 0

"""``viop arrange``: pins, journeys, people kept apart, phases, and days of groups."""

import argparse
import asyncio
from collections.abc import Callable
from datetime import date, time

from vioP.cli.composition import Call
from vioP.cli.opening import open_house
from vioP.cli.say import say, say_json, takes_json
from vioP.domain.arrangement import (
    Arrangement,
    ClosedDay,
    Journey,
    KeptApart,
    MakeUp,
    MergedMeeting,
    OpenedPhase,
    Pin,
)
from vioP.domain.errors import Invalid
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.program import WEEKDAYS
from vioP.files.table import STATES, ZONES
from vioP.flows.arrange import arrange, show_arrangements, take_back_arrangement

_BY = "command line"
_Reader = Callable[[argparse.Namespace], Arrangement]


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its parts."""
    parts = command.add_subparsers(dest="part", metavar="PART", required=True)

    def part(name: str, text: str, read: _Reader) -> argparse.ArgumentParser:
        found = parts.add_parser(name, help=text)
        found.set_defaults(run=lambda call: asyncio.run(_add(call, read)))
        return found

    pin = part("pin", "keep an appointment at one time on somebody's own clock", _pin)
    pin.add_argument("participant")
    pin.add_argument("kind", choices=["individual", "psychiatry", "family"])
    pin.add_argument("weekday", choices=WEEKDAYS)
    pin.add_argument("at", type=time.fromisoformat, metavar="HH:MM")
    pin.add_argument("--from", dest="first", type=date.fromisoformat, required=True)
    pin.add_argument("--until", dest="last", type=date.fromisoformat)
    journey = part("journey", "somebody is elsewhere for some days", _journey)
    journey.add_argument("participant")
    journey.add_argument("first", type=date.fromisoformat, metavar="FIRST-DAY")
    journey.add_argument("last", type=date.fromisoformat, metavar="LAST-DAY")
    journey.add_argument("city")
    journey.add_argument("state", choices=sorted(STATES), metavar="STATE")
    journey.add_argument("zone", choices=sorted(ZONES), metavar="ZONE")
    apart = part("keep-apart", "two people are never in one group", _apart)
    apart.add_argument("one")
    apart.add_argument("other")
    phase = part("open-phase", "a clinician finds somebody ready for a phase", _phase)
    phase.add_argument("participant")
    phase.add_argument("phase")
    phase.add_argument("first", type=date.fromisoformat, metavar="FIRST-DAY")
    make_up = part("make-up", "a cohort's day is held on another one", _make_up)
    make_up.add_argument("cohort")
    make_up.add_argument("instead_of", type=date.fromisoformat, metavar="MISSED-DAY")
    make_up.add_argument("day", type=date.fromisoformat, metavar="DAY")
    make_up.add_argument("at", type=time.fromisoformat, metavar="HH:MM")
    merge = part("merge", "a cohort's day is held together with another cohort's", _merge)
    merge.add_argument("cohort")
    merge.add_argument("day", type=date.fromisoformat, metavar="DAY")
    merge.add_argument("into", metavar="OTHER-COHORT")
    close = part("close", "nothing is held on a day", lambda args: ClosedDay(args.day))
    close.add_argument("day", type=date.fromisoformat, metavar="DAY")
    listed = parts.add_parser("list", help="everything arranged")
    takes_json(listed)
    listed.set_defaults(run=lambda call: asyncio.run(_list(call)))
    back = parts.add_parser("take-back", help="take an arrangement back")
    back.add_argument("arrangement", help="as `viop arrange list` names it")
    back.set_defaults(run=lambda call: asyncio.run(_take_back(call)))


def _pin(args: argparse.Namespace) -> Pin:
    weekday = WEEKDAYS.index(args.weekday)
    who = ParticipantId(args.participant)
    return Pin(who, args.kind, weekday, args.at, args.first, args.last)


def _journey(args: argparse.Namespace) -> Journey:
    who = ParticipantId(args.participant)
    return Journey(who, args.first, args.last, args.city, args.state, args.zone)


def _apart(args: argparse.Namespace) -> KeptApart:
    return KeptApart(ParticipantId(args.one), ParticipantId(args.other))


def _phase(args: argparse.Namespace) -> OpenedPhase:
    return OpenedPhase(ParticipantId(args.participant), args.phase, args.first)


def _make_up(args: argparse.Namespace) -> MakeUp:
    return MakeUp(CohortId(args.cohort), args.instead_of, args.day, args.at)


def _merge(args: argparse.Namespace) -> MergedMeeting:
    return MergedMeeting(CohortId(args.cohort), args.day, CohortId(args.into))


async def _add(call: Call, read: _Reader) -> int:
    try:
        what = read(call.args)
    except ValueError as error:
        raise Invalid(str(error)) from error
    async with open_house(call) as ports:
        noted = await arrange(ports, what, _BY)
    say(f"Noted as {noted.id}. Build the week again: nobody is told until it is published.")
    return 0


async def _list(call: Call) -> int:
    async with open_house(call) as ports:
        found = await show_arrangements(ports)
    lines = [
        {
            "id": each.id,
            "arrangement": type(each.what).__name__,
            **{name: _plain(getattr(each.what, name)) for name in each.what.__slots__},
        }
        for each in found
    ]
    if call.args.json:
        say_json(lines)
        return 0
    for line in lines:
        say(" ".join(str(value) for value in line.values() if value is not None))
    if not lines:
        say("Nothing is arranged.")
    return 0


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, int) else str(value)


async def _take_back(call: Call) -> int:
    async with open_house(call) as ports:
        await take_back_arrangement(ports, call.args.arrangement, _BY)
    say("Taken back. Build the week again.")
    return 0

"""The command line: one module per command.

Exit 0: done. 1: the check failed, or the program refused. 2: wrong use. What went wrong goes
to stderr, with the next step.
"""

import argparse
import importlib
from collections.abc import Sequence

from vioP import __version__
from vioP.cli.composition import Call, Composition
from vioP.cli.say import complain
from vioP.domain.errors import VioPError, WrongSettings

# Each command's module, and what it is for. Only the one that is used is loaded.
COMMANDS = {
    "up": ("up", "everything in one process"),
    "serve": ("serve", "serve the pages"),
    "work": ("work", "run jobs beside other processes"),
    "migrate": ("database", "bring the database up to date"),
    "init": ("init", "write a first configuration"),
    "import": ("import_files", "import a programme and its people"),
    "plan": ("plan", "build and publish weeks"),
    "leave": ("leave", "who is away"),
    "arrange": ("arrange", "pins, journeys, and what else holds for single people"),
    "invites": ("invites", "calendar messages"),
    "replies": ("replies", "answers to calendar messages"),
    "simulate": ("simulate", "live whole weeks in seconds, faults included"),
    "drill": ("drill", "ring me through the phone backup"),
    "ladder": ("ladder", "what a missed join leads to"),
    "password": ("password", "give a member of staff a new password"),
    "second-factor": ("second_factor", "forget an authenticator that was lost"),
    "elsewhere": ("elsewhere", "forget who a member of staff is where they sign in"),
    "doctor": ("doctor", "check this installation"),
    "backup": ("backup", "copy the database, checked, while it is used"),
    "restore": ("backup", "put a copy back"),
    "keys": ("keys", "seal names, addresses and notes in the database"),
    "backup-key": ("backup", "make the pair of keys that seals and opens copies"),
    "export": ("export", "everything kept about one participant"),
    "erase": ("erase", "forget who one participant was"),
    "retention": ("retention", "what is past its time, and forgetting it"),
    "audit": ("audit", "the record of who did what"),
}
REFUSED, WRONG_USE = 1, 2


def parser(wanted: str) -> argparse.ArgumentParser:
    """Every command by name, the wanted one with its options."""
    top = argparse.ArgumentParser(
        prog="viop", description="The week of a virtual intensive outpatient program."
    )
    top.add_argument("--version", action="version", version=f"viop {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (module, about) in COMMANDS.items():
        command = commands.add_parser(name, help=about, description=about)
        if name == wanted:
            importlib.import_module(f"vioP.cli.{module}").add(command)
    return top


def main(argv: Sequence[str], house: Composition) -> int:
    """Run one command.

    Returns:
        The exit code.
    """
    args = parser(argv[0] if argv else "").parse_args(argv)
    try:
        code: int = args.run(Call(args, house))
    except WrongSettings as error:
        complain(str(error))
        return WRONG_USE
    except VioPError as error:
        complain(str(error))
        return REFUSED
    except KeyboardInterrupt:
        return REFUSED
    except Exception as error:  # noqa: BLE001 - the last line before the shell
        complain(
            f"{type(error).__name__}: {error}", "This is a fault in vioP; please report it."
        )
        return REFUSED
    return code

"""``viop backup`` and ``viop restore``: a checked copy of a SQLite database, and back."""

import argparse
import asyncio
import shutil
from pathlib import Path

from vioP.cli.composition import Call
from vioP.cli.opening import require_database, settings_of
from vioP.cli.say import say
from vioP.domain.errors import Conflict, Invalid, Missing
from vioP.settings import Settings
from vioP.storage import schema
from vioP.storage.connect import copy_sqlite, is_sound


def add(command: argparse.ArgumentParser) -> None:
    """Give either command its options."""
    command.add_argument("file", type=Path)
    command.set_defaults(run=run)


def run(call: Call) -> int:
    """Copy the database, or put a copy back."""
    return run_backup(call) if call.args.command == "backup" else run_restore(call)


def run_backup(call: Call) -> int:
    """Copy the database to a file that did not exist.

    Raises:
        Conflict: The file is there already.
        Invalid: The database is PostgreSQL, which brings pg_dump.
    """
    source = _path(settings_of(call))
    target: Path = call.args.file
    if target.exists():
        raise Conflict(f"{target} is already there. Choose another name.")
    asyncio.run(copy_sqlite(source, target))
    say(f"{target}: {target.stat().st_size} bytes, checked.")
    return 0


def run_restore(call: Call) -> int:
    """Put a sound copy in the place of a database that is not there.

    Raises:
        Missing: There is no such file.
        Conflict: There is a database already; it is left as it is.
        Invalid: The file is damaged, or no database of ours.
    """
    target = _path(settings_of(call), must_exist=False)
    source: Path = call.args.file
    if not source.exists():
        raise Missing(f"There is no file {source}.")
    if target.exists():
        raise Conflict(f"{target} is in the way. Stop vioP and move it away first.")
    if not asyncio.run(is_sound(source)):
        raise Invalid(f"{source} is damaged or no SQLite database. Use another copy.")
    beside = target.with_name(f"{target.name}.new")
    shutil.copyfile(source, beside)
    asyncio.run(schema.require_current(f"sqlite:///{beside}"))
    beside.replace(target)
    say(f"{target} restored from {source}.")
    return 0


def _path(settings: Settings, *, must_exist: bool = True) -> Path:
    if not settings.database.startswith("sqlite:///"):
        raise Invalid("PostgreSQL brings its own tools: pg_dump and pg_restore.")
    if must_exist:
        require_database(settings)
    return Path(settings.database.removeprefix("sqlite:///"))

"""``viop backup``, ``viop restore``, ``viop backup-key``: a checked, sealed copy, and back."""

import argparse
import asyncio
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from vioP.cli.composition import Call
from vioP.cli.erased import read_erased
from vioP.cli.opening import require_database, settings_of
from vioP.cli.say import say
from vioP.domain.errors import Conflict, Invalid, Missing
from vioP.flows.erase_person import erase_again
from vioP.seal import check_recipients, is_sealed, new_key, seal, unseal
from vioP.settings import Settings
from vioP.storage import schema
from vioP.storage.connect import copy_sqlite, is_sound

_OWNER_ONLY = 0o600


def add(command: argparse.ArgumentParser) -> None:
    """Give each of the three commands its options."""
    command.add_argument("file", type=Path)
    if command.prog.endswith(" restore"):
        command.add_argument(
            "--key", type=Path, help="the file with the secret key of a sealed copy"
        )
    command.set_defaults(run=run)


def run(call: Call) -> int:
    """Copy the database, put a copy back, or make a pair of keys."""
    does = {"backup": run_backup, "restore": run_restore, "backup-key": run_key}
    return does[call.args.command](call)


def run_backup(call: Call) -> int:
    """Copy the database to a file that did not exist; encrypted where there are recipients.

    Raises:
        Conflict: The file is there already.
        Invalid: The database is PostgreSQL, which brings pg_dump.
        WrongSettings: A recipient is no public key; nothing was copied.
    """
    settings = settings_of(call)
    source = _path(settings)
    target: Path = call.args.file
    recipients = settings.backup.recipients
    if target.exists():
        raise Conflict(f"{target} is already there. Choose another name.")
    check_recipients(recipients)
    if recipients:
        _sealed_copy(source, target, recipients)
        how = f"checked, and sealed for {len(recipients)}"
    else:
        asyncio.run(copy_sqlite(source, target))
        how = "checked, NOT encrypted: make a key with `viop backup-key FILE`"
    say(f"{target}: {target.stat().st_size} bytes, {how}.")
    return 0


def _sealed_copy(source: Path, target: Path, recipients: tuple[str, ...]) -> None:
    """The open copy stays beside the database, for its owner only, and goes at once."""
    with TemporaryDirectory(dir=source.parent, prefix=f"{source.name}.copy-") as own:
        plain = Path(own) / source.name
        asyncio.run(copy_sqlite(source, plain))
        with _passing(target.with_name(f"{target.name}.new")) as beside:
            seal(plain, beside, recipients)
            _keep(beside)
            beside.replace(target)


def run_restore(call: Call) -> int:
    """Put a sound copy in the place of a database that is not there.

    Raises:
        Missing: There is no such file.
        Conflict: There is a database already; it is left as it is.
        Invalid: The file is damaged, no database of ours, or sealed for another key.
    """
    target = _path(settings_of(call), must_exist=False)
    source: Path = call.args.file
    key: Path | None = call.args.key
    for each in (source, key):
        if each is not None and not each.exists():
            raise Missing(f"There is no file {each}.")
    if target.exists():
        raise Conflict(f"{target} is in the way. Stop vioP and move it away first.")
    with _passing(target.with_name(f"{target.name}.new")) as beside:
        _open_copy(source, beside, key)
        if not asyncio.run(is_sound(beside)):
            raise Invalid(f"{source} is damaged or no SQLite database. Use another copy.")
        back = asyncio.run(_forget_the_erased(call, f"sqlite:///{beside}"))
        _keep(beside)
        beside.replace(target)
    say(f"{target} restored from {source}.")
    if back:
        say(f"Erased again, since they were erased after it was made: {', '.join(back)}.")
    return 0


async def _forget_the_erased(call: Call, copy: str) -> Sequence[str]:
    """Erase from a copy, before anything leaves by it, whoever was erased since it was made."""
    await schema.require_current(copy)
    settings = settings_of(call)
    listed = read_erased(settings)
    if not listed:
        return ()
    async with call.house.ports(settings.model_copy(update={"database": copy})) as ports:
        return await erase_again(ports, listed, "operator")


def _open_copy(source: Path, target: Path, key: Path | None) -> None:
    if not is_sealed(source):
        shutil.copyfile(source, target)
    elif key is None:
        raise Invalid(f"{source} is sealed. Name the file with its secret key: --key FILE")
    else:
        unseal(source, target, key)


def run_key(call: Call) -> int:
    """Write a new secret key to a file that did not exist, and say its public one.

    Raises:
        Conflict: The file is there already.
    """
    file: Path = call.args.file
    if file.exists():
        raise Conflict(f"{file} is already there. Choose another name.")
    secret, public = new_key()
    file.touch(_OWNER_ONLY)
    file.write_text(f"# public key: {public}\n{secret}\n", encoding="utf-8")
    say(f'In config/local.toml:\n\n[backup]\nrecipients = ["{public}"]\n')
    say(f"Keep {file} off this machine, twice: without it no backup opens.")
    return 0


@contextmanager
def _passing(file: Path) -> Iterator[Path]:
    """A file of its owner only that does not outlive its use, nor an earlier one that did."""
    file.unlink(missing_ok=True)
    file.touch(_OWNER_ONLY)
    try:
        yield file
    finally:
        file.unlink(missing_ok=True)


def _keep(file: Path) -> None:
    """Have a file on the disk before it gets its name."""
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _path(settings: Settings, *, must_exist: bool = True) -> Path:
    if not settings.database.startswith("sqlite:///"):
        raise Invalid("PostgreSQL brings its own tools: pg_dump and pg_restore.")
    if must_exist:
        require_database(settings)
    return Path(settings.database.removeprefix("sqlite:///"))

"""``viop keys``: what seals the fields of the database; make it, and change it."""

import argparse
import asyncio
from collections.abc import Mapping

from vioP.cli.composition import Call
from vioP.cli.opening import require_database, settings_of
from vioP.cli.say import say
from vioP.clock import SystemClock
from vioP.domain.errors import Conflict, Invalid, Missing
from vioP.key_file import newest, read_keys, with_another, write_keys
from vioP.settings import Settings
from vioP.storage import schema
from vioP.storage.connect import connect
from vioP.storage.field_keys import FieldKeys
from vioP.storage.resealing import InForce, in_force, keys_of, seal_all


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its three acts."""
    acts = command.add_subparsers(dest="act", required=True)
    acts.add_parser("status", help="which key seals, and since when")
    acts.add_parser("make", help="make the key file; viop migrate then seals the fields")
    rotate = acts.add_parser("rotate", help="seal every field anew, with a new key")
    rotate.add_argument(
        "--stopped", action="store_true", help="say that nothing else uses the database"
    )
    rotate.add_argument(
        "--forget-old",
        action="store_true",
        help="forget older keys: no backup made until now can be read any more",
    )
    command.set_defaults(run=run)


def run(call: Call) -> int:
    """Say how things stand, make a key, or change it."""
    settings = settings_of(call)
    does = {"status": _status, "make": _make, "rotate": _rotate}
    does[call.args.act](call, settings)
    return 0


def _status(_call: Call, settings: Settings) -> None:
    require_database(settings)
    found = asyncio.run(_in_force(settings))
    if found is None:
        say("The fields are NOT sealed. Make a key: viop keys make")
        return
    say(f"The fields are sealed with {found.id}, since {found.since:%Y-%m-%d %H:%M} UTC.")
    held = ", ".join(read_keys(settings.key_file()))
    say(f"{settings.key_file()} holds: {held or 'nothing; put it back'}")


def _make(_call: Call, settings: Settings) -> None:
    """Make the key file.

    Raises:
        Conflict: There is one; it is left as it is.
    """
    file = settings.key_file()
    if read_keys(file):
        raise Conflict(f"{file} is already there. To change the key: viop keys rotate")
    write_keys(file, with_another({}))
    say(f"Made {file}. Copy it to where neither the database nor its backups are, now.")
    say("Then stop vioP, and seal the fields: viop migrate")


def _rotate(call: Call, settings: Settings) -> None:
    """Seal every field with a new key.

    Raises:
        Invalid: It was not said that nothing else uses the database.
        Missing: The fields are not sealed yet.
    """
    require_database(settings)
    if not call.args.stopped:
        raise Invalid(
            "Stop every process of vioP first: one that runs on would look people up by the "
            "old key. Then: viop keys rotate --stopped"
        )
    file = settings.key_file()
    keys = with_another(read_keys(file))
    # The new key is in the file before anything is sealed with it.
    write_keys(file, keys)
    count = asyncio.run(_reseal(settings, keys))
    say(f"{count} rows are sealed with {newest(keys)}. Copy {file} again, then start vioP.")
    if call.args.forget_old:
        write_keys(file, {newest(keys): keys[newest(keys)]})
        say("Older keys are forgotten: make a backup now, no older one can be read.")


async def _in_force(settings: Settings) -> InForce | None:
    async with connect(settings.direct_database()) as database:
        return await in_force(database)


async def _reseal(settings: Settings, keys: Mapping[str, bytes]) -> int:
    await schema.require_current(settings.direct_database())
    async with connect(settings.direct_database()) as database:
        old = await keys_of(database, keys)
        if old is None:
            raise Missing("The fields are not sealed yet. Run: viop migrate")
        new = FieldKeys(keys, newest(keys))
        count = await seal_all(database, old, new, SystemClock().now())
        await database.wipe()
    return count

"""Opening the house for a command: settings, a database that is up to date, the ports."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from vioP.cli import demo_house
from vioP.cli.composition import Call
from vioP.cli.say import remark
from vioP.clock import SystemClock
from vioP.domain.errors import Invalid, Missing
from vioP.domain.time import Week, week_named
from vioP.key_file import newest, read_keys
from vioP.ports import Ports
from vioP.settings import Settings, read_settings
from vioP.storage import schema
from vioP.storage.accounts import Account
from vioP.storage.connect import connect
from vioP.storage.field_keys import FieldKeys
from vioP.storage.resealing import in_force, seal_all


def settings_of(call: Call) -> Settings:
    """The settings of this place: what is configured, or the demo when that is all there is.

    Raises:
        WrongSettings: A setting is missing or wrong; each is named, its value never.
    """
    if getattr(call.args, "demo", False):
        return demo_house.settings()
    configured = Path("config/local.toml").exists() or any(
        name.startswith("VIOP_") for name in os.environ
    )
    if not configured and demo_house.exists():
        remark(f"Nothing is configured here; using the demo in {demo_house.FOLDER}.")
        return demo_house.settings()
    return read_settings()


@asynccontextmanager
async def open_house(call: Call) -> AsyncIterator[Ports]:
    """The ports, on a database that has every table.

    Raises:
        Missing: There is no database yet.
        DatabaseTooNew: A newer version wrote it.
    """
    settings = settings_of(call)
    require_database(settings)
    await schema.require_current(settings.database)
    async with call.house.ports(settings) as ports:
        yield ports


async def bring_up_to_date(settings: Settings) -> bool:
    """Migrate a database that is behind, and seal its fields where there is a key for them.

    Returns:
        Whether there was anything to do.

    Raises:
        DatabaseTooNew: A newer version wrote it; nothing was changed.
        Unavailable: It cannot be opened or written.
    """
    url = settings.direct_database()
    changed = await schema.bring_up_to_date(url)
    keys = read_keys(settings.key_file())
    if not keys:
        return changed
    async with connect(url) as database:
        if await in_force(database) is not None:
            return changed
        new = FieldKeys(keys, newest(keys))
        count = await seal_all(database, None, new, SystemClock().now())
        await database.wipe()
    if count:
        remark(f"The fields of {count} rows are sealed with {new.active}.")
    return True


async def staff_account(ports: Ports, email: str) -> Account:
    """The account of the member of staff with an address.

    Raises:
        Missing: Nobody on the staff has it.
    """
    async with ports.store.read() as tx:
        account = await tx.accounts.by_email(email.strip().lower())
    if account is None or account.person.is_participant:
        raise Missing("No member of staff has this address. Participants sign in by code.")
    return account


def require_database(settings: Settings) -> None:
    """Refuse to make an empty database where somebody expected theirs."""
    if settings.database.startswith("sqlite:///"):
        path = Path(settings.database.removeprefix("sqlite:///"))
        if not path.exists():
            raise Missing(
                f"There is no database at {path}. Make one: viop migrate. "
                "Or try the demo: viop up --demo"
            )


def week_of_args(call: Call) -> Week:
    """The week a command was told.

    Raises:
        Invalid: It is no date.
    """
    try:
        return week_named(call.args.week)
    except ValueError as error:
        raise Invalid(
            f"--week {call.args.week} is not a date. Write one of its days, such as 2027-03-08."
        ) from error

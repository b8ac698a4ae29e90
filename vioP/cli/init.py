"""``viop init``: a first configuration, with a key nobody can guess."""

import argparse
import secrets
from pathlib import Path

from vioP.cli.composition import Call
from vioP.cli.say import say
from vioP.domain.errors import Conflict, Unavailable
from vioP.key_file import read_keys, with_another, write_keys

_LOCAL = Path("config/local.toml")
_TEXT = """\
# This place's own settings. config/viop.toml lists them all with their defaults.
# This file holds a secret: keep it out of version control and of backups you share.
link_key = "{key}"
database = "sqlite:///viop.db"
base_url = "http://127.0.0.1:8080"

[sender]
name = "Example Health"
address = "appointments@example.org"
phone = "+1 212 555 0100"
"""


def add(command: argparse.ArgumentParser) -> None:
    """Give the command its options."""
    command.set_defaults(run=run)


def run(_call: Call) -> int:
    """Write ``config/local.toml``, unless there is one.

    Raises:
        Conflict: There is one already; it is left as it is.
        Unavailable: The folder cannot be written.
    """
    if _LOCAL.exists():
        raise Conflict(f"{_LOCAL} is already there. Edit it, or move it away first.")
    try:
        _LOCAL.parent.mkdir(exist_ok=True)
        _LOCAL.touch(mode=0o600)
        _LOCAL.write_text(_TEXT.format(key=secrets.token_urlsafe(48)))
    except OSError as error:
        raise Unavailable(
            f"{_LOCAL} cannot be written ({error.strerror}). Make its folder writable."
        ) from error
    say(f"Wrote {_LOCAL}. Edit the sender, then: viop migrate, viop import, viop up")
    keys = Path("var/field.keys")
    if not read_keys(keys):
        write_keys(keys, with_another({}))
        say(f"Made {keys}, which seals names, addresses and notes in the database.")
        say(
            "Copy it to where neither the database nor its backups are: nothing opens them else."
        )
    return 0

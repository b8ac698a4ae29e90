"""The key file: what seals the fields of the database, kept beside it and never in it.

One key a line, its name and 256 random bits in base64; the last one seals, the others open
what they sealed before. Readable for its owner alone.
"""

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from vioP.domain.errors import Unavailable, WrongSettings

_OTHERS = 0o077
_OWNER_ONLY = 0o600
_BYTES = 32
_HEAD = """\
# What names, addresses, numbers and notes in the database are sealed with. The last line seals.
# Keep a copy where neither the database nor its backups are: without it they cannot be read.
"""


def read_keys(file: Path) -> Mapping[str, bytes]:
    """The keys by name, the one that seals last; none where there is no file.

    Raises:
        WrongSettings: Others may read the file, or a line is no key.
    """
    try:
        if file.stat().st_mode & _OTHERS:
            raise WrongSettings(f"Others may read {file}. Run: chmod 600 {file}")
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise WrongSettings(f"{file} cannot be read ({error.strerror}).") from error
    found = {}
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            name, _, written = line.strip().partition(" ")
            found[name] = _decoded(file, number, written)
    return found


def newest(keys: Mapping[str, bytes]) -> str:
    """The name of the key that seals."""
    return tuple(keys)[-1]


def with_another(keys: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The same keys and a new one, which seals from then on."""
    number = 1 + max((int(each[1:]) for each in keys if each[1:].isdigit()), default=0)
    return {**keys, f"k{number}": secrets.token_bytes(_BYTES)}


def write_keys(file: Path, keys: Mapping[str, bytes]) -> None:
    """Write the file anew: as a whole, or not at all.

    Raises:
        Unavailable: The folder cannot be written.
    """
    lines = [f"{name} {base64.b64encode(key).decode()}\n" for name, key in keys.items()]
    beside = file.with_name(f"{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        beside.touch(mode=_OWNER_ONLY)
        with beside.open("w", encoding="utf-8") as target:
            target.write(_HEAD + "".join(lines))
            target.flush()
            os.fsync(target.fileno())
        beside.replace(file)
        _settle(file.parent)
    except OSError as error:
        raise Unavailable(
            f"{file} cannot be written ({error.strerror}). Make its folder writable."
        ) from error


def _settle(folder: Path) -> None:
    """Let the new name survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _decoded(file: Path, number: int, written: str) -> bytes:
    try:
        key = base64.b64decode(written, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _BYTES:
        raise WrongSettings(
            f"{file}, line {number}: no key. A line is a name and {_BYTES} bytes in base64."
        )
    return key

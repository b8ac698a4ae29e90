"""A folder of kept files: each appears whole under its name, or not at all."""

import os
from pathlib import Path

from vioP.domain.errors import Unavailable


def keep(folder: Path, name: str, content: bytes) -> None:
    """Write a file that survives a power cut once this returns; the same name is replaced.

    Raises:
        Unavailable: The folder cannot be written; make it writable and try again.
    """
    beside = folder / f".{name}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(folder / name)
    except OSError as error:
        raise Unavailable(
            f"The folder {folder} cannot be written ({error.strerror}). "
            "Make it writable for the user vioP runs as."
        ) from error

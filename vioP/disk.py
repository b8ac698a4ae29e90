"""How much room is left on a disk."""

import shutil
from pathlib import Path


def free_bytes(place: Path) -> int:
    """The room left where a file or folder is, or will be."""
    there = place.resolve()
    while not there.exists():
        there = there.parent
    return shutil.disk_usage(there).free

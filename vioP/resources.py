"""Where templates and the demo programme lie: beside the package, or inside a wheel."""

from pathlib import Path

_HERE = Path(__file__).parent


def folder(name: str) -> Path:
    """A folder that comes with the program, such as ``templates``."""
    packed = _HERE / "_data" / name
    return packed if packed.is_dir() else _HERE.parent / name

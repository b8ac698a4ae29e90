"""The list of who was erased, beside the database: it outlives a database that is restored.

It holds identifiers, which name nobody, one a line.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from vioP.domain.ids import ParticipantId
from vioP.settings import Settings


def read_erased(settings: Settings) -> Sequence[ParticipantId]:
    """Everybody whom the list names; nobody where there is none."""
    file = _file(settings)
    if not file.exists():
        return ()
    lines = file.read_text(encoding="utf-8").splitlines()
    return [ParticipantId(each.strip()) for each in lines if each.strip()]


def add_erased(settings: Settings, people: Iterable[str]) -> Path:
    """Have the list name these people too; says where it is."""
    file = _file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    named = sorted({*read_erased(settings), *people})
    beside = file.with_name(f"{file.name}.new")
    beside.write_text("".join(f"{each}\n" for each in named), encoding="utf-8")
    beside.replace(file)
    return file


def _file(settings: Settings) -> Path:
    return settings.data / "erased.txt"

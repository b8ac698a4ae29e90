"""A file as text, with its name for messages, and where the tables of a TOML file begin."""

import re
from dataclasses import dataclass
from pathlib import Path

from vioP.files.problems import Problem, ProblemsFound

_TABLE = re.compile(r"^\s*\[\[?\s*([A-Za-z0-9_.\-]+)\s*\]\]?")
_KEY = re.compile(r"""^\s*["']?([A-Za-z0-9_\-]+)["']?\s*=""")


@dataclass(frozen=True, slots=True)
class Source:
    """A file's name, as the operator wrote it, and its text."""

    name: str
    text: str


def load(path: Path) -> Source:
    """Read a file.

    Raises:
        ProblemsFound: It is missing, cannot be read, or is not UTF-8.
    """
    try:
        return Source(path.name, path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = Problem(path.name, line, "file", "is not UTF-8.", "Save it as UTF-8.")
    except OSError as error:
        remedy = f"Check the path {path}."
        problem = Problem(
            path.name, 1, "file", f"cannot be read ({error.strerror}).", remedy
        )
    raise ProblemsFound((problem,))


class Lines:
    """Where each key of a TOML file stands. The parser does not say."""

    def __init__(self, text: str) -> None:
        self._at: dict[tuple[str, int, str], int] = {}
        counts: dict[str, int] = {}
        table, number = "", 0
        for line, content in enumerate(text.splitlines(), start=1):
            if found := _TABLE.match(content):
                table = found[1]
                number = counts.get(table, 0)
                counts[table] = number + 1
                self._at[table, number, ""] = line
            elif found := _KEY.match(content):
                self._at.setdefault((table, number, found[1]), line)

    def of(self, table: str, number: int, key: str = "") -> int:
        """The line of a key, or of its table where the key is missing."""
        return self._at.get((table, number, key)) or self._at.get((table, number, ""), 1)

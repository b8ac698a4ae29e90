"""What is wrong in a file: where, what, and how to mend it. Every problem, not the first."""

from dataclasses import dataclass, field
from difflib import get_close_matches

from vioP.domain.errors import Invalid


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        line: Counted from 1.
        field: The key or column, with its table where it has one.
    """

    file: str
    line: int
    field: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.field}: {self.what} {self.remedy}"


class ProblemsFound(Invalid):
    """The files have problems. Nothing was imported."""

    code = "import.invalid"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Notebook:
    """Collects the problems of one file while it is read."""

    file: str
    found: list[Problem] = field(default_factory=list)

    def note(self, line: int, where: str, what: str, remedy: str) -> None:
        """Write a problem down and read on."""
        self.found.append(Problem(self.file, line, where, what, remedy))


def nearest(wrong: str, known: list[str], otherwise: str) -> str:
    """A remedy that names what was probably meant."""
    close = get_close_matches(wrong, known, n=1, cutoff=0.6)
    return f"Did you mean “{close[0]}”?" if close else otherwise

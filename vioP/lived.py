"""What a simulated life comes to: the shape ``viop simulate`` answers in."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lived:
    """A life that is over.

    Attributes:
        violations: What broke, in words.
        counts: How often what happened.
        trace: A digest of everything that left the service; one seed gives one trace.
        version: Of the program, with the commit where it is known.
        log: Everything that left the service, line by line.
    """

    seed: int
    weeks: int
    people: int
    violations: tuple[str, ...]
    counts: Mapping[str, int]
    trace: str
    version: str
    log: tuple[str, ...]

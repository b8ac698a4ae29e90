"""The world: its time, its chance, its troubles, and the machine the service runs on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from vioP.domain.time import Instant, later
from vioP.simulation.fate import Fate
from vioP.simulation.loop import VirtualLoop
from vioP.simulation.truth import Span, Trouble, Truth

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
# How often another program holds the file just when a change begins.
_BUSY = 0.003


@dataclass(slots=True)
class World:
    """Everything outside the process.

    Attributes:
        file: The service's database.
        begins: The true instant at which the world begins.
        skew: How far the machine's clock is ahead of the true time, in seconds.
        is_gentle: Whether nothing goes wrong any more.
    """

    seed: int
    begins: Instant
    file: Path
    loop: VirtualLoop
    fate: Fate
    truth: Truth = field(default_factory=Truth)
    skew: float = 0.0
    is_gentle: bool = False

    def time(self) -> float:
        """The true time, in seconds since the world began."""
        return self.loop.time()

    def true_instant(self) -> Instant:
        """The true instant."""
        return later(self.begins, timedelta(seconds=self.loop.time()))

    def now(self) -> Instant:
        """What the machine's clock shows."""
        return later(self.begins, timedelta(seconds=self.loop.time() + self.skew))

    def seconds(self, moment: Instant) -> float:
        """An instant in seconds since the world began."""
        return (moment - self.begins).total_seconds()

    def has(self, trouble: Trouble) -> bool:
        """Whether something is wrong at this moment."""
        spans = self.truth.troubles[trouble]
        return bool(spans) and spans[-1].until is None

    def begin(self, trouble: Trouble) -> None:
        """Something goes wrong from now on."""
        if not self.has(trouble):
            self.truth.troubles[trouble].append(Span(self.time()))
            self.truth.counts[trouble] += 1

    def end(self, trouble: Trouble) -> None:
        """It is well again."""
        if self.has(trouble):
            self.truth.troubles[trouble][-1].until = self.time()

    @contextmanager
    def trouble(self, trouble: Trouble) -> Iterator[None]:
        """Something is wrong while the block lasts."""
        self.begin(trouble)
        try:
            yield
        finally:
            self.end(trouble)

    def is_busy(self) -> bool:
        """Whether another program holds the database's file."""
        busy = not self.is_gentle and self.fate.happens(_BUSY)
        self.truth.counts["busy"] += busy
        return busy

    def is_full(self) -> bool:
        """Whether the disk has no room."""
        return self.has(Trouble.DISK)

    def commit_takes(self) -> float:
        """How long a commit takes, in seconds."""
        return self.fate.between(0.0005, 0.006)

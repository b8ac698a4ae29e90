"""Which letter goes next: what is awaited first, and no domain more than it can bear."""

import asyncio
from dataclasses import dataclass, field

from vioP.mail.compose import Letter
from vioP.mail.server import Limits
from vioP.mail.taken import Taken

_BURST_SECONDS = 6.0  # so much of a domain's pace may be spent at once


@dataclass(slots=True)
class Errand:
    """A letter on its way.

    Attributes:
        until: When it must be over, by the loop's clock.
        answer: What becomes of it, for whoever sent it.
    """

    letter: Letter
    taken: Taken
    until: float
    answer: asyncio.Future[str]
    under_way: bool = False

    def end(self, outcome: str | BaseException) -> None:
        """Say what became of it, if anybody still waits for that."""
        if self.answer.done():
            return
        if isinstance(outcome, BaseException):
            self.answer.set_exception(outcome)
        else:
            self.answer.set_result(outcome)

    @property
    def domain(self) -> str:
        """The part of the recipient's address that says whose server it ends up at."""
        return self.letter.to.rpartition("@")[2].lower()


@dataclass(slots=True)
class _Lane:
    """One domain: how many letters are under way, and when its pace allows another."""

    under_way: int = 0
    free_at: float = 0.0


@dataclass(slots=True)
class Lanes:
    """Letters that wait for a connection, by domain."""

    limits: Limits
    _waiting: list[Errand] = field(default_factory=list)
    _lanes: dict[str, _Lane] = field(default_factory=dict)

    def add(self, errand: Errand) -> None:
        """Let a letter wait: before all others if it is awaited, else behind them."""
        ahead = sum(each.letter.awaited for each in self._waiting)
        self._waiting.insert(ahead if errand.letter.awaited else len(self._waiting), errand)

    def next(self, now: float) -> Errand | float | None:
        """The letter that goes now, or the seconds until one may, or nothing to wait for.

        Whoever takes it says ``left`` once it has left or failed.
        """
        self._waiting = [each for each in self._waiting if not each.answer.done()]
        soonest: float | None = None
        for number, errand in enumerate(self._waiting):
            lane = self._lanes.setdefault(errand.domain, _Lane())
            if lane.under_way >= self.limits.per_domain:
                continue
            wait = lane.free_at - _BURST_SECONDS - now
            if wait <= 0 or errand.letter.awaited:
                del self._waiting[number]
                self._enter(lane, now)
                return errand
            soonest = wait if soonest is None else min(soonest, wait)
        return soonest

    def left(self, errand: Errand, now: float) -> None:
        """A letter is no longer under way."""
        lane = self._lanes[errand.domain]
        lane.under_way -= 1
        if not lane.under_way and lane.free_at <= now:
            del self._lanes[errand.domain]

    def drain(self) -> list[Errand]:
        """Everything that waits, taken out."""
        waiting, self._waiting = self._waiting, []
        return waiting

    def _enter(self, lane: _Lane, now: float) -> None:
        lane.under_way += 1
        if self.limits.pace:
            lane.free_at = max(lane.free_at, now) + 60.0 / self.limits.pace

"""Everything that goes wrong while people have sessions."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from vioP.simulation.machine import Machine
from vioP.simulation.truth import Trouble
from vioP.simulation.world import HOUR, MINUTE, World

# How long until it happens, on average, and how short and long it lasts.
_OUTAGES = (
    (Trouble.MAIL, 1.5 * HOUR, MINUTE, 12 * MINUTE),
    (Trouble.PHONE, 1.5 * HOUR, MINUTE, 8 * MINUTE),
    (Trouble.ROOM, 1.5 * HOUR, 20.0, 6 * MINUTE),
    (Trouble.DISK, 2.0 * HOUR, 5.0, 90.0),
)
_CLOCK_EVERY, _STALL_EVERY, _FORGED_EVERY = 1.5 * HOUR, HOUR, 10 * MINUTE


@dataclass(slots=True)
class Nemesis:
    """What nobody wishes for."""

    world: World
    machine: Machine

    async def rage(self, until: float) -> None:
        """Let things go wrong until a moment, and end every trouble then."""
        works: list[Callable[[], Awaitable[None]]] = [
            *(self._outage(*each) for each in _OUTAGES),
            self._clock,
            self._stall,
            self._forge,
        ]
        tasks = [asyncio.ensure_future(self._again(each)) for each in works]
        await asyncio.sleep(max(0.0, until - self.world.time()))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.world.skew = 0.0

    async def spoil_post(self, until: float) -> None:
        """Now and then let the mail server be away just when a week is told."""
        fate = self.world.fate
        await asyncio.sleep(fate.between(0, 2 * MINUTE))
        if fate.happens(0.5):
            with self.world.trouble(Trouble.MAIL):
                await asyncio.sleep(fate.between(20, 4 * MINUTE))
        await asyncio.sleep(max(0.0, until - self.world.time()))

    async def _again(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await work()

    def _outage(
        self, trouble: Trouble, every: float, least: float, most: float
    ) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            await asyncio.sleep(self.world.fate.after(every))
            with self.world.trouble(trouble):
                await asyncio.sleep(self.world.fate.between(least, most))

        return work

    async def _clock(self) -> None:
        """The machine's clock is set wrong, and right again."""
        fate = self.world.fate
        await asyncio.sleep(fate.after(_CLOCK_EVERY))
        with self.world.trouble(Trouble.CLOCK):
            self.world.skew = fate.one_of((-90.0, -45.0, -2.0, 2.0, 45.0, 90.0))
            try:
                await asyncio.sleep(fate.between(MINUTE, 10 * MINUTE))
            finally:
                self.world.skew = 0.0

    async def _stall(self) -> None:
        """The process gets no turn for a while."""
        fate = self.world.fate
        await asyncio.sleep(fate.after(_STALL_EVERY))
        with self.world.trouble(Trouble.STALL):
            self.world.loop.advance(fate.between(2.0, 20.0))
            await asyncio.sleep(1.0)

    async def _forge(self) -> None:
        """Somebody says that a person came, who did not."""
        fate, world = self.world.fate, self.world
        await asyncio.sleep(fate.after(_FORGED_EVERY))
        now = world.time()
        away = [
            (meeting, place)
            for meeting, place in world.truth.places()
            if meeting.starts - MINUTE <= now < meeting.ends and not place.came
        ]
        if away:
            meeting, place = fate.one_of(away)
            self.machine.rooms.forge(
                self.machine.neighbours.room_of(meeting.id), place.seat
            )

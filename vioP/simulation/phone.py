"""A telephone as its provider is: it rings whenever it is told to, and keeps no promise of ours.

It rings again when the same call is placed again, though the port forbids nothing of the
kind: that nobody is rung twice is for the service to see to.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from vioP.domain.call import RING, CallState, PhoneCall
from vioP.domain.errors import Unavailable
from vioP.simulation.life import Life, outside
from vioP.simulation.people import Neighbours
from vioP.simulation.truth import Ring, Trouble
from vioP.simulation.world import World

_UNHEARD = 0.05
_LISTENS = 8.0

# Tells the service how far a call got, or which key was pressed in it; says whether it heard.
Tell = Callable[[str, CallState | str], Awaitable[bool]]


@dataclass(slots=True)
class Exchange:
    """The provider: it outlives the process that placed a call."""

    world: World
    neighbours: Neighbours
    tell: Tell
    going: dict[str, Ring] = field(default_factory=dict)

    def place(self, call: PhoneCall) -> None:
        """Ring."""
        ring = Ring(self.world.time(), call.key, call.to)
        self.world.truth.rings.append(ring)
        self.world.truth.note(self.world.time(), f"ring {call.key}")
        self.going[call.key] = ring
        outside(self._rings(call, ring))

    def end(self, key: str) -> None:
        """Stop ringing."""
        ring = self.going.get(key)
        if ring is not None and not ring.is_over():
            ring.until = self.world.time()
            self.world.truth.note(self.world.time(), f"stop {key}")

    async def _rings(self, call: PhoneCall, ring: Ring) -> None:
        fate = self.world.fate
        await asyncio.sleep(fate.between(0.3, 2.0))
        await self.tell(call.key, CallState.RINGING)
        answers = self.neighbours.answers_phone(call)
        lasts = fate.between(4.0, 20.0) if answers is not None else RING.total_seconds()
        await asyncio.sleep(lasts)
        if ring.is_over():
            await self.tell(call.key, CallState.CANCELLED)
            return
        if answers is None:
            ring.until = self.world.time()
            await self.tell(call.key, CallState.NO_ANSWER)
            return
        await self.tell(call.key, CallState.ANSWERED)
        await asyncio.sleep(_LISTENS)
        if ring.is_over():
            return
        ring.until = self.world.time()
        if not answers:
            await self.tell(call.key, CallState.NO_KEY)
        elif await self.tell(call.key, answers):
            self.neighbours.pressed_key(call, answers)


@dataclass(frozen=True, slots=True)
class PhoneTwin:
    """What the process sees of the provider."""

    exchange: Exchange
    life: Life

    async def place(self, call: PhoneCall) -> str:
        """Ring a number. Whether it rings is not always heard."""
        world = self.exchange.world
        await self.life.takes(world.fate.between(0.1, 1.5))
        if world.has(Trouble.PHONE):
            raise Unavailable
        self.exchange.place(call)
        if world.fate.happens(_UNHEARD):
            raise Unavailable
        self.life.step()
        return f"ref-{call.key}"

    async def find(self, key: str) -> str | None:
        """What the provider calls a call of this key."""
        world = self.exchange.world
        await self.life.takes(world.fate.between(0.05, 0.5))
        if world.has(Trouble.PHONE):
            raise Unavailable
        return f"ref-{key}" if key in self.exchange.going else None

    async def end(self, reference: str, say: str) -> None:
        """Stop a call."""
        world = self.exchange.world
        await self.life.takes(world.fate.between(0.05, 0.4))
        if world.has(Trouble.PHONE):
            raise Unavailable
        self.exchange.end(reference.removeprefix("ref-"))

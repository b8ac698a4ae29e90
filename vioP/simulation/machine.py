"""The machine the service runs on: it starts the process, and starts it again when it died."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from aiohttp import web
from pydantic import SecretStr

from vioP.app import Waker, create_app
from vioP.domain.errors import DatabaseBusy, Unavailable, VioPError
from vioP.domain.ids import mint
from vioP.domain.time import Instant
from vioP.flows.sweep import sweep
from vioP.furnish import house_of
from vioP.jobs.alarm import Alarm
from vioP.jobs.embedded import EmbeddedEngine
from vioP.jobs.queue import RowQueue
from vioP.jobs.runner import Runner
from vioP.keys import Keys
from vioP.mail.compose import MailTemplates
from vioP.passwords import Argon2
from vioP.ports import Ports
from vioP.resources import folder
from vioP.settings import Settings
from vioP.simulation.drive import is_sound, open_drive
from vioP.simulation.fate import Fate
from vioP.simulation.life import Life
from vioP.simulation.people import Neighbours
from vioP.simulation.phone import Exchange, PhoneTwin
from vioP.simulation.post import MailTwin, TextsTwin
from vioP.simulation.rooms import CHOICES, RoomServer, RoomsTwin
from vioP.simulation.truth import Trouble
from vioP.simulation.world import HOUR, MINUTE, World
from vioP.storage import Store
from vioP.storage.field_keys import FieldKeys
from vioP.video.asking import Asking
from vioP.worker import handlers

LINK_KEY = b"the key of a simulated house, longer than thirty-two bytes"
FIELD_KEYS = FieldKeys({"k1": LINK_KEY[:32]}, "k1")
# Steps into the outside from one death to the next, on average; some die young.
_LIVES_FOR, _DIES_YOUNG, _YOUNG = 9_000, 600, 0.3
Answer = TypeVar("Answer")


class SeededKeys(Keys):
    """Secrets of a house in which nothing is random."""

    __slots__ = ("_fate",)

    def __init__(self, fate: Fate) -> None:
        super().__init__(LINK_KEY)
        object.__setattr__(self, "_fate", fate)

    def mint(self, prefix: str, now: Instant) -> str:
        """A new identifier."""
        return mint(prefix, int(now.timestamp() * 1000), self._octets(10))

    def uid(self) -> str:
        """A new invite uid."""
        return self._octets(20).hex()

    def token(self) -> str:
        """A new token."""
        return self._octets(32).hex()

    def _octets(self, count: int) -> bytes:
        fate: Fate = object.__getattribute__(self, "_fate")
        return fate.octets(count)


@dataclass(slots=True)
class Machine:
    """A computer with the service on it.

    Attributes:
        ports: What the running process works with; nothing while it is down or starting.
    """

    world: World
    file: Path
    socket: Path
    mails: MailTemplates
    exchange: Exchange = field(init=False)
    rooms: RoomServer = field(init=False)
    neighbours: Neighbours = field(init=False)
    ports: Ports | None = None
    life: Life | None = None
    is_on: bool = False
    _again: asyncio.TimerHandle | None = None

    def switch_on(self) -> None:
        """Start the process, and keep it running."""
        self.is_on = True
        if self.life is None or self.life.is_over:
            self._start()

    def switch_off(self) -> None:
        """Pull the plug of the process until it is switched on again."""
        self.is_on = False
        if self._again is not None:
            self._again.cancel()
        if self.life is not None and not self.life.is_over:
            self._end(self.life)

    async def is_up(self) -> None:
        """Wait until the process answers."""

        async def here(_ports: Ports) -> bool:
            return True

        await self.ask(here)

    async def once(self, act: Callable[[Ports], Awaitable[Answer]]) -> Answer | None:
        """Call into the running process once, as a provider does.

        Returns:
            Its answer; nothing when it is down, too slow, or did not understand.
        """
        life, ports = self.life, self.ports
        if life is None or ports is None:
            return None
        task = life.spawn(_awaited(act, ports))
        await asyncio.wait([task], timeout=20)
        failed = not task.done() or task.cancelled() or task.exception() is not None
        return None if failed else cast("Answer", task.result())

    async def ask(self, act: Callable[[Ports], Awaitable[Answer]]) -> Answer:
        """Ask the service for something until it answers, as staff do.

        Raises:
            VioPError: It has refused.
        """
        while True:
            life, ports = self.life, self.ports
            if life is not None and ports is not None:
                task = life.spawn(_awaited(act, ports))
                await asyncio.wait([task], timeout=MINUTE)
                if task.done() and not task.cancelled():
                    failed = task.exception()
                    if failed is None:
                        return cast("Answer", task.result())
                    if isinstance(failed, VioPError) and not isinstance(
                        failed, Unavailable | DatabaseBusy
                    ):
                        raise failed
            await asyncio.sleep(self.world.fate.between(3, 20))

    def _start(self) -> None:
        world = self.world
        mean = _DIES_YOUNG if world.fate.happens(_YOUNG) else _LIVES_FOR
        left = None if world.is_gentle else int(world.fate.after(mean)) + 1
        life = Life(left, lambda: self._end(life))
        self.life = life
        world.begin(Trouble.DOWN)
        life.spawn(self._run(life)).add_done_callback(partial(self._ended, life))

    def _end(self, life: Life) -> None:
        """The process dies, and the machine starts it again: soon, or after hours."""
        self.world.begin(Trouble.DOWN)
        self.world.truth.counts["deaths"] += 1
        self.ports = None
        life.end()
        if not self.is_on:
            return
        fate = self.world.fate
        how_bad = 0.0 if self.world.is_gentle else fate.between(0, 1)
        down = fate.between(1, 30)
        if how_bad > 0.75:  # noqa: PLR2004 - three of four restarts are quick
            down = fate.between(3 * MINUTE, 25 * MINUTE)
        if how_bad > 0.97:  # noqa: PLR2004 - now and then a machine is gone for hours
            down = fate.between(2 * HOUR, 4 * HOUR)
        self._again = self.world.loop.call_later(down, self._start)

    def _ended(self, life: Life, task: "asyncio.Task[Any]") -> None:
        """A process that could not start is started again, as by any supervisor."""
        failed = None if task.cancelled() else task.exception()
        if life.is_over or failed is None:
            return
        self.world.truth.counts[f"start failed: {type(failed).__name__}"] += 1
        self._end(life)

    async def _run(self, life: Life) -> None:
        """Everything in one process: the same parts, in the same order, as ``vioP.app``."""
        world = self.world
        if not is_sound(self.file):
            world.truth.counts["damaged"] += 1
        waker = Waker([])
        async with open_drive(self.file, life, world) as drive:
            ports = self._ports(life, Store(drive, FIELD_KEYS), waker)
            alarm = Alarm(world.now, machine=world.now)
            engine = EmbeddedEngine(Runner(ports.store, world.now, handlers(ports)), alarm)
            waker.heard.append(alarm.ring_at)
            life.last_rites.append(alarm.stop)
            await engine.start()
            await sweep(ports)
            await self._serve(life, ports)
            self.ports = ports
            world.end(Trouble.DOWN)
            await asyncio.Event().wait()

    def _ports(self, life: Life, store: Store, waker: Waker) -> Ports:
        world = self.world
        rooms = RoomsTwin(
            CHOICES,
            cast("Asking", None),  # its wire is played
            world.now,
            LINK_KEY,
            server=self.rooms,
            life=life,
        )
        return Ports(
            store=store,
            jobs=RowQueue(waker),
            clock=world,
            secrets=SeededKeys(world.fate),
            passwords=Argon2(),
            mail=MailTwin(world, life, self.neighbours),
            texts=TextsTwin(world, life, self.neighbours),
            video=rooms,
            spare_video=rooms,
            mails=self.mails,
            house=house_of(settings()),
            telephone=PhoneTwin(self.exchange, life),
        )

    async def _serve(self, life: Life, ports: Ports) -> None:
        """Serve the real pages on a socket of this machine."""
        runner = web.AppRunner(
            create_app(ports, settings()), handler_cancellation=True, access_log=None
        )
        await runner.setup()
        handler = runner.server
        assert handler is not None  # noqa: S101 - it was set up in the line before
        server = await self.world.loop.create_unix_server(handler, str(self.socket))

        def close() -> None:
            server.close()
            for each in handler.connections:
                if each.transport is not None:
                    each.transport.abort()

        life.last_rites.append(close)


def settings() -> Settings:
    """The defaults, whatever is configured in this place."""
    return Settings.model_construct(link_key=SecretStr(LINK_KEY.decode()), data=Path())


def templates() -> MailTemplates:
    """The words of mails."""
    return MailTemplates(folder("templates") / "mail")


async def _awaited(act: Callable[[Ports], Awaitable[Answer]], ports: Ports) -> Answer:
    return await act(ports)

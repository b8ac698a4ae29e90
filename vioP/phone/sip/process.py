"""The phone process, started by us and started again whenever it ends.

The SIP stack is young, written in C, and cannot be started twice in one process. It lives
in a process of its own, so that its end costs the calls under way and nothing else.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import structlog

import vioP
from vioP.beside import beside
from vioP.domain.errors import Unavailable
from vioP.phone.sip.wire import LONGEST_LINE, LineChoices, News, Order, line_of, news_of

log = structlog.get_logger()

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
_STEADY_AFTER = 10.0
_STOP_WITHIN = 3.0


def is_installed() -> bool:
    """Whether the extra ``sip`` is there."""
    return find_spec("baresip") is not None


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears of the phone process.

    Attributes:
        news: Told everything about calls, in order.
        lost: Told that the process has ended, and with it every call.
    """

    news: Callable[[News], None]
    lost: Callable[[], None]


class PhoneProcess:
    """Keeps the phone process running for as long as the block of ``running`` lasts.

    Attributes:
        registered: Whether the exchange knows us; nothing while that is not known.
    """

    def __init__(self, choices: LineChoices, folder: Path) -> None:
        self._choices = choices
        self._folder = folder
        self._orders: asyncio.StreamWriter | None = None
        self._turn = 0
        self._ready = asyncio.Event()
        self.pid: int | None = None
        self.registered: bool | None = None

    async def wait(self, patience: float = 3.0) -> None:
        """Return as soon as it can dial.

        Args:
            patience: Seconds to wait.

        Raises:
            Unavailable: It does not run.
        """
        try:
            async with asyncio.timeout(patience):
                await self._ready.wait()
        except TimeoutError as error:
            raise Unavailable("The telephone is not running. Try again.") from error

    def give(self, order: Order) -> bool:
        """Have an order carried out.

        Returns:
            Whether there was a process to give it to.
        """
        if self._orders is None or self._orders.is_closing():
            return False
        self._orders.write(line_of(order))
        return True

    @asynccontextmanager
    async def running(self, listener: Listener) -> AsyncIterator[Self]:
        """Start it, and stop it and every call when the block ends."""
        async with beside(self._keep(listener)):
            yield self

    async def _keep(self, listener: Listener) -> None:
        """Start it again whenever it ends, after a rest that grows while it keeps failing."""
        loop = asyncio.get_running_loop()
        pause = _FIRST_PAUSE
        while True:
            begun = loop.time()
            code = await self._run_once(listener)
            log.warning("phone.ended", code=str(code), count=self._turn)
            steady = loop.time() - begun > _STEADY_AFTER
            pause = _FIRST_PAUSE if steady else min(pause * 2, _LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _run_once(self, listener: Listener) -> int | None:
        """Run it until it ends, and say how it ended."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / "phone.log").open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "vioP.phone.sip.worker",
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                stderr=errors, env=_surroundings(), limit=LONGEST_LINE,
            )  # fmt: skip
        self.pid = process.pid
        self._turn += 1
        try:
            assert process.stdin is not None  # noqa: S101 - asked for above
            assert process.stdout is not None  # noqa: S101 - asked for above
            self._orders = process.stdin
            # Its first line, and the only place its password is told.
            process.stdin.write(line_of(self._choices))
            await self._listen(process.stdout, listener)
            return await process.wait()
        finally:
            self._ready.clear()
            self._orders = None
            self.registered = None
            await _stop(process)
            listener.lost()

    async def _listen(self, news: asyncio.StreamReader, listener: Listener) -> None:
        while line := await news.readline():
            heard = news_of(line)
            match heard.what:
                case "ready":
                    self._ready.set()
                    log.info("phone.started", count=self._turn)
                case "registered" | "unregistered":
                    self._note_registration(heard)
                case _:
                    listener.news(heard)

    def _note_registration(self, heard: News) -> None:
        registered = heard.what == "registered"
        if registered != self.registered:
            self.registered = registered
            if registered:
                log.info("phone.registered")
            else:
                log.warning("phone.unregistered", code=heard.text)


def _surroundings() -> dict[str, str]:
    """What the process is told of ours: where this program lies, and none of its secrets."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ
    }
    home = Path(vioP.__file__).parents[1]
    return kept | {"PYTHONPATH": str(home), "PYTHONUNBUFFERED": "1"}


async def _stop(process: asyncio.subprocess.Process) -> None:
    """Let it hang up and end; make it end when it does not."""
    if process.returncode is not None:
        return
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(_STOP_WITHIN):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()

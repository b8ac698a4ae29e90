"""One Janus process, started by us, started again whenever it dies or hangs."""

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import aiohttp
import structlog

from vioP.beside import beside
from vioP.domain.errors import Unavailable
from vioP.video.janus.config import JanusChoices, JanusProgram, free_port, write_config

log = structlog.get_logger()

PROTOCOL = "janus-protocol"
_READY_WITHIN = 10.0
_LOOK = 0.03
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0
_STEADY_AFTER = 10.0
_STOP_WITHIN = 3.0
_ASKED_EVERY = 5.0
_MISSES = 2


@dataclass(frozen=True, slots=True)
class JanusAddress:
    """Where the running Janus is reached, and what it wants to hear.

    Attributes:
        turn: Counts starts; rooms made in an earlier one are gone.
        since: When it came up, on the event loop's clock.
    """

    port: int
    secret: str
    turn: int
    since: float

    @property
    def url(self) -> str:
        """Its WebSocket, on loopback."""
        return f"ws://127.0.0.1:{self.port}"


class JanusProcess:
    """Keeps Janus running for as long as the block of ``running`` lasts."""

    def __init__(self, program: JanusProgram, folder: Path, choices: JanusChoices) -> None:
        self._program = program
        self._folder = folder.resolve()
        self._choices = choices
        self._turn = 0
        self._up = asyncio.Event()
        self._address: JanusAddress | None = None
        self.pid: int | None = None

    @property
    def address(self) -> JanusAddress | None:
        """Where Janus is, or nothing while it is down."""
        return self._address

    async def wait(self, patience: float = 3.0) -> JanusAddress:
        """Where Janus is, as soon as it is up.

        Args:
            patience: Seconds to wait.

        Raises:
            Unavailable: It did not come up in time.
        """
        try:
            async with asyncio.timeout(patience):
                await self._up.wait()
        except TimeoutError as error:
            raise Unavailable("The video service is not running. Try again.") from error
        if self._address is None:
            raise Unavailable("The video service is starting again. Try again.")
        return self._address

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Start Janus, and stop it when the block ends."""
        async with beside(self._keep()):
            yield self

    async def _keep(self) -> None:
        """Start Janus again whenever it ends, after a rest that grows while it keeps failing."""
        loop = asyncio.get_running_loop()
        pause = _FIRST_PAUSE
        while True:
            begun = loop.time()
            code = await self._run_once()
            log.warning("janus.ended", code=str(code), count=self._turn)
            steady = loop.time() - begun > _STEADY_AFTER
            pause = _FIRST_PAUSE if steady else min(pause * 2, _LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _run_once(self) -> int | None:
        """Run Janus until it ends, and say how it ended."""
        port, secret = free_port(), secrets.token_urlsafe(32)
        await asyncio.to_thread(
            write_config, self._folder, self._program, self._choices, port, secret
        )
        with (self._folder / "janus.log").open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                *_ends_with_us(), self._program.program, "-F", self._folder,
                stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
        self.pid = process.pid
        try:
            if await self._is_ready(process, port):
                self._turn += 1
                now = asyncio.get_running_loop().time()
                self._address = JanusAddress(port, secret, self._turn, now)
                self._up.set()
                log.info("janus.started", count=self._turn)
                async with beside(_end_when_hung(process, self._address.url)):
                    return await process.wait()
            return await process.wait()
        finally:
            self._up.clear()
            self._address = None
            await _stop(process)

    async def _is_ready(self, process: asyncio.subprocess.Process, port: int) -> bool:
        """Whether Janus answers; a Janus that does not in time is stopped."""
        for _ in range(int(_READY_WITHIN / _LOOK)):
            if process.returncode is not None:
                return False
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(_LOOK)
            else:
                writer.close()
                return True
        await _stop(process)
        return False


async def _end_when_hung(process: asyncio.subprocess.Process, url: str) -> None:
    """Kill a Janus that runs and says nothing: nobody in its rooms is seen or heard any more."""
    missed = 0
    async with aiohttp.ClientSession() as http:
        while missed < _MISSES:
            await asyncio.sleep(_ASKED_EVERY)
            missed = 0 if await _answers(http, url) else missed + 1
    log.error("janus.hung")
    with suppress(ProcessLookupError):
        process.kill()


async def _answers(http: aiohttp.ClientSession, url: str) -> bool:
    """Whether Janus answers in as much time as lies between two questions."""
    try:
        async with (
            asyncio.timeout(_ASKED_EVERY),
            http.ws_connect(url, protocols=(PROTOCOL,)) as socket,
        ):
            await socket.send_json({"janus": "ping", "transaction": "ping"})
            answer = await socket.receive_json()
            return bool(answer["janus"] == "pong")
    except (aiohttp.ClientError, OSError, TypeError) as error:  # too late is an OSError too
        log.warning("janus.silent", exc_info=error)
        return False


def _ends_with_us() -> list[str]:
    """What makes the kernel end Janus when we are killed, where Linux has it.

    Source: prctl(2), PR_SET_PDEATHSIG.
    """
    program = shutil.which("setpriv")
    return [program, "--pdeathsig", "KILL"] if program else []


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_STOP_WITHIN):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()

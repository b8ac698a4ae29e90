"""vioP's own processes, started as an operator starts them."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.make import FIELD_SECRETS, KEY
from vioP.key_file import write_keys
from vioP.video.janus.config import free_port

PATIENCE = 120  # seconds until a process is up; a machine may be busy with something else
STOPS_WITHIN = 10
OWN = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Process:
    """A process of vioP; ``url`` is where it serves pages, if it does."""

    url: str
    popen: asyncio.subprocess.Process
    serves: bool

    async def stop(self) -> float:
        """Tell it to stop; answers how long it took."""
        loop = asyncio.get_running_loop()
        told = loop.time()
        self.popen.send_signal(signal.SIGTERM)
        await asyncio.wait_for(self.popen.wait(), STOPS_WITHIN + 5)
        return loop.time() - told

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self.popen.returncode is None:
            self.popen.kill()
        await self.popen.wait()


@dataclass(frozen=True)
class Service:
    """What every process of a service is told."""

    database: str
    folder: Path
    mail_port: int
    more: Mapping[str, str]

    @asynccontextmanager
    async def serving(self, port: int | None = None) -> AsyncIterator[Process]:
        """``viop serve``, ready for visitors, until the block ends."""
        async with self._running("serve", port or free_port(), b"is open at") as process:
            yield process

    @asynccontextmanager
    async def working(self) -> AsyncIterator[Process]:
        """``viop work``, ready, until the block ends."""
        async with self._running("work", free_port(), b"is at work") as process:
            yield process

    def log(self) -> str:
        """What the processes said."""
        return (self.folder / "log").read_text()

    @asynccontextmanager
    async def _running(
        self, command: str, port: int, ready: bytes
    ) -> AsyncIterator[Process]:
        says = self.folder / f"{command}.{port}"
        process = await self._start(command, port, says)
        try:
            for _ in range(PATIENCE * 20):
                if ready in says.read_bytes():
                    break
                assert process.popen.returncode is None, self.log()
                await asyncio.sleep(0.05)
            yield process
        finally:
            await process.kill()

    async def _start(self, command: str, port: int, says: Path) -> Process:
        outside = {name: each for name, each in os.environ.items() if "VIOP" not in name}
        if not (keys := self.folder / "field.keys").exists():
            write_keys(keys, FIELD_SECRETS)
        chosen = {
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHONUNBUFFERED": "1",
            "VIOP_LINK_KEY": KEY.decode(),
            "VIOP_DATABASE": self.database,
            "VIOP_DATA": str(self.folder),
            "VIOP_PORT": str(port),
            "VIOP_BASE_URL": f"http://127.0.0.1:{port}",
            "VIOP_VIDEO__PROVIDER": "static",
            "VIOP_MAIL__HOST": "127.0.0.1",
            "VIOP_MAIL__PORT": str(self.mail_port),
            "VIOP_MAIL__SECURITY": "none",
        }
        with (self.folder / "log").open("ab") as log, says.open("wb") as said:
            popen = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "vioP", command,
                cwd=self.folder, env=outside | chosen | dict(self.more),
                stdout=said, stderr=log,
            )  # fmt: skip
        return Process(f"http://127.0.0.1:{port}", popen, command == "serve")


@asynccontextmanager
async def serving(database: str, mail_port: int, folder: Path) -> AsyncIterator[Process]:
    """The whole service in one process on its own port, until the block ends."""
    async with Service(database, folder, mail_port, {}).serving() as process:
        yield process

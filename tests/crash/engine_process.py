"""A process that works on a database until it is killed. Mail is slow, so that kills hit it."""

import asyncio
import sys
from pathlib import Path

from tests.make import make_ports
from vioP.clock import SystemClock
from vioP.flows.sweep import sweep
from vioP.jobs.alarm import Alarm
from vioP.jobs.embedded import EmbeddedEngine
from vioP.jobs.queue import RowQueue
from vioP.jobs.runner import Runner
from vioP.mail.compose import Letter
from vioP.mail.outbox import FolderMail
from vioP.phone.outbox import FolderTexts
from vioP.storage import Store
from vioP.worker import handlers


class SlowMail:
    """The folder, after a pause, with a line in a log for each letter handed over."""

    def __init__(self, folder: Path, log: Path) -> None:
        self._folder = FolderMail(folder)
        self._log = log

    async def send(self, letter: Letter) -> str:
        """Note the letter, wait, and keep it."""
        with self._log.open("a") as log:
            log.write(f"{letter.message_id}\n")
        await asyncio.sleep(0.1)
        return await self._folder.send(letter)


async def work(place: Path) -> None:
    """Run what is due, for ever."""
    clock = SystemClock()
    async with Store.open(f"sqlite:///{place}/viop.db") as store:
        alarm = Alarm(clock.now)
        ports = make_ports(
            store,
            clock,
            jobs=RowQueue(alarm.ring_at),
            mail=SlowMail(place / "mail", place / "sent.log"),
            texts=FolderTexts(place / "texts"),
        )
        engine = EmbeddedEngine(Runner(store, clock.now, handlers(ports)), alarm)
        await engine.start()
        await sweep(ports)
        print("ready", flush=True)  # noqa: T201 - the parent waits for it
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1])))

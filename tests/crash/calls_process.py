"""A process that calls people until it is killed. Its telephone is a folder, and slow."""

import asyncio
import sys
from pathlib import Path

from tests.make import make_ports
from vioP.clock import SystemClock
from vioP.domain.call import PhoneCall
from vioP.flows.sweep import sweep
from vioP.jobs.alarm import Alarm
from vioP.jobs.embedded import EmbeddedEngine
from vioP.jobs.queue import RowQueue
from vioP.jobs.runner import Runner
from vioP.mail.outbox import FolderMail
from vioP.phone.folder import FolderPhone
from vioP.phone.outbox import FolderTexts
from vioP.storage import Store
from vioP.worker import handlers


class SlowPhone:
    """The folder's telephone, slow before and after it rings; each ring is a line in a log."""

    def __init__(self, folder: Path, log: Path) -> None:
        self._folder = FolderPhone(folder)
        self._log = log

    async def place(self, call: PhoneCall) -> str:
        """Wait, ring, wait, and answer."""
        await asyncio.sleep(0.05)
        with self._log.open("a") as log:
            log.write(f"{call.key}\n")
        reference = await self._folder.place(call)
        await asyncio.sleep(0.1)
        return reference

    async def find(self, key: str) -> str | None:
        """What the folder calls a call."""
        return await self._folder.find(key)

    async def end(self, reference: str, say: str) -> None:
        """End a call."""
        await self._folder.end(reference, say)


async def work(url: str, place: Path) -> None:
    """Run what is due, for ever."""
    clock = SystemClock()
    async with Store.open(url) as store:
        alarm = Alarm(clock.now)
        ports = make_ports(
            store,
            clock,
            jobs=RowQueue(alarm.ring_at),
            mail=FolderMail(place / "mail"),
            texts=FolderTexts(place / "texts"),
            telephone=SlowPhone(place / "calls", place / "rang.log"),
        )
        await EmbeddedEngine(Runner(store, clock.now, handlers(ports)), alarm).start()
        await sweep(ports)
        print("ready", flush=True)  # noqa: T201 - the parent waits for it
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Path(sys.argv[2])))

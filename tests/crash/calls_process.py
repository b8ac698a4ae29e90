"""A process that calls people until it is killed. Its telephone is a log, and slow."""

import asyncio
import sys
from pathlib import Path

from tests.make import make_ports, open_sealed
from vioP.clock import SystemClock
from vioP.domain.call import PhoneCall
from vioP.flows.sweep import sweep
from vioP.jobs.alarm import Alarm
from vioP.jobs.embedded import EmbeddedEngine
from vioP.jobs.queue import RowQueue
from vioP.jobs.runner import Runner
from vioP.mail.outbox import FolderMail
from vioP.phone.outbox import FolderTexts
from vioP.worker import handlers


class SlowPhone:
    """A telephone that is a log, slow before and after it rings.

    A ring is one line, written in one step, and what has rung is what stands there: a kill
    between the two would be a telephone that rang and does not know it.
    """

    def __init__(self, log: Path) -> None:
        self._log = log

    async def place(self, call: PhoneCall) -> str:
        """Wait, ring, wait, and answer."""
        await asyncio.sleep(0.05)
        with self._log.open("a") as log:
            log.write(f"{call.key}\n")
        await asyncio.sleep(0.1)
        return call.key

    async def find(self, key: str) -> str | None:
        """What it calls a call that has rung."""
        rang = self._log.read_text().split() if self._log.exists() else []
        return key if key in rang else None

    async def end(self, reference: str, say: str) -> None:
        """Nobody answers here."""


async def work(url: str, place: Path) -> None:
    """Run what is due, for ever."""
    clock = SystemClock()
    async with open_sealed(url) as store:
        alarm = Alarm(clock.now)
        ports = make_ports(
            store,
            clock,
            jobs=RowQueue(alarm.ring_at),
            mail=FolderMail(place / "mail"),
            texts=FolderTexts(place / "texts"),
            telephone=SlowPhone(place / "rang.log"),
        )
        await EmbeddedEngine(Runner(store, clock.now, handlers(ports)), alarm).start()
        await sweep(ports)
        print("ready", flush=True)  # noqa: T201 - the parent waits for it
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Path(sys.argv[2])))

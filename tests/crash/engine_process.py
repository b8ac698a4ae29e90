"""A process that works on a database until it is killed.

Mail goes to a folder, slowly, so that kills hit it; or to a mail server at a port.
"""

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path

from tests.make import make_ports, open_sealed
from vioP.clock import SystemClock
from vioP.flows.sweep import sweep
from vioP.jobs.alarm import Alarm
from vioP.jobs.distributed import DistributedEngine
from vioP.jobs.embedded import EmbeddedEngine
from vioP.jobs.queue import RowQueue
from vioP.jobs.runner import Runner
from vioP.mail.compose import Letter
from vioP.mail.outbox import FolderMail
from vioP.mail.server import MailServer
from vioP.mail.smtp import SmtpMail
from vioP.mail.taken import Taken, nothing
from vioP.phone.outbox import FolderTexts
from vioP.ports import MailOut, Ports
from vioP.storage import Store
from vioP.worker import handlers

AT_ONCE = 8  # letters the slow mail takes at once; the others wait, as at a mail server


class SlowMail:
    """The folder, after a pause, with a line in a log for each letter handed over.

    The file ``last`` beside the log names the process that handed over the newest.
    """

    def __init__(self, folder: Path, log: Path) -> None:
        self._folder = FolderMail(folder)
        self._log = log
        self._room = asyncio.Semaphore(AT_ONCE)

    async def send(self, letter: Letter, taken: Taken = nothing) -> str:
        """Note the letter, wait, and keep it."""
        async with self._room:
            with self._log.open("a") as log:
                log.write(f"{letter.message_id}\n")
            self._name_process()
            await asyncio.sleep(0.1)
            return await self._folder.send(letter, taken)

    def _name_process(self) -> None:
        """Write ``last`` in one step: whoever reads it never finds it empty."""
        new = self._log.with_name(f"last.{os.getpid()}")
        new.write_text(str(os.getpid()))
        new.rename(self._log.with_name("last"))


def ports_of(store: Store, place: Path, queue: RowQueue, mail: MailOut) -> Ports:
    """The surroundings, with texts in a folder."""
    texts = FolderTexts(place / "texts")
    return make_ports(store, SystemClock(), jobs=queue, mail=mail, texts=texts)


async def work(url: str, place: Path, mail: MailOut) -> None:
    """Run what is due, for ever, under the engine that goes with the database."""
    clock = SystemClock()
    async with open_sealed(url) as store:
        if url.startswith("sqlite"):
            alarm = Alarm(clock.now)
            ports = ports_of(store, place, RowQueue(alarm.ring_at), mail)
            await EmbeddedEngine(Runner(store, clock.now, handlers(ports)), alarm).start()
            await sweep(ports)
            print("ready", flush=True)  # noqa: T201 - the parent waits for it
            await asyncio.Event().wait()
        ports = ports_of(store, place, RowQueue(), mail)
        runner = Runner(store, clock.now, handlers(ports), lease=timedelta(seconds=20))
        await sweep(ports)
        async with DistributedEngine(runner, url) as engine:
            print("ready", flush=True)  # noqa: T201 - the parent waits for it
            await engine.work()


async def main(url: str, place: Path, port: int | None) -> None:
    """Work with the mail that was asked for."""
    if port is None:
        await work(url, place, SlowMail(place / "mail", place / "sent.log"))
    else:
        server = MailServer("127.0.0.1", port, security="none")
        async with SmtpMail.open(server) as mail:
            await work(url, place, mail)


if __name__ == "__main__":
    given = int(sys.argv[3]) if len(sys.argv) > 3 else None
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), given))

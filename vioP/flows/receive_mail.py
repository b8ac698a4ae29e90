"""Receive mail: whatever its readers bring is taken, and no mail can hold up those behind it."""

import asyncio
from dataclasses import dataclass

import structlog

from vioP.domain.errors import Unavailable, VioPError
from vioP.domain.job import pause_after
from vioP.domain.reply import InboundMail
from vioP.flows.take_reply import set_aside, take_reply
from vioP.ports import MailIn, Ports
from vioP.storage.mail_in import Cursor

log = structlog.get_logger()

# A reader that ran this long was well; when it stops then, its pauses begin anew.
_WELL_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class MailDesk:
    """Where readers hand mail over."""

    ports: Ports

    async def take(self, raw: bytes, *, whole: bool = True) -> None:
        """Take a mail; one that meets a fault of ours is set aside for a coordinator.

        Raises:
            Unavailable: It could not be kept. Bring it again.
        """
        mail = InboundMail(raw, self.ports.clock.now(), whole)
        [surprise] = await asyncio.gather(
            take_reply(self.ports, mail), return_exceptions=True
        )
        if isinstance(surprise, Unavailable):
            raise surprise
        if isinstance(surprise, Exception):
            log.error("mail.set_aside", exc_info=surprise)
            await set_aside(self.ports, mail)
        elif isinstance(surprise, BaseException):
            raise surprise

    async def cursor(self, mailbox: str) -> Cursor:
        """How far a mailbox has been read; a new one, not at all."""
        async with self.ports.store.read() as tx:
            state = await tx.mail_in.mailbox(mailbox)
        return state.cursor if state else Cursor()

    async def keep_cursor(self, mailbox: str, cursor: Cursor) -> None:
        """Note how far a mailbox has been read, and that its reader is well."""
        async with self.ports.store.write() as tx:
            await tx.mail_in.keep_cursor(mailbox, cursor, self.ports.clock.now())

    async def note_trouble(self, mailbox: str, trouble: str) -> None:
        """Note why a mailbox cannot be read now."""
        async with self.ports.store.write() as tx:
            await tx.mail_in.note_trouble(mailbox, trouble)


async def receive_mail(ports: Ports, reader: MailIn) -> None:
    """Run a reader for ever; when it fails, again after a second, then twice as long each time."""
    desk = MailDesk(ports)
    loop = asyncio.get_running_loop()
    tries = 0
    while True:
        begun = loop.time()
        [ended] = await asyncio.gather(reader.run(desk), return_exceptions=True)
        if isinstance(ended, BaseException) and not isinstance(ended, Exception):
            raise ended
        tries = 1 if loop.time() - begun > _WELL_SECONDS else tries + 1
        trouble = str(ended) if isinstance(ended, VioPError) else type(ended).__name__
        log.warning("mail_in.stopped", key=reader.name, exc_info=ended, count=tries)
        # Should the database be the trouble, saying so there fails too.
        await asyncio.gather(
            desk.note_trouble(reader.name, trouble), return_exceptions=True
        )
        await asyncio.sleep(pause_after(tries).total_seconds())

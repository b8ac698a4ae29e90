"""Mail from an IMAP mailbox: told of new mail at once where the server can (IDLE), else by asking.

The mailbox is opened for reading only and left as it is: people may read it too, and which
mails were taken is remembered by UID, never by a flag that anybody can change.
Source: RFC 3501, section 2.3.1.1 (UID and UIDVALIDITY).
"""

import asyncio
from dataclasses import dataclass

from vioP.domain.reply import LARGEST_MAIL
from vioP.mail.imap_session import ImapSession, Security, session
from vioP.mail.inbound import BEGINNING, Reception
from vioP.storage.mail_in import Cursor


@dataclass(frozen=True, slots=True)
class ImapMail:
    """Reads one folder of a mailbox.

    Attributes:
        idle_for: Seconds after which it looks by itself, though the server told of nothing:
            a connection that is dead stays silent too.
        ask_every: Seconds between two looks, where the server cannot tell of new mail.
    """

    host: str
    port: int
    username: str
    password: str
    security: Security = "tls"
    folder: str = "INBOX"
    idle_for: float = 60.0
    ask_every: float = 15.0

    @property
    def name(self) -> str:
        """What its cursor is kept under."""
        return mailbox_name(self.host, self.folder)

    async def run(self, reception: Reception) -> None:
        """Bring new mail in order until cancelled; the first time, all there is.

        Raises:
            Unavailable: The server cannot be reached, does not let us in, hung up, or a mail
                could not be kept. Run it again: it goes on where it was.
        """
        async with session(
            self.host, self.port, self.username, self.password, self.security
        ) as mailbox:
            validity = await mailbox.examine(self.folder)
            while True:
                await self._bring_new(mailbox, validity, reception)
                if mailbox.can_idle:
                    await mailbox.wait(self.idle_for)
                else:
                    await asyncio.sleep(self.ask_every)

    async def _bring_new(
        self, mailbox: ImapSession, validity: int, reception: Reception
    ) -> None:
        cursor = await reception.cursor(self.name)
        if cursor.validity != validity:
            cursor = Cursor(validity, 0)
        for uid in await mailbox.after(cursor.uid):
            size = await mailbox.size(uid)
            whole = size is None or size <= LARGEST_MAIL
            raw = await mailbox.fetch(uid, LARGEST_MAIL if whole else BEGINNING)
            if raw is not None:
                await reception.take(raw, whole=whole)
            cursor = Cursor(validity, uid)
            await reception.keep_cursor(self.name, cursor)
        await reception.keep_cursor(self.name, cursor)


def mailbox_name(host: str, folder: str) -> str:
    """What the cursor of a folder is kept under."""
    return f"imap {host} {folder}"

"""The mailroom: which readers bring mail in, and that they run while the house is open."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from vioP.domain.errors import WrongSettings
from vioP.flows.receive_mail import receive_mail
from vioP.mail.drop_folder import DropFolder
from vioP.mail.imap import ImapMail
from vioP.ports import MailIn, Ports
from vioP.settings import Settings


def fetchers(settings: Settings) -> Sequence[MailIn]:
    """What goes and looks for mail: the folder, and the mailbox when one is named."""
    found: list[MailIn] = [DropFolder(settings.data / "inbox")]
    given = settings.mail_in
    if given.host and not settings.demo:
        found.append(
            ImapMail(
                given.host,
                given.port,
                given.username,
                given.password.get_secret_value(),
                given.security,
                given.folder,
            )
        )
    return found


def listeners(settings: Settings) -> Sequence[MailIn]:
    """What waits for mail to be brought.

    Raises:
        WrongSettings: LMTP is asked for and its library is not installed.
    """
    given = settings.mail_in
    if not given.lmtp_port or settings.demo:
        return ()
    try:
        from vioP.mail.lmtp import LmtpMail  # noqa: PLC0415 - comes with the extra "lmtp"
    except ModuleNotFoundError as error:
        raise WrongSettings(
            "mail_in.lmtp_port needs the extra lmtp. Run: pip install 'viop[lmtp]'"
        ) from error
    return (LmtpMail(given.lmtp_host, given.lmtp_port),)


@asynccontextmanager
async def open_mailroom(ports: Ports, readers: Sequence[MailIn]) -> AsyncIterator[None]:
    """Mail comes in for as long as the block lasts."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(receive_mail(ports, each)) for each in readers]
        try:
            yield
        finally:
            for each in tasks:
                each.cancel()

"""Mail by LMTP: the mail server on this machine hands over what arrives for our mailbox.

A mail is answered for only once it is kept, so the mail server holds it otherwise and tries
again. Source: RFC 2033.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from aiosmtpd.lmtp import LMTP

from vioP.domain.errors import Unavailable
from vioP.domain.reply import LARGEST_MAIL
from vioP.mail.inbound import Reception

log = structlog.get_logger()

_LATER = "451 4.3.0 Not kept, try again later"


def _nobody(_port: int) -> None:
    """Nobody waits for the listener."""


@dataclass(frozen=True, slots=True)
class LmtpMail:
    """Listens for mail.

    Attributes:
        ready: Told the port once it listens; with port 0 the machine chooses one.
    """

    host: str
    port: int
    ready: Callable[[int], None] = _nobody
    name: str = "lmtp"

    async def run(self, reception: Reception) -> None:
        """Take what is handed over until cancelled.

        Raises:
            Unavailable: The port is taken or forbidden.
        """
        loop = asyncio.get_running_loop()
        desk = _Desk(reception)

        def session() -> "_Session":
            return _Session(
                desk,
                data_size_limit=LARGEST_MAIL,
                enable_SMTPUTF8=True,
                hostname="viop",
                ident="viop",
                loop=loop,
            )

        try:
            server = await loop.create_server(session, self.host, self.port)
        except OSError as error:
            raise Unavailable(
                f"LMTP cannot listen on {self.host}:{self.port} ({error.strerror}). "
                "Choose another mail_in.lmtp_port."
            ) from error
        async with server:
            self.ready(server.sockets[0].getsockname()[1])
            await server.serve_forever()


class _Session(LMTP):
    """LMTP that takes lines longer than mail servers should send, as some do."""

    line_length_limit = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Desk:
    """Answers the commands of a session. The method names are aiosmtpd's."""

    reception: Reception

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """One recipient at a time: LMTP answers for each, and all of ours are one mailbox."""
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take the mail, or ask to bring it again."""
        try:
            await self.reception.take(envelope.content)
        except Unavailable as error:
            log.warning("mail.not_kept", code=error.code)
            return _LATER
        return "250 2.0.0 Taken"

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours must not send people's mail back."""
        log.error("mail.not_kept", exc_info=error)
        return _LATER

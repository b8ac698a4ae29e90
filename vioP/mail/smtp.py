"""Mail by SMTP: one connection, one owner at a time, opened again when it is lost."""

import asyncio
from typing import Literal

import aiosmtplib

from vioP.domain.errors import Unavailable
from vioP.mail.compose import Letter
from vioP.mail.errors import Undeliverable

_REFUSED_FOR_GOOD = 500
_TIMEOUT_SECONDS = 45.0


class SmtpMail:
    """Hands letters to a mail server.

    Sharing a connection between tasks breaks its dialogue, so letters take turns.
    """

    def __init__(
        self,
        host: str,
        port: int,
        username: str = "",
        password: str = "",
        security: Literal["starttls", "tls", "none"] = "starttls",
    ) -> None:
        self._client = aiosmtplib.SMTP(
            hostname=host,
            port=port,
            username=username or None,
            password=password or None,
            use_tls=security == "tls",
            start_tls=security == "starttls",
            timeout=_TIMEOUT_SECONDS,
        )
        self._turn = asyncio.Lock()

    async def send(self, letter: Letter) -> str:
        """Hand a letter over.

        Returns:
            The server's answer.

        Raises:
            Unavailable: It did not answer, or asked to wait; the same letter goes again.
            Undeliverable: It refused the letter for good.
        """
        async with self._turn:
            try:
                if not self._client.is_connected:
                    await self._client.connect()
                answers, text = await self._client.sendmail(
                    _from(letter), [letter.to], letter.raw
                )
            except aiosmtplib.SMTPRecipientsRefused as error:
                raise _refusal(error.recipients[0].code) from error
            except aiosmtplib.SMTPResponseException as error:
                await self._hang_up()
                raise _refusal(error.code) from error
            except (aiosmtplib.SMTPException, OSError) as error:
                await self._hang_up()
                raise Unavailable("The mail server did not answer.") from error
        return text if not answers else str(answers)

    async def close(self) -> None:
        """Say goodbye, if there is still somebody to say it to."""
        async with self._turn:
            await self._hang_up()

    async def _hang_up(self) -> None:
        self._client.close()


def _from(letter: Letter) -> str:
    line = next(each for each in letter.raw.split(b"\r\n") if each.startswith(b"From: "))
    return line.rpartition(b"<")[2].rstrip(b">").decode()


def _refusal(code: int) -> Exception:
    """A refusal for good, or one that asks to wait."""
    if code >= _REFUSED_FOR_GOOD:
        return Undeliverable(f"The mail server refused this letter for good ({code}).")
    return Unavailable(f"The mail server asked to wait ({code}).")

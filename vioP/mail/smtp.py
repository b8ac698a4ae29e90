"""Mail by SMTP: one connection, one owner at a time, opened again when it is lost."""

import asyncio
from typing import Literal

import aiosmtplib

from vioP.domain.errors import Unavailable
from vioP.mail.compose import Letter
from vioP.mail.errors import Undeliverable

_REFUSED_FOR_GOOD = 500
_TIMEOUT_SECONDS = 45.0  # for a letter's whole way, waiting for its turn included


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
        *,
        timeout: float = _TIMEOUT_SECONDS,
    ) -> None:
        self._timeout = timeout
        self._client = aiosmtplib.SMTP(
            hostname=host,
            port=port,
            username=username or None,
            password=password or None,
            use_tls=security == "tls",
            start_tls=security == "starttls",
            timeout=timeout,
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
        try:
            async with asyncio.timeout(self._timeout), self._turn:
                await self._be_connected()
                return await self._hand_over(letter)
        except TimeoutError as error:
            self._client.close()
            raise Unavailable("The mail server took too long.") from error

    async def _hand_over(self, letter: Letter) -> str:
        try:
            _, text = await self._client.sendmail(_from(letter), [letter.to], letter.raw)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients[0].code) from error
        except aiosmtplib.SMTPDataError as error:
            self._client.close()
            raise _refusal(error.code) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            self._client.close()
            raise Unavailable("The mail server did not take a letter.") from error
        return text

    async def close(self) -> None:
        """Hang up."""
        async with self._turn:
            self._client.close()

    async def _be_connected(self) -> None:
        """Connect and sign in, if need be.

        What fails here is no fault of a letter: a server that is away, or a password that is
        wrong, must cost nobody their invite.
        """
        if self._client.is_connected:
            return
        try:
            await self._client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            self._client.close()
            raise Unavailable(
                "The mail server cannot be reached or does not let us in."
            ) from error


def _from(letter: Letter) -> str:
    line = next(each for each in letter.raw.split(b"\r\n") if each.startswith(b"From: "))
    return line.rpartition(b"<")[2].rstrip(b">").decode()


def _refusal(code: int) -> Exception:
    """A refusal for good, or one that asks to wait."""
    if code >= _REFUSED_FOR_GOOD:
        return Undeliverable(f"The mail server refused this letter for good ({code}).")
    return Unavailable(f"The mail server asked to wait ({code}).")

"""One connection to a mail server, and what each of its answers means.

Source: RFC 5321, sections 4.2 (answers) and 3.8 (421 at any time); RFC 3463 (5.7 is about
what is allowed, not about the address); RFC 3207 (STARTTLS); RFC 4954 (AUTH).
"""

import asyncio
import ssl
from enum import StrEnum

import aiosmtplib

from vioP.domain.errors import VioPError
from vioP.mail.compose import Letter
from vioP.mail.errors import (
    AddressRefused,
    AskedToWait,
    NotAllowed,
    NotLetIn,
    NotTrusted,
    SenderRefused,
    ServerAway,
    Undeliverable,
)
from vioP.mail.server import MailServer

_CLOSING = 421
_FOR_GOOD = 500
_SIGN_IN_FIRST = frozenset({530, 534, 535, 538})
_LETTERS_AT_MOST = 100  # many servers hang up after so many


class Step(StrEnum):
    """How far a letter has got when the server answers."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    LETTER = "letter"


class Line:
    """A connection that one task owns: sharing one between tasks breaks its dialogue."""

    def __init__(self, server: MailServer, step_seconds: float) -> None:
        self._server = server
        self._letters = 0
        self._client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.security == "tls",
            start_tls=False,  # done here, so that what fails is known by name
            timeout=step_seconds,
        )

    @property
    def is_open(self) -> bool:
        """Whether the server is at the other end, as far as is known."""
        return self._client.is_connected

    async def open(self) -> None:
        """Connect, encrypt and sign in. What fails here is no letter's fault.

        Raises:
            ServerAway: Nobody answers, or not as mail servers do.
            NotTrusted: There is no encryption, or the certificate is not theirs.
            NotLetIn: The server does not know us.
        """
        try:
            await self._connect()
            await self._sign_in()
        except BaseException:
            self.drop()
            raise
        self._letters = 0

    async def announce(self, letter: Letter) -> None:
        """Say from whom and to whom a letter is.

        Raises:
            ServerAway: The line was lost; nothing was said that counts.
            VioPError: What the server said to it.
        """
        step = Step.SENDER
        try:
            await self._client.mail(letter.sender)
            step = Step.RECIPIENT
            await self._client.rcpt(letter.to)
        except aiosmtplib.SMTPResponseException as error:
            await self._start_over()
            raise meaning(step, error.code, error.message) from error
        except UnicodeError as error:
            await self._start_over()
            raise AddressRefused from error
        except (aiosmtplib.SMTPException, OSError) as error:
            self.drop()
            raise ServerAway from error

    async def hand_over(self, letter: Letter) -> str:
        """Give the announced letter away.

        Returns:
            The server's answer, by which it knows the letter.

        Raises:
            ServerAway: The line was lost; the server may have the letter all the same.
            VioPError: What the server said to it.
        """
        self._letters += 1
        try:
            answer = await self._client.data(letter.raw)
        except aiosmtplib.SMTPResponseException as error:
            self.drop()
            raise meaning(Step.LETTER, error.code, error.message) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            self.drop()
            raise ServerAway from error
        if self._letters >= _LETTERS_AT_MOST:
            await self.hang_up()
        return answer.message

    async def hang_up(self) -> None:
        """End the dialogue as both sides expect."""
        try:
            if self.is_open:
                await self._client.quit(timeout=2)
        except (aiosmtplib.SMTPException, OSError):
            pass  # the server has gone first, which is what was wanted
        finally:
            self.drop()

    def drop(self) -> None:
        """End it at once: what is heard from now on would belong to another letter."""
        self._client.close()

    async def _connect(self) -> None:
        security = self._server.security
        try:
            # Reading every authority there is takes longer than others should wait.
            encrypts = security != "none"
            context = await asyncio.to_thread(self._server.context) if encrypts else None
            await self._client.connect(tls_context=context)
            await self._client.ehlo()
        except ssl.SSLError as error:
            raise NotTrusted from error
        except (aiosmtplib.SMTPException, OSError) as error:
            if isinstance(error.__cause__, ssl.SSLError):
                raise NotTrusted from error
            raise ServerAway from error
        if security == "starttls":
            await self._encrypt(context)

    async def _encrypt(self, context: ssl.SSLContext | None) -> None:
        try:
            await self._client.starttls(tls_context=context)
            await self._client.ehlo()
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError) as error:
            raise ServerAway from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotTrusted from error

    async def _sign_in(self) -> None:
        if not self._server.username:
            return
        try:
            await self._client.login(self._server.username, self._server.password)
        except aiosmtplib.SMTPResponseException as error:
            if error.code >= _FOR_GOOD:
                raise NotLetIn from error
            raise ServerAway from error
        except aiosmtplib.SMTPNotSupported as error:
            raise NotLetIn from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise ServerAway from error

    async def _start_over(self) -> None:
        """Forget the letter that was announced; the line stays good for the next."""
        try:
            await self._client.rset()
        except (aiosmtplib.SMTPException, OSError):
            self.drop()


def meaning(step: Step, code: int, text: str) -> VioPError:
    """What an answer other than yes means for a letter.

    Args:
        step: What was asked.
        code: The answer's number.
        text: Its words, which begin with an enhanced code where the server knows them.
    """
    kind: type[VioPError] = _REFUSED[step]
    if code == _CLOSING or not 400 <= code < 600:  # noqa: PLR2004 - the refusals of SMTP
        kind = ServerAway
    elif code in _SIGN_IN_FIRST:
        kind = NotLetIn
    elif code < _FOR_GOOD:
        kind = AskedToWait
    elif step is Step.RECIPIENT and text.startswith("5.7."):
        kind = NotAllowed
    return kind()


_REFUSED: dict[Step, type[VioPError]] = {
    Step.SENDER: SenderRefused,
    Step.RECIPIENT: AddressRefused,
    Step.LETTER: Undeliverable,
}

"""One conversation with an IMAP server: the six commands that reading a mailbox needs.

Told of new mail at the very moment it begins to wait, a client must not overlook it; a client
that blocks a thread on a buffered socket does. So this one is written on asyncio's streams.
Source: RFC 3501 (IMAP4rev1), RFC 2177 (IDLE).
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

from vioP.domain.errors import Unavailable
from vioP.domain.reply import LARGEST_MAIL

Security = Literal["tls", "starttls", "none"]

_CONNECT_SECONDS = 20.0
_ANSWER_SECONDS = 60.0
_LONGEST_LINE = 8 * 1024 * 1024  # the answer to a search names every new mail in one line
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_VALIDITY = re.compile(rb"\[UIDVALIDITY (\d+)\]")


@dataclass(frozen=True, slots=True)
class Response:
    """One thing a server says: its line, and the literals that stood in it."""

    line: bytes
    literals: tuple[bytes, ...] = ()


@dataclass(slots=True)
class ImapSession:
    """A connection that has been let in, with one folder open for reading only."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    can_idle: bool = False
    has_news: bool = False
    _number: int = 0

    async def examine(self, folder: str) -> int:
        """Open a folder for reading; gives the validity of its UIDs."""
        for said in await self.command(f"EXAMINE {_quoted(folder)}"):
            found = _VALIDITY.search(said.line)
            if found:
                return int(found[1])
        raise Unavailable(f"The mailbox gives its folder {folder} no UIDVALIDITY.")

    async def after(self, uid: int) -> list[int]:
        """The UIDs of newer mails, in order."""
        found: set[int] = set()
        self.has_news = False
        for said in await self.command(f"UID SEARCH UID {uid + 1}:*"):
            words = said.line.split()
            if words[1:2] == [b"SEARCH"]:
                found |= {int(each) for each in words[2:] if each.isdigit()}
        # "*" means the last mail, even when it is older than that.
        return sorted(each for each in found if each > uid)

    async def size(self, uid: int) -> int | None:
        """How many bytes a mail has, or nothing when it is gone."""
        for said in await self.command(f"UID FETCH {uid} (UID RFC822.SIZE)"):
            found = _SIZE.search(said.line)
            if found and _is_about(said, uid):
                return int(found[1])
        return None

    async def fetch(self, uid: int, at_most: int) -> bytes | None:
        """A mail up to a size, left unread, or nothing when it is gone."""
        for said in await self.command(f"UID FETCH {uid} (UID BODY.PEEK[]<0.{at_most}>)"):
            if said.literals and _is_about(said, uid):
                return said.literals[0]
        return None

    async def wait(self, seconds: float) -> None:
        """Wait until the server tells of new mail, but no longer than some seconds.

        What it told since the last search, beside other answers, it does not tell again.
        """
        if self.has_news:
            return
        tag = self._send("IDLE")
        try:
            async with asyncio.timeout(seconds):
                while not self.has_news:
                    said = await self._response()
                    if said.line.startswith(tag):
                        raise Unavailable("The mailbox refuses to tell of new mail.")
        except TimeoutError:
            pass  # nothing came, which is as good
        self.writer.write(b"DONE\r\n")
        await self._until(tag)

    async def command(self, text: str) -> list[Response]:
        """Say something; gives all that was said until the server was done.

        Raises:
            Unavailable: It refused, took too long, or hung up.
        """
        return await self._until(self._send(text))

    def _send(self, text: str) -> bytes:
        self._number += 1
        tag = f"v{self._number} "
        self.writer.write(f"{tag}{text}\r\n".encode())
        return tag.encode()

    async def _until(self, tag: bytes) -> list[Response]:
        said: list[Response] = []
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                while not (response := await self._response()).line.startswith(tag):
                    said.append(response)
        except TimeoutError as error:
            raise Unavailable("The mailbox took too long to answer.") from error
        if response.line[len(tag) :][:2].upper() != b"OK":
            raise Unavailable(
                "The mailbox refused us. Look at mail_in.username, mail_in.password and "
                "mail_in.folder."
            )
        return said

    async def _response(self) -> Response:
        """The next thing the server says, literals read by their length."""
        pieces, literals = list[bytes](), list[bytes]()
        try:
            while True:
                line = await self.reader.readline()
                if not line.endswith(b"\n"):
                    raise Unavailable("The mailbox hung up.")
                pieces.append(line)
                self.has_news = self.has_news or (
                    line.startswith(b"* ") and b" EXISTS" in line
                )
                if not line.endswith(b"}\r\n"):
                    return Response(b"".join(pieces), tuple(literals))
                literals.append(await self.reader.readexactly(_length(line)))
        except (OSError, EOFError, ValueError) as error:
            raise Unavailable("The connection to the mailbox broke.") from error


@asynccontextmanager
async def session(
    host: str, port: int, username: str, password: str, security: Security
) -> AsyncIterator[ImapSession]:
    """A conversation for as long as the block lasts.

    Raises:
        Unavailable: The server cannot be reached, cannot prove who it is, or refuses us.
    """
    tls = ssl.create_default_context()
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(
                host, port, limit=_LONGEST_LINE, ssl=tls if security == "tls" else None
            )
    except (OSError, TimeoutError) as error:
        raise Unavailable(_unreached(error)) from error
    try:
        opened = ImapSession(reader, writer)
        await opened._response()  # noqa: SLF001 - its greeting
        if security == "starttls":
            await _encrypt(opened, tls, host)
        await opened.command(f"LOGIN {_quoted(username)} {_quoted(password)}")
        said = await opened.command("CAPABILITY")
        opened.can_idle = any(b"IDLE" in each.line.upper().split() for each in said)
        yield opened
    finally:
        writer.close()


async def _encrypt(opened: ImapSession, tls: ssl.SSLContext, host: str) -> None:
    """Go on encrypted; what was said too early may be somebody else's, and ends it."""
    await opened.command("STARTTLS")
    try:
        async with asyncio.timeout(0):
            await opened.reader.read(1)
    except TimeoutError:
        pass
    else:
        raise Unavailable("The mailbox said more than it should before encryption.")
    try:
        await opened.writer.start_tls(tls, server_hostname=host)
    except (OSError, EOFError) as error:
        raise Unavailable(_unreached(error)) from error


def _unreached(error: Exception) -> str:
    return (
        f"The mailbox cannot be reached ({type(error).__name__}). "
        "Look at mail_in.host, mail_in.port and mail_in.security."
    )


def _length(line: bytes) -> int:
    """The length of the literal a line ends with.

    Raises:
        ValueError: It is no number, or more than we ever ask for.
    """
    length = int(line[:-3].rpartition(b"{")[2])
    if length > LARGEST_MAIL:
        raise ValueError("the mailbox sends more than it was asked for")
    return length


def _is_about(said: Response, uid: int) -> bool:
    return re.search(rb"\bUID %d\b" % uid, said.line) is not None


def _quoted(text: str) -> str:
    """A string as IMAP writes it; no line end can slip another command in."""
    plain = "".join(each for each in text if each >= " ")
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'

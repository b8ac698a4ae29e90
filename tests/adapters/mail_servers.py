"""Mail servers on this machine that keep what they get, and can be told to refuse."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from vioP.mail.server import MailServer, Security


@dataclass
class Server:
    """A mail server that keeps what it gets and can be told to refuse."""

    got: list[bytes] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - the server's own word
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self.answers and self.answers[0].startswith("mail"):
            return self.answers.pop(0).removeprefix("mail ")
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the server's own word
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if self.answers and self.answers[0].startswith("rcpt"):
            return self.answers.pop(0).removeprefix("rcpt ")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the server's own word
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.answers:
            answer = self.answers.pop(0)
            if answer == "drop":
                assert isinstance(envelope.original_content, bytes)
                self.got.append(envelope.original_content)
                transport: Any = server.transport
                transport.abort()
                return "250 lost on the way"
            return answer
        assert isinstance(envelope.original_content, bytes)
        self.got.append(envelope.original_content)
        self.recipients += envelope.rcpt_tos
        return "250 Taken"


@asynccontextmanager
async def listening(
    server: object, security: Security = "none", tls: Path | None = None, **facts: Any
) -> AsyncIterator[MailServer]:
    """A server on a port of its own.

    Args:
        server: Answers the commands.
        security: What clients are told to use.
        tls: The folder of a certificate to show; nothing for none.
        facts: More of what the server is, or of what clients are told (``username`` ...).
    """
    told = {key: facts.pop(key) for key in ("host", "username", "password", "authorities")
            if key in facts}  # fmt: skip
    context = _shown(tls) if tls else None
    if security != "tls" and context is not None:
        facts["tls_context"] = context
    loop = asyncio.get_running_loop()
    opened = await loop.create_server(
        lambda: SMTP(server, **facts),
        "127.0.0.1",
        0,
        ssl=context if security == "tls" else None,
    )
    port = opened.sockets[0].getsockname()[1]
    try:
        yield MailServer(
            **({"host": "localhost", "port": port, "security": security} | told)
        )
    finally:
        opened.close()
        await opened.wait_closed()


def certificate(folder: Path, name: str = "localhost") -> Path:
    """A folder with a certificate for a name, signed by itself, and its key."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(  # noqa: S603 - our own arguments
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",  # noqa: S607
         "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return folder


def only(password: str, security: Security = "starttls") -> dict[str, Any]:
    """What makes a server ask for a password.

    Under TLS from the first byte the server does not know that it is encrypted, and can
    neither insist on that nor on the password; it still refuses a wrong one.
    """

    def judge(_server: SMTP, _session: Session, _envelope: Envelope, _how: str,
              given: object) -> AuthResult:  # fmt: skip
        right = isinstance(given, LoginPassword) and given.password == password.encode()
        return AuthResult(success=right, handled=False)

    knows = security == "starttls"
    return {"authenticator": judge, "auth_required": knows, "auth_require_tls": knows}


def _shown(folder: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context

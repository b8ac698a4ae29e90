"""Where the mail server is, and how safely it must be spoken to."""

import ssl
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

AT_HOME = frozenset({"127.0.0.1", "localhost", "::1"})
LONGEST_SEND = timedelta(seconds=45)  # a letter's whole way, waiting for its turn included
Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server.

    Attributes:
        security: ``none`` only on this machine: no setting lets mail about care travel
            readable.
        authorities: A file of certificates to trust instead of the system's; empty for
            the system's.

    Raises:
        ValueError: Mail would leave this machine unencrypted, or the file is missing.
    """

    host: str
    port: int
    username: str = ""
    password: str = field(default="", repr=False)
    security: Security = "starttls"
    authorities: str = ""

    def __post_init__(self) -> None:
        if self.security == "none" and self.host not in AT_HOME:
            raise ValueError("mail.security must be starttls or tls away from this machine")
        if self.authorities and not Path(self.authorities).is_file():
            raise ValueError(f"mail.authorities: there is no file {self.authorities}")

    def context(self) -> ssl.SSLContext:
        """What a certificate is checked by: its chain and its name, always.

        Raises:
            OSError: The file of authorities cannot be read.
        """
        return ssl.create_default_context(cafile=self.authorities or None)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is asked of a mail server at once.

    Attributes:
        connections: At most so many at a time.
        per_domain: At most so many letters to one domain at a time.
        pace: At most so many letters a minute to one domain; 0 for no limit.
    """

    connections: int = 4
    per_domain: int = 2
    pace: int = 600

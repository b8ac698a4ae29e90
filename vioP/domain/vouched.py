"""What a service says of somebody who signed in there, and the visit it is part of."""

from dataclasses import dataclass
from datetime import timedelta

VISIT_LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Visit:
    """One way there and back, of one browser.

    Source: OpenID Connect Core 1.0, 3.1.2.1; RFC 7636 for the verifier.

    Attributes:
        state: Comes back with the browser: whoever returns is who went.
        nonce: Stands in what is said of them: it was said for this visit.
        verifier: Shown by us alone: nobody else can use the code that comes back.
    """

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What a browser brings back.

    Attributes:
        issuer: Who sent it back, where it is said. Source: RFC 9207.
    """

    state: str
    code: str
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Vouched:
    """Who somebody is elsewhere.

    Attributes:
        issuer: The service that says so.
        subject: Who they are to it, for ever.
        email: Their address if it says that it is theirs, in lower case; empty otherwise.
        is_twice: Whether they showed a second factor there, and we take its word for it.
    """

    issuer: str
    subject: str
    email: str
    is_twice: bool

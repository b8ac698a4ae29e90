"""What a mail server can say no to, and whose fault it is.

A refusal of the address or of the letter ends that letter. Trouble with the server is no
letter's fault: everything waits, and the trouble is said by name. The text of an answer
may hold an address, so only its code is repeated.
"""

from datetime import timedelta

from vioP.domain.errors import Invalid, Unavailable, VioPError


class Undeliverable(Invalid):
    """The mail server refused this letter for good. Check the address."""

    code = "mail.undeliverable"


class AddressRefused(Undeliverable):
    """The mail server says this address does not exist. Correct it."""

    code = "mail.address_refused"


class NotAnAddress(Undeliverable):
    """This is no mail address, and nothing was sent to it. Correct it."""

    code = "mail.not_an_address"


class AskedToWait(Unavailable):
    """The mail server does not take this letter yet; it is asked again later."""

    code = "mail.asked_to_wait"


class NotAllowed(Unavailable):
    """The mail server does not let us write to this address; it is asked again later."""

    code = "mail.not_allowed"


class NotBegun(Unavailable):
    """There is no room now to begin with this letter; it surely has not left.

    Attributes:
        wait: How long until it is worth another try.
    """

    code = "mail.not_begun"

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


class Trouble(Unavailable):
    """Something is wrong between us and the mail server; no letter is at fault."""

    code = "mail.trouble"


class ServerAway(Trouble):
    """The mail server cannot be reached, or hung up. Nothing is lost: mail waits."""

    code = "mail.away"


class NotTrusted(Trouble):
    """The mail server offers no encryption, or cannot prove who it is. Nothing was sent."""

    code = "mail.not_trusted"


class NotLetIn(Trouble):
    """The mail server does not let us in. Check mail.username and mail.password."""

    code = "mail.not_let_in"


class SenderRefused(Trouble):
    """The mail server does not let us send as sender.address. Allow it there, or change it."""

    code = "mail.sender_refused"


_ALL: tuple[type[VioPError], ...] = (
    Undeliverable, AddressRefused, NotAnAddress, AskedToWait, NotAllowed, NotBegun, ServerAway,
    NotTrusted,
    NotLetIn, SenderRefused, Trouble, Unavailable,
)  # fmt: skip


def in_words(code: str) -> str:
    """What a code says, for people; the code itself when it is nobody's here."""
    return next((_plain(each) for each in _ALL if each.code == code), code)


def _plain(kind: type[VioPError]) -> str:
    return (kind.__doc__ or "").splitlines()[0]

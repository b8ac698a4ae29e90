"""What a mail server can refuse for good."""

from vioP.domain.errors import Invalid


class Undeliverable(Invalid):
    """The mail server refused this letter for good. Check the address."""

    code = "mail.undeliverable"

"""Our line at Twilio: the account, the number we call from, and where it reaches us."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

API = "https://api.twilio.com"
HOOKS = "/hooks/phone/twilio"


@dataclass(frozen=True, slots=True)
class TwilioLine:
    """Who we are at Twilio.

    Attributes:
        account: The account, ``AC`` and 32 digits.
        token: Its token; requests are let in with it and callbacks signed.
        number: The number people see when we call, in E.164.
        public_url: Where Twilio reaches this service, without a slash at the end. What it
            signs is this address, whatever a proxy makes of it.
        service: A messaging service to send texts through, instead of the number.
        shared_keys: Secrets of callbacks by the name of their key, several while one is
            replaced by another.
        screens: Whether Twilio listens first whether a machine has picked up.
        api: Where Twilio is; another address in tests only.
    """

    account: str
    token: str = field(repr=False)
    number: str
    public_url: str
    service: str = ""
    shared_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    screens: bool = True
    api: str = API

    def hook(self, event: str, **about: str) -> str:
        """Where Twilio tells us about an event."""
        query = urlencode(about, quote_via=quote, safe="")
        return f"{self.public_url}{HOOKS}/{event}" + (f"?{query}" if query else "")

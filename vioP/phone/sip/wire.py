"""What this program and its phone process say to each other: one JSON object a line.

The phone process is given its choices first, then orders; it answers with news. Both know
a call by our own reference. Nothing here is ever logged: it carries numbers.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

LONGEST_LINE = 64 * 1024
INCOMING = "in_"  # how we call what came in; keys of ours never begin so


@dataclass(frozen=True, slots=True)
class LineChoices:
    """How the phone process reaches the exchange.

    Attributes:
        server: Host, with a port if it is a special one.
        login: The user the password belongs to; empty when it is the account.
        number: What the called person sees.
        authorities: A file of certificates to trust; empty for the system's.
        listen: Address and port calls go out from; empty lets the system choose.
        talk: Seconds a call may last.
        silence: Seconds without any sound packet after which a call is given up.
    """

    account: str
    server: str
    number: str
    login: str = ""
    password: str = ""
    proxy: str = ""
    register: bool = True
    transport: Literal["udp", "tcp", "tls"] = "tls"
    srtp: bool = True
    authorities: str = ""
    listen: str = ""
    ports: tuple[int, int] = (22000, 22999)
    calls: int = 40
    talk: float = 4 * 3600.0
    silence: int = 60

    def __repr__(self) -> str:
        return f"LineChoices({self.account}@{self.server})"


@dataclass(frozen=True, slots=True)
class Order:
    """What the phone process is to do about a call.

    ``dial`` rings a number; ``answer`` takes a call that came in; ``ask`` plays a sound and
    says when no key was pressed; ``say`` plays one; ``connect`` passes sound on to an RTP
    address; ``hang_up`` ends the call, after a sound if somebody can hear it.

    Attributes:
        sound: A WAV file of 8 kHz, 16 bit, one channel; empty for none.
        wait: Seconds: how long a phone rings, or how long a key is waited for.
        times: How often a question is asked.
        address: Host and port.
    """

    do: Literal["dial", "answer", "ask", "say", "connect", "hang_up"]
    call: str
    to: str = ""
    sound: str = ""
    wait: float = 0.0
    times: int = 1
    address: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What the phone process tells, about a call or about itself.

    About itself: ``ready`` once it can dial; ``registered`` or ``unregistered``.
    About a call: ``taken`` or ``refused`` answer a ``dial``; ``incoming``; ``ringing``;
    ``answered``, with the address its sound is heard at; ``key``; ``silent`` when a question
    was not answered; ``said`` when a sound was played; ``over`` with how it ended.
    """

    what: str
    call: str = ""
    text: str = ""
    address: tuple[str, int] | None = None


def line_of(message: LineChoices | Order | News) -> bytes:
    """A message as one line."""
    return json.dumps(asdict(message), ensure_ascii=True).encode() + b"\n"


def choices_of(line: bytes) -> LineChoices:
    """The choices a line holds."""
    found = _values(LineChoices, line)
    return LineChoices(**found | {"ports": tuple(found["ports"])})


def order_of(line: bytes) -> Order:
    """The order a line holds."""
    return Order(**_with_address(_values(Order, line)))


def news_of(line: bytes) -> News:
    """The news a line holds."""
    return News(**_with_address(_values(News, line)))


def _values(kind: type, line: bytes) -> dict[str, Any]:
    found: Mapping[str, Any] = json.loads(line)
    return {each.name: found[each.name] for each in fields(kind)}


def _with_address(found: dict[str, Any]) -> dict[str, Any]:
    host_and_port = found["address"]
    return found | {"address": tuple(host_and_port) if host_and_port else None}

"""What the application carries, by typed key."""

from dataclasses import dataclass, field
from pathlib import Path

import jinja2
from aiohttp import web

from vioP.domain.break_glass import Terms
from vioP.ports import Ports


@dataclass(frozen=True, slots=True)
class WebChoices:
    """What the web needs to know of the settings.

    Attributes:
        is_secure: Whether browsers reach this service by HTTPS.
        host: The host part of our own pages' addresses, port included.
        demo: Whether the demo pages exist.
        data: Where the demo's outbox lies.
        metrics: Who may see figures: nobody (``off``), ``loopback``, or whoever has a ``token``.
        trusted_proxies: How many proxies of ours every request passes.
        break_glass: How long a record is opened in an emergency, and who hears of it.
        hook_keys: What calls that bring mail are signed with; none when none may.
    """

    is_secure: bool
    host: str
    demo: bool
    data: Path
    hook_keys: tuple[bytes, ...] = ()
    trusted_proxies: int = 0
    metrics: str = "off"
    metrics_token: str = field(default="", repr=False)
    break_glass: Terms = field(default_factory=Terms)


PORTS = web.AppKey("PORTS", Ports)
TEMPLATES = web.AppKey("TEMPLATES", jinja2.Environment)
CHOICES = web.AppKey("CHOICES", WebChoices)

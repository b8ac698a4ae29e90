"""Where a request comes from, as far as that can be believed, and where it comes to."""

from aiohttp import web

from vioP.passkey_check import Site
from vioP.web.keys import CHOICES, PORTS


def place_of(request: web.Request) -> str:
    """The address of whoever asks.

    Behind proxies of ours it is what the outermost of them saw; whatever a stranger wrote
    into the header before that is not looked at.
    """
    proxies = request.app[CHOICES].trusted_proxies
    passed = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies and len(passed) >= proxies:
        return passed[-proxies].strip()
    return request.remote or ""


def site_of(request: web.Request) -> Site:
    """Where passkeys hold: our own pages' address, whatever a request calls it."""
    choices = request.app[CHOICES]
    scheme = "https" if choices.is_secure else "http"
    return Site(f"{scheme}://{choices.host}", request.app[PORTS].house.sender.name)

"""Where a request comes from, as far as that can be believed."""

from aiohttp import web

from vioP.web.keys import CHOICES


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

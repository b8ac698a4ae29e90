"""Relays for browsers behind strict networks: addresses, and credentials that soon expire."""

import base64
import hmac
from dataclasses import dataclass
from datetime import timedelta

from vioP.domain.time import Instant, later


@dataclass(frozen=True, slots=True)
class Relay:
    """A TURN server that shares a secret with us, such as coturn with ``use-auth-secret``.

    Attributes:
        urls: Such as ``turn:turn.example:3478?transport=udp``.
        lasts: How long a credential opens the relay; a session and its ends.
    """

    urls: tuple[str, ...]
    secret: bytes
    lasts: timedelta = timedelta(hours=6)

    @property
    def by_transport(self) -> dict[str, tuple[str, ...]]:
        """Addresses by how they are reached, ``udp`` and ``tcp``, where there are any.

        Source: RFC 7065, section 3.1; ``turns`` without a transport is TLS over TCP.
        """
        tcp = tuple(each for each in self.urls if _is_tcp(each))
        udp = tuple(each for each in self.urls if not _is_tcp(each))
        return {name: urls for name, urls in (("udp", udp), ("tcp", tcp)) if urls}

    def ice_servers(self, connection: str, now: Instant) -> list[dict[str, object]]:
        """What a browser is told, in the words of ``RTCConfiguration.iceServers``.

        Source: draft-uberti-behave-turn-rest-00, section 2.2.
        """
        if not self.urls:
            return []
        expires = int(later(now, self.lasts).timestamp())
        username = f"{expires}:{connection}"
        digest = hmac.digest(self.secret, username.encode(), "sha1")
        return [
            {
                "urls": list(self.urls),
                "username": username,
                "credential": base64.b64encode(digest).decode(),
            }
        ]


def _is_tcp(url: str) -> bool:
    _, _, transport = url.partition("?transport=")
    return transport == "tcp" if transport else url.startswith("turns:")

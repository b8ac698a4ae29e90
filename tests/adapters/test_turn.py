"""Credentials of a relay: each browser's own, for a while, as coturn reckons them."""

import base64
import hashlib
import hmac
from datetime import timedelta

from tests.make import NINE
from vioP.video.turn import Relay

URLS = ("turn:turn.example:3478?transport=udp",)


def test_a_credential_is_the_digest_of_its_end_and_its_browser():
    [server] = Relay(URLS, b"north", timedelta(hours=6)).ice_servers("con_1", NINE)

    ends = int(NINE.timestamp()) + 6 * 3600
    wanted = hmac.new(b"north", f"{ends}:con_1".encode(), hashlib.sha1).digest()
    assert server == {
        "urls": list(URLS),
        "username": f"{ends}:con_1",
        "credential": base64.b64encode(wanted).decode(),
    }


def test_no_relay_is_named_where_there_is_none():
    assert Relay((), b"").ice_servers("con_1", NINE) == []


def test_addresses_are_told_apart_by_how_they_are_reached():
    udp, tcp, tls = "turn:a:3478?transport=udp", "turn:a:3478?transport=tcp", "turns:a:5349"

    assert Relay((udp, tcp, tls), b"s").by_transport == {"udp": (udp,), "tcp": (tcp, tls)}
    assert Relay(("turn:a",), b"s").by_transport == {"udp": ("turn:a",)}
    assert Relay((), b"s").by_transport == {}

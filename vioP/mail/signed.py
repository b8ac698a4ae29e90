"""Signatures of incoming calls: who may hand us mail over HTTP.

Source: the Standard Webhooks specification: HMAC-SHA256 over ``id.timestamp.body``, several
signatures side by side while a secret is being changed.
"""

import base64
import binascii
import hmac
from datetime import timedelta

from vioP.domain.time import Instant

REPLAY_WINDOW = timedelta(minutes=5)
_PREFIX = "whsec_"
_VERSION = "v1"


def is_signed(
    keys: tuple[bytes, ...], headers: tuple[str, str, str], body: bytes, now: Instant
) -> bool:
    """Whether somebody who knows one of the keys signed this body within the window.

    Args:
        keys: The keys that count: two of them while one replaces the other.
        headers: ``webhook-id``, ``webhook-timestamp`` (seconds since 1970) and
            ``webhook-signature`` (such as ``v1,BASE64 v1,BASE64``).
        body: The body as it came.
        now: The present instant.
    """
    name, sent, signatures = headers
    if not name or not sent.isascii() or not sent.isdigit() or len(sent) > 12:  # noqa: PLR2004
        return False
    if abs(now.timestamp() - int(sent)) > REPLAY_WINDOW.total_seconds():
        return False
    given = [each.partition(",")[2] for each in signatures.split() if each[:2] == _VERSION]
    expected = [sign(key, name, sent, body) for key in keys]
    return any(
        hmac.compare_digest(one.encode(), each.encode())
        for one in expected
        for each in given
    )


def sign(key: bytes, name: str, sent: str, body: bytes) -> str:
    """The signature of a body, in base64."""
    signed = hmac.digest(key, f"{name}.{sent}.".encode() + body, "sha256")
    return base64.b64encode(signed).decode()


def key_of(secret: str) -> bytes:
    """The key in a secret: after ``whsec_`` it is base64, otherwise the text itself."""
    if secret.startswith(_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            return secret.encode()
    return secret.encode()

"""JSON Web Tokens, as video services take them from us and send them to us.

Source: RFC 7519, and RFC 7518 sections 3.2 for HS256, 3.3 for RS256.
"""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

from vioP.domain.errors import Forged
from vioP.domain.time import Instant
from vioP.strict_json import read_json

_HEADER = {"alg": "HS256", "typ": "JWT"}
_LEEWAY = 60


def signed(claims: Mapping[str, object], secret: bytes) -> str:
    """A token that says something, and that whoever has the secret has said it."""
    return signed_by(_HEADER, claims, lambda what: hmac.digest(secret, what, "sha256"))


def signed_by(
    header: Mapping[str, str],
    claims: Mapping[str, object],
    sign: Callable[[bytes], bytes],
) -> str:
    """A token that says something, signed in the way its header names."""
    body = ".".join(_encoded(json.dumps(each).encode()) for each in (header, claims))
    return f"{body}.{_encoded(sign(body.encode()))}"


def claims_of(token: str, secrets: Mapping[str, bytes], now: Instant) -> dict[str, Any]:
    """What a token says, once it is proven.

    Args:
        token: The token as it came.
        secrets: Secrets by issuer; several while one is replaced by another.
        now: Tokens hold for a time, with a minute's leeway for clocks.

    Raises:
        Forged: It is malformed, unsigned, signed otherwise, or not of this time.
    """
    try:
        head, payload, signature = token.split(".")
        algorithm = read_json(_decoded(head))["alg"]
        claims: dict[str, Any] = read_json(_decoded(payload))
        secret = secrets[claims["iss"]]
        begins, ends = float(claims.get("nbf", 0)), float(claims["exp"])
        given = _decoded(signature)
    except (ArithmeticError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Forged from error
    wanted = hmac.digest(secret, f"{head}.{payload}".encode(), "sha256")
    at = now.timestamp()
    in_time = begins - _LEEWAY <= at <= ends + _LEEWAY
    if algorithm != _HEADER["alg"] or not hmac.compare_digest(wanted, given) or not in_time:
        raise Forged
    return claims


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

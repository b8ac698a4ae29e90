"""Whether a callback comes from Twilio. There are two kinds of signature.

The old one is made with the account's token and SHA-1; the new one with a shared key, which
a header names, and SHA-256. Both cover the address Twilio was told, and the form's fields;
a body that is no form is covered by its digest in the address.
Source: twilio.com/docs/usage/webhooks/webhooks-security, and twilio-python 9.13.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from vioP.phone.twilio.line import TwilioLine

SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"
_FORM = "application/x-www-form-urlencoded"
_DIGEST = "bodySHA256"
_PORTS = {"https": 443, "http": 80}


def is_signed(
    line: TwilioLine, target: str, headers: Mapping[str, str], raw: bytes
) -> bool:
    """Whether somebody who knows one of our secrets signed this callback.

    Args:
        line: Our line.
        target: The path and query as they were asked for, byte for byte.
        headers: The headers, looked up without regard to case.
        raw: The body as it came.
    """
    secret, algorithm = _secret(line, headers.get(SETTINGS, ""))
    try:
        given = base64.b64decode(headers.get(SIGNATURE, ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    is_form = headers.get("Content-Type", "").partition(";")[0].strip().lower() == _FORM
    if not secret or not (is_form or _is_digest_of(target, raw)):
        return False
    fields = _fields(raw) if is_form else ""
    return any(
        hmac.compare_digest(
            hmac.digest(secret, f"{url}{fields}".encode(), algorithm), given
        )
        for url in _spellings(line.public_url + target)
    )


def fields_of(raw: bytes) -> dict[str, str]:
    """The fields of a form, the first of each name."""
    found: dict[str, str] = {}
    for name, value in _pairs(raw):
        found.setdefault(name, value)
    return found


def _secret(line: TwilioLine, settings: str) -> tuple[bytes, str]:
    """What the callback says it is signed with; an unknown key or algorithm proves nothing."""
    parts = dict(each.strip().partition("=")[::2] for each in settings.split(",") if each)
    if not parts:
        return line.token.encode(), "sha1"
    if parts.get("algorithm") != "HMAC_SHA256":
        return b"", "sha256"
    return line.shared_keys.get(parts.get("key", ""), "").encode(), "sha256"


def _fields(raw: bytes) -> str:
    """Names and values in order, each pair once."""
    return "".join(f"{name}{value}" for name, value in sorted(set(_pairs(raw))))


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    text = raw.decode("utf-8", "replace")
    return parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="replace")


def _is_digest_of(target: str, raw: bytes) -> bool:
    query = dict(parse_qsl(urlsplit(target).query))
    given = query.get(_DIGEST, "").encode("utf-8", "replace")
    return hmac.compare_digest(given, hashlib.sha256(raw).hexdigest().encode())


def _spellings(url: str) -> Iterator[str]:
    """An address with and without the port it has anyway: Twilio signs either."""
    yield url
    parts = urlsplit(url)
    usual = _PORTS.get(parts.scheme)
    host = parts.hostname or ""
    bare = f"[{host}]" if ":" in host else host
    if parts.port == usual and usual is not None:
        yield urlunsplit(parts._replace(netloc=bare))
    elif parts.port is None:
        yield urlunsplit(parts._replace(netloc=f"{bare}:{usual}"))

"""Authenticator apps: what they show, and how they are told. Source: RFC 6238."""

import hmac

import pyotp
import segno

from vioP.domain.time import Instant

STEP_SECONDS = 30
_DRIFT = 1  # a clock half a minute off, or a code typed slowly


def step_of(secret: str, said: str, now: Instant) -> int | None:
    """The time step whose code somebody typed, or nothing when it is none of now.

    Args:
        secret: What the authenticator was given, in base 32.
        said: What was typed; spaces do not matter.
        now: The present instant.
    """
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    typed = "".join(said.split())
    current = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(current - _DRIFT, current + _DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode()):
            found = step
    return found


def picture(secret: str, account: str, issuer: str) -> str:
    """What an authenticator scans, as a data address of an SVG picture."""
    address = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)
    return segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff")

"""Anchor the audit: what its end is now, sealed, to be kept where nobody here can change it.

A chain of digests shows that a row was changed, and not that its newest rows are gone. An
anchor kept elsewhere does.
"""

import hmac
from dataclasses import dataclass

from vioP.domain.time import Instant
from vioP.ports import Ports

_PURPOSE = "audit_anchor"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of the audit at an instant.

    Attributes:
        length: How many rows there were.
        digest: The digest of the last one, and so of all.
        signature: Made with this house's key from the other three.
    """

    at: Instant
    length: int
    digest: str
    signature: str


async def anchor_audit(ports: Ports) -> Anchor:
    """The end of the audit now."""
    now = ports.clock.now()
    async with ports.store.read() as tx:
        digest, length = await tx.audit.head()
    return Anchor(now, length, digest, _sign(ports, now, length, digest))


async def check_anchor(ports: Ports, anchor: Anchor) -> str:
    """What is wrong with the audit, seen from an anchor; empty when nothing is."""
    wanted = _sign(ports, anchor.at, anchor.length, anchor.digest)
    if not hmac.compare_digest(wanted.encode(), anchor.signature.encode()):
        return "The anchor was not made here, or was changed."
    async with ports.store.read() as tx:
        broken = await tx.audit.first_break()
        _, length = await tx.audit.head()
        digest = await tx.audit.digest_of(anchor.length) if anchor.length else ""
    if broken is not None:
        return f"The audit is broken at row {broken}."
    if length < anchor.length:
        return f"{anchor.length - length} rows are gone that were there on {anchor.at:%Y-%m-%d}."
    if digest != anchor.digest:
        return f"Row {anchor.length} is not what it was on {anchor.at:%Y-%m-%d}."
    return ""


def _sign(ports: Ports, at: Instant, length: int, digest: str) -> str:
    return ports.secrets.sealed_digest(_PURPOSE, f"{at.isoformat()} {length} {digest}")

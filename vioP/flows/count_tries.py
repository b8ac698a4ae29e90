"""Count tries: whoever guesses must wait, and nobody is locked out for good."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from vioP.domain.errors import TooManyTries
from vioP.domain.limit import Limit
from vioP.ports import Ports

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Try:
    """Something that is tried, and what it is counted against.

    Attributes:
        purpose: What is tried.
        whose: The account or place it is counted for; only a digest is kept.
    """

    purpose: str
    whose: str
    limit: Limit


async def count_tries(ports: Ports, tries: Sequence[Try]) -> None:
    """Count a try against each limit; a try above one counts too.

    Raises:
        TooManyTries: A limit is passed; say when to come back.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        await tx.limits.forget_old(now)
        waits = [
            (each.purpose, await tx.limits.count(_bucket(ports, each), each.limit, now))
            for each in tries
        ]
    passed = [(purpose, until) for purpose, until in waits if until is not None]
    if passed:
        for purpose, _ in passed:
            log.warning("tries.too_many", code=purpose)
        raise TooManyTries


async def are_spent(ports: Ports, tries: Sequence[Try]) -> list[bool]:
    """Whether no try is left of each; asking is none."""
    now = ports.clock.now()
    async with ports.store.read() as tx:
        return [
            await tx.limits.is_spent(_bucket(ports, each), each.limit, now)
            for each in tries
        ]


async def forget_tries(ports: Ports, tries: Sequence[Try]) -> None:
    """Begin to count anew: whoever tried has shown who they are."""
    async with ports.store.write() as tx:
        for each in tries:
            await tx.limits.forget(_bucket(ports, each))


def _bucket(ports: Ports, each: Try) -> str:
    return ports.secrets.sealed_digest("tries", f"{each.purpose}:{each.whose}")

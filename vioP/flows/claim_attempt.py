"""Claim a line of the call list, so that two people do not call the same person."""

from datetime import timedelta

from vioP.domain.errors import Conflict
from vioP.domain.time import later
from vioP.ports import Ports

HOLDS = timedelta(minutes=10)


async def claim_attempt(ports: Ports, attempt_id: str, by: str) -> None:
    """Take everything open about somebody; it is taken for ten minutes.

    Raises:
        Conflict: A colleague has it, or it was settled; look at the list again.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        lines = await tx.attempts.about_the_same(attempt_id)
        if not lines:
            raise Conflict("This line was settled meanwhile. Look at the call list again.")
        for each in lines:
            held = each.at is not None and now < later(each.at, HOLDS)
            if each.by not in {None, by} and held:
                raise Conflict("A colleague is calling. Look at the call list again.")
        await tx.attempts.claim([each.id for each in lines], by, now)
        await tx.audit.note(now, by, "attempt.claimed", attempt_id)


async def give_back_attempt(ports: Ports, attempt_id: str, by: str) -> None:
    """Give back what was claimed, so that somebody else may call.

    Raises:
        Conflict: It is a colleague's, or was settled; look at the list again.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        lines = await tx.attempts.about_the_same(attempt_id)
        mine = [each.id for each in lines if each.by == by]
        if not mine:
            raise Conflict("This line is not yours any more. Look at the call list again.")
        await tx.attempts.claim(mine, None, now)
        await tx.audit.note(now, by, "attempt.given_back", attempt_id)

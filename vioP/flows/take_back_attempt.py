"""Take back an answer on the call list that was a slip, while it is fresh."""

from datetime import timedelta

from vioP.domain.errors import Conflict
from vioP.domain.time import Instant, later
from vioP.flows.jobs import watch_job
from vioP.flows.settle_attempt import Outcome
from vioP.ports import Ports
from vioP.storage.call_list import OpenAttempt

STANDS_AFTER = timedelta(minutes=5)
# Nothing followed from these: no evidence, no wish about contact, no call for help.
_ONLY_NOTED = frozenset(
    {
        Outcome.HANDLED,
        Outcome.NO_ANSWER,
        Outcome.SOMEONE_ELSE,
        Outcome.REACHED_JOINING,
    }
)


def may_take_back(line: OpenAttempt, by: str, now: Instant) -> bool:
    """Whether somebody may still take back what they answered."""
    return (
        line.outcome in _ONLY_NOTED
        and line.settled_by == by
        and line.settled_at is not None
        and now < later(line.settled_at, STANDS_AFTER)
    )


async def take_back_attempt(ports: Ports, attempt_id: str, by: str) -> None:
    """Put a line back on the call list as it was, with what it overtook.

    Only whoever settled it, within five minutes, and only an answer nothing followed from:
    what was sent, or written down as evidence, is never unsent.

    Raises:
        Conflict: It stands by now, is a colleague's, or something followed from it.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        line = await tx.attempts.settled_since(attempt_id, later(now, -STANDS_AFTER))
        if line is None or not may_take_back(line, by, now):
            raise Conflict("This answer stands. Look at the call list again.")
        if not await tx.attempts.take_back(line):
            raise Conflict("This line changed meanwhile. Look at the call list again.")
        details = {"outcome": str(line.outcome)}
        await tx.audit.note(now, by, "attempt.taken_back", attempt_id, details)
        if line.session_id is not None:
            await ports.jobs.defer(tx, [watch_job(line.session_id, now)])

"""Settle an attempt: somebody called, or looked, and says how it went."""

from enum import StrEnum

from vioP.domain.attendance import Evidence, Fact
from vioP.domain.errors import Conflict, Invalid
from vioP.domain.ids import SeatId
from vioP.flows.jobs import watch_job
from vioP.ports import Ports


class Outcome(StrEnum):
    """How an attempt went."""

    REACHED_JOINING = "reached_joining"
    ON_THE_PHONE = "on_the_phone"
    REACHED_NOT_COMING = "reached_not_coming"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    SAFETY_CALL = "safety_call"
    HANDLED = "handled"


_EVIDENCE = {
    Outcome.ON_THE_PHONE: Fact.PHONE_BRIDGED,
    Outcome.REACHED_NOT_COMING: Fact.MARKED_EXCUSED,
}


async def settle_attempt(ports: Ports, attempt_id: str, outcome: str, by: str) -> None:
    """Write down how an attempt went; the first answer stands.

    Being on the phone counts as being there, and not coming stops the ladder. Any other
    answer leaves it climbing: nobody is let go because one number did not answer.

    Raises:
        Invalid: There is no such outcome.
        Conflict: It is unknown, or somebody else has settled it; look at the list again.
    """
    if outcome not in set(Outcome):
        raise Invalid(f"an attempt ends in one of {', '.join(Outcome)}")
    now = ports.clock.now()
    async with ports.store.write() as tx:
        settled = await tx.attempts.settle(attempt_id, outcome, now, by)
        if settled is None:
            raise Conflict("This line was settled meanwhile. Look at the call list again.")
        fact = _EVIDENCE.get(Outcome(outcome))
        if fact is not None and settled.seat_id is not None:
            await tx.live.witness(
                SeatId(settled.seat_id),
                Evidence(fact, now, by),
                recorded_at=now,
                key=f"attempt:{attempt_id}",
            )
        await tx.audit.note(now, by, "attempt.settled", attempt_id, {"outcome": outcome})
        await ports.jobs.defer(tx, [watch_job(settled.session_id, now)])

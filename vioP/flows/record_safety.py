"""Record a person's act for somebody's safety: a call, or asking for a welfare check."""

from vioP.domain.errors import Invalid
from vioP.domain.live import LiveSeat
from vioP.flows.settle_attempt import Outcome, settle_attempt
from vioP.ports import Ports
from vioP.storage.attempts import Task


async def record_safety(
    ports: Ports, seat: LiveSeat, said: tuple[str, str], by: str
) -> None:
    """Keep what somebody did for a person's safety, and why. vioP itself never does it.

    Args:
        ports: The surroundings.
        seat: The seat of the person.
        said: The outcome, and its reason.
        by: Who did it.

    Raises:
        Invalid: It is no act for somebody's safety, or lacks its reason.
    """
    outcome, reason = said
    if outcome not in set(Outcome) or not Outcome(outcome).needs_reason or not reason:
        raise Invalid("Say what was done, a safety_call or a welfare_check, and why.")
    now = ports.clock.now()
    task = Task(
        ports.secrets.mint("act", now), "safety", seat.participant_id, seat_id=seat.id
    )
    async with ports.store.write() as tx:
        await tx.attempts.ask(task, now)
    await settle_attempt(ports, task.id, outcome, by, reason)

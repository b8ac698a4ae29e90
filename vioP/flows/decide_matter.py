"""Decide a matter: a coordinator has looked at what came in."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from vioP.domain.attendance import Evidence, Fact
from vioP.domain.errors import Conflict, Invalid
from vioP.domain.ids import SeatId
from vioP.domain.job import Job
from vioP.domain.reply import Why
from vioP.domain.time import later
from vioP.flows.jobs import watch_job
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.matters import ListedMatter

_DECIDED_SHOWN = timedelta(hours=24)


class Decision(StrEnum):
    """What a coordinator can decide."""

    KEEP = "keep"
    ABSENT = "absent"
    DONE = "done"


def choices(
    why: Why, *, about_seat: bool, is_outdated: bool = False
) -> tuple[Decision, ...]:
    """What can be decided about a matter: only a seat can be kept or let go.

    An answer to a time the session does not have any more lets nobody go.
    """
    if not about_seat or why in {Why.BOUNCE, Why.ODD_BOUNCE}:
        return (Decision.DONE,)
    return (Decision.KEEP, Decision.DONE) if is_outdated else tuple(Decision)


async def show_matters(ports: Ports) -> Sequence[ListedMatter]:
    """What wants a decision, and what was decided within a day."""
    since = later(ports.clock.now(), -_DECIDED_SHOWN)
    async with ports.store.read() as tx:
        return await tx.matters.listed(since)


async def count_open_matters(ports: Ports) -> int:
    """How many matters want a decision."""
    async with ports.store.read() as tx:
        return await tx.matters.open()


async def decide_matter(ports: Ports, matter_id: str, decision: str, by: str) -> None:
    """Write a decision down, and do what it says; the first one stands.

    *keep*: the person is expected, and looked for when they are missing; that they were
    excused is taken back. *absent*: nobody
    waits for them, and they count as excused. *done*: somebody has seen to it otherwise; an
    answer keeps meaning what it meant, and an address that failed is good again.

    Raises:
        Invalid: There is no such decision, or it does not fit this matter.
        Conflict: It is unknown, or somebody else has decided it; look at the list again.
    """
    if decision not in set(Decision):
        raise Invalid(f"A decision is one of {', '.join(Decision)}.")
    now = ports.clock.now()
    async with ports.store.write() as tx:
        decided = await tx.matters.decide(matter_id, decision, now, by)
        if decided is None:
            raise Conflict("This was decided meanwhile. Look at the replies again.")
        fitting = choices(
            decided.why,
            about_seat=decided.seat_id is not None,
            is_outdated=decided.is_outdated,
        )
        if decision not in fitting:
            raise Invalid(f"This can only be decided as {', '.join(fitting)}.")
        if decided.why is Why.BOUNCE and decided.participant_id is not None:
            await tx.mail_in.revive(decided.participant_id)
        jobs = []
        if decided.seat_id is not None and decision != Decision.DONE:
            jobs = await _settle_seat(ports, tx, decided.seat_id, Decision(decision), by)
        await tx.audit.note(now, by, "matter.decided", matter_id, {"decision": decision})
        await ports.jobs.defer(tx, jobs)


async def _settle_seat(
    ports: Ports, tx: Transaction, seat_id: SeatId, decision: Decision, by: str
) -> list[Job]:
    """Write down what a decision says about a seat; gives the look that is then due."""
    now = ports.clock.now()
    fact = Fact.MARKED_EXCUSED if decision is Decision.ABSENT else Fact.MARK_WITHDRAWN
    if decision is Decision.ABSENT or await tx.replies.is_excused(seat_id):
        await tx.live.witness(
            seat_id,
            Evidence(fact, now, by),
            recorded_at=now,
            key=ports.secrets.mint("evi", now),
        )
    if decision is Decision.ABSENT:
        await tx.attempts.settle_of_seat(seat_id, Fact.MARKED_EXCUSED.value, now, by)
    seat = await tx.replies.asked(seat_id)
    return [watch_job(seat.session_id, now)] if seat is not None else []

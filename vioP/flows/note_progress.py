"""Note progress: what somebody owes has changed; issue their invites once nothing is missing."""

from collections.abc import Mapping

from vioP.domain.ids import ParticipantId
from vioP.domain.onboarding import Piece, is_ready
from vioP.domain.time import week_of
from vioP.flows.tell_seats import tell_seats
from vioP.ports import Ports
from vioP.storage import Transaction

# What changes how somebody is told who knows their appointments already.
_RETOLD = {Piece.ZONE, Piece.CALENDAR}


async def note_progress(
    ports: Ports,
    tx: Transaction,
    person: ParticipantId,
    action: str,
    by: str,
    details: Mapping[str, str],
) -> None:
    """Look again at what somebody owes, in the transaction that changed it, and audit it.

    Whoever has become ready is sent their invites, and whoever was ready and has changed how
    they are told is told anew; nobody else hears anything.

    Args:
        ports: The surroundings.
        tx: The transaction, which has locked the programme.
        person: Whom it is about.
        action: What was done, for the audit.
        by: Who did it.
        details: What the audit says of it; no names, numbers or addresses.
    """
    now = ports.clock.now()
    of = await tx.onboardings.of(person, now)
    if of is None:
        return
    ready, was_ready = is_ready(of), await tx.onboardings.was_ready(person)
    if of.invited_at is not None and ready != was_ready:
        await tx.onboardings.set_ready(person, now if ready else None)
    if ready and (not was_ready or details.get("piece") in _RETOLD):
        present = week_of(now.date())
        await tell_seats(ports, tx, present, ports.house.telling.last_week(present))
    await tx.audit.note(now, by, action, person, details)
    if of.invited_at is not None and ready != was_ready:
        word = "onboarding.ready" if ready else "onboarding.not_ready"
        await tx.audit.note(now, by, word, person)

"""Close entries of waiting lists: by what else happens to their people and cohorts."""

from collections.abc import Sequence
from datetime import date

from vioP.domain.enrollment import Enrollment
from vioP.domain.ids import ParticipantId
from vioP.domain.programme import Change, ChangeKind
from vioP.domain.time import Instant
from vioP.domain.waiting import Entry, WaitingState
from vioP.storage import Transaction

_LEFT = "No longer in the programme."
_GONE = "The cohort is no longer offered."


async def close_waiting(
    tx: Transaction, changes: Sequence[Change], by: str, now: Instant
) -> None:
    """Close every entry that a change of the programme has settled, in its transaction.

    Whoever is now enrolled waits no longer; neither does whoever has left, nor anybody for a
    cohort that is gone. An enrollment that ends before they want to begin is an earlier one.
    """
    enrolled = {
        (each.value.participant_id, each.value.cohort_id): each.value.until
        for each in changes
        if isinstance(each.value, Enrollment) and each.kind is not ChangeKind.REMOVED
    }
    gone = {(each.noun, each.id) for each in changes if each.kind is ChangeKind.REMOVED}
    if not enrolled and not gone:
        return
    for entry in await tx.waiting.open():
        until = enrolled.get((entry.participant_id, entry.cohort_id), date.min)
        if until > max(now.date(), entry.earliest):
            await close_entry(tx, entry, WaitingState.ENROLLED, "", by, now)
        elif ("participants", entry.participant_id) in gone:
            await close_entry(tx, entry, WaitingState.WITHDRAWN, _LEFT, by, now)
        elif ("cohorts", entry.cohort_id) in gone:
            await close_entry(tx, entry, WaitingState.WITHDRAWN, _GONE, by, now)


async def withdraw_waiting(
    tx: Transaction, person: ParticipantId, reason: str, by: str, now: Instant
) -> None:
    """Take somebody off every waiting list they are on."""
    for entry in await tx.waiting.open():
        if entry.participant_id == person:
            await close_entry(tx, entry, WaitingState.WITHDRAWN, reason, by, now)


async def close_entry(
    tx: Transaction, entry: Entry, state: WaitingState, reason: str, by: str, now: Instant
) -> None:
    """Close one open entry for good, and write down who did and what became of it."""
    await tx.waiting.close(entry.id, state, reason, by, now)
    did = "waiting.enrolled" if state is WaitingState.ENROLLED else "waiting.taken_off"
    await tx.audit.note(now, by, did, entry.participant_id, told(entry))


def told(entry: Entry) -> dict[str, str]:
    """What the audit says of an entry: which it is; never a word that was written in it."""
    return {"entry": entry.id, "cohort": entry.cohort_id}

"""End consents: what ended with somebody's care is written down before they come back."""

from collections.abc import Sequence

from vioP.domain.consent import Stretch, care_ended
from vioP.domain.enrollment import Enrollment
from vioP.domain.ids import ParticipantId
from vioP.domain.programme import Change, ChangeKind
from vioP.domain.time import Instant
from vioP.storage import Transaction


async def end_consents(tx: Transaction, changes: Sequence[Change], now: Instant) -> None:
    """Give consents that the end of care has ended that day as their last, before a change.

    A file that brings somebody back to a cohort takes the place of the enrollment before, and
    afterwards nobody could tell any more that there was a time without care.
    """
    new: dict[ParticipantId, list[Stretch]] = {}
    for change in changes:
        value = change.value
        if isinstance(value, Enrollment) and change.kind is not ChangeKind.REMOVED:
            new.setdefault(value.participant_id, []).append((value.first, value.until))
    today = now.date()
    for person in sorted(new.keys() & await tx.consents.with_care()):
        stretches = [*await tx.consents.stretches(person), *new[person]]
        for each in await tx.consents.of(person):
            over = care_ended(stretches, each.given_at.date(), today)
            if each.stands and each.with_care and over is not None:
                await tx.consents.end(person, each, over)

"""Enroll from the list: somebody who waited joins, and their entry is closed with it."""

from datetime import date

from vioP.domain.waiting import Entry, WaitingState
from vioP.flows.close_waiting import close_entry
from vioP.flows.enroll import Joining, join
from vioP.flows.offer_place import open_entry
from vioP.ports import Ports


async def enroll_from_list(
    ports: Ports, entry_id: str, first: date, until: date, by: str
) -> Entry:
    """Enroll whoever waits, on the weekdays they asked for, until the day before another.

    Raises:
        Missing: There is no such entry.
        WaitingSettled: It is closed.
        CohortsOverlap: The cohort meets while another one of theirs does.
        CohortFull: It has no place for them.
        Invalid: The days are out of order.
    """
    async with ports.store.write() as tx:
        await tx.programme.lock()
        entry = await open_entry(tx, entry_id)
        joining = Joining(entry.participant_id, entry.cohort_id, first, until, entry.days)
        now = ports.clock.now()
        await join(tx, joining, by, now)
        left = await tx.waiting.of_id(entry.id)
        if left is not None and left.is_open:  # it ends before the day they had asked for
            await close_entry(tx, left, WaitingState.ENROLLED, "", by, now)
    return entry

"""Take off the list: somebody waits no longer, for a reason."""

from vioP.domain.errors import Invalid
from vioP.domain.waiting import Entry, WaitingState
from vioP.flows.close_waiting import close_entry
from vioP.flows.offer_place import open_entry
from vioP.ports import Ports


async def take_off_list(ports: Ports, entry_id: str, reason: str, by: str) -> Entry:
    """Close an entry that leads to no place; what was offered is free again.

    Raises:
        Missing: There is no such entry.
        WaitingSettled: It is closed.
        Invalid: No reason is given.
    """
    if not reason:
        raise Invalid("Say why, in a few words: it stays on record.")
    async with ports.store.write() as tx:
        await tx.programme.lock()
        entry = await open_entry(tx, entry_id)
        now = ports.clock.now()
        await close_entry(tx, entry, WaitingState.WITHDRAWN, reason, by, now)
    return entry

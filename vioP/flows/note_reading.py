"""Note a reading: who looked at a page about one person that others need not see."""

from datetime import timedelta
from enum import StrEnum

from vioP.domain.time import later
from vioP.ports import Ports

# A page that renews itself, or is looked at again, is one reading for so long.
_ONE_READING = timedelta(minutes=15)


class Reading(StrEnum):
    """What was read."""

    STORY = "story.read"
    SAFETY = "safety.read"


async def note_reading(ports: Ports, by: str, reading: Reading, thing: str) -> None:
    """Write down that somebody has read something, once a quarter of an hour."""
    now = ports.clock.now()
    async with ports.store.read() as tx:
        if await tx.audit_search.was_noted(by, reading, thing, later(now, -_ONE_READING)):
            return
    async with ports.store.write() as tx:
        await tx.audit.note(now, by, reading, thing)

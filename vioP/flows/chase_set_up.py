"""Chase: whoever has an appointment soon and has not set up is put before a coordinator.

No invite has left for them, so they may know neither the hour nor the link. Somebody calls.
"""

from datetime import timedelta

from vioP.domain.time import later
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.attempts import Task

_SOON = timedelta(hours=48)


async def chase_set_up(ports: Ports, tx: Transaction) -> int:
    """Put everybody who is held and expected soon on the call list, once a day.

    Whoever has died or left is never called: their seats may stand until a week is published.

    Returns:
        How many there are.
    """
    now = ports.clock.now()
    silenced = await tx.contacts.silenced()
    held = [
        person
        for person in await tx.onboardings.held_with_seats(now, later(now, _SOON))
        if person not in silenced
    ]
    for person in held:
        key = f"not_set_up:{person}:{now:%Y%m%d}"
        await tx.attempts.ask(Task(key, "not_set_up", person), now)
    return len(held)

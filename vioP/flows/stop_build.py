"""Stop a build: whoever searches ends soon, and the best week so far becomes the draft."""

from vioP.domain.time import Week
from vioP.ports import Ports


async def stop_build(ports: Ports, week: Week, by: str) -> None:
    """Ask for the best so far. If nothing is being built, nothing happens."""
    async with ports.store.write() as tx:
        if await tx.builds.stop(week):
            await tx.audit.note(ports.clock.now(), by, "week.stopped", f"{week.monday}")

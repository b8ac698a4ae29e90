"""Ask for help with a device: a person of the house calls back."""

from zoneinfo import ZoneInfo

from vioP.domain.ids import ParticipantId
from vioP.ports import Ports
from vioP.storage.attempts import Task


async def ask_tech_help(ports: Ports, participant_id: ParticipantId) -> None:
    """Put somebody on the call list who wants help with their device; once a day is enough."""
    now = ports.clock.now()
    async with ports.store.write() as tx:
        zone = await tx.programme.zone()
        day = now.astimezone(ZoneInfo(zone or "UTC")).date()
        key = f"tech_help:{participant_id}:{day}"
        await tx.attempts.ask(Task(key, "tech_help", participant_id), now)

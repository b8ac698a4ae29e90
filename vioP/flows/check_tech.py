"""Tech check: judge what a browser reports, and keep the verdict."""

from vioP.domain.ids import ParticipantId
from vioP.domain.techcheck import Probe, TechCheck, judge
from vioP.ports import Ports


async def check_tech(
    ports: Ports, participant_id: ParticipantId, probe: Probe
) -> TechCheck:
    """Judge a probe and keep it; the newest counts on the roster."""
    now = ports.clock.now()
    check = judge(probe, now)
    async with ports.store.write() as tx:
        check_id = ports.secrets.mint("chk", now)
        await tx.tech_checks.add(check_id, participant_id, check, probe.round_trip_ms)
    return check

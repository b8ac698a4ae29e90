"""Tech check: judge what a browser reports, keep the verdict, and call off what it settles."""

from dataclasses import dataclass, field

from vioP.domain.device import Device
from vioP.domain.errors import Missing
from vioP.domain.ids import ParticipantId
from vioP.domain.tech_judge import Around, judge
from vioP.domain.tech_report import Report
from vioP.domain.techcheck import TechCheck
from vioP.ports import Ports

DIGITS = 3


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A report as it came in.

    Attributes:
        nonce: What the digits were made from that were played.
        relays: Which relays could be tried: ``udp``, ``tcp``.
    """

    nonce: str
    report: Report
    device: Device = field(default_factory=Device)
    relays: frozenset[str] = frozenset()


def digits_of(ports: Ports, nonce: str) -> str:
    """The digits that go with a nonce, for the speaker to say."""
    return ports.secrets.code(f"tech_check:{nonce}")[:DIGITS]


async def check_tech(
    ports: Ports, participant_id: ParticipantId, rehearsal: Rehearsal
) -> TechCheck:
    """Judge a rehearsal and keep it; the newest counts on the roster.

    Whoever is found able to join need not be called about it any more.

    Raises:
        Missing: There is no such participant.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        people = await tx.programme.addressees()
        if participant_id not in people:
            raise Missing
        around = Around(
            digits=digits_of(ports, rehearsal.nonce),
            zone=people[participant_id].zone,
            device=rehearsal.device,
            relays=rehearsal.relays,
            assisted_by=await tx.tech_checks.helper(participant_id, now),
        )
        check = judge(rehearsal.report, around, ports.house.tech, now)
        check_id = ports.secrets.mint("chk", now)
        await tx.tech_checks.add(check_id, participant_id, check)
        if check.verdict.is_enough:
            await tx.tech_checks.settle_tasks(participant_id, now)
        if check.assisted_by:
            detail = {"verdict": check.verdict.value}
            by = check.assisted_by
            await tx.audit.note(now, by, "tech_check.assisted", check_id, detail)
    return check

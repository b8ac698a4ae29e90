"""Help with a tech check: staff go through it with somebody, or say how a test session went."""

from datetime import timedelta

from vioP.domain.errors import Invalid, Missing
from vioP.domain.ids import ParticipantId, StaffId
from vioP.domain.techcheck import TechCheck, Verdict
from vioP.domain.time import later
from vioP.ports import Ports

LASTS = timedelta(hours=1)


async def help_check(ports: Ports, participant_id: ParticipantId, by: StaffId) -> None:
    """Begin to help: what the person checks within the hour counts as assisted.

    The check runs on the person's own device, from their own link; only there does it say
    anything.

    Raises:
        Missing: There is no such participant.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        if participant_id not in await tx.programme.addressees():
            raise Missing
        await tx.tech_checks.help_with(participant_id, by, later(now, LASTS))
        await tx.audit.note(now, by, "tech_check.help_begun", participant_id)


async def settle_check(
    ports: Ports, participant_id: ParticipantId, verdict: str, by: StaffId
) -> TechCheck:
    """Write down how ready somebody was found by a person who looked.

    Raises:
        Missing: There is no such participant.
        Invalid: There is no such verdict.
    """
    if verdict not in set(Verdict):
        raise Invalid(f"A check ends in one of {', '.join(Verdict)}.")
    now = ports.clock.now()
    tech = ports.house.tech
    check = TechCheck(
        at=now,
        verdict=Verdict(verdict),
        findings=(),
        good_until=later(now, tech.good_for),
        thresholds=tech.version,
        assisted_by=by,
    )
    async with ports.store.write() as tx:
        if participant_id not in await tx.programme.addressees():
            raise Missing
        check_id = ports.secrets.mint("chk", now)
        await tx.tech_checks.add(check_id, participant_id, check)
        if check.verdict.is_enough:
            await tx.tech_checks.settle_tasks(participant_id, now)
        detail = {"verdict": check.verdict.value}
        await tx.audit.note(now, by, "tech_check.settled", check_id, detail)
    return check

"""Readiness: how ready everybody is for their next appointment, the worst first."""

from collections.abc import Sequence

from vioP.domain.errors import Missing
from vioP.domain.ids import ParticipantId
from vioP.domain.readiness import Readiness, worst_first
from vioP.flows.show_onboarding import Progress, show_onboarding
from vioP.ports import Ports


async def show_readiness(ports: Ports) -> Sequence[Readiness]:
    """Everybody who takes part.

    Raises:
        NoProgramme: None was imported yet.
    """
    now = ports.clock.now()
    people = await show_onboarding(ports)
    async with ports.store.read() as tx:
        checks = await tx.readiness.checks()
        starts = await tx.readiness.next_starts(now)
        helpers = await tx.readiness.helpers(now)
    found = [
        Readiness(
            participant_id=each.person.id,
            name=each.person.name,
            phone=each.of.number or each.person.contact.phone,
            zone=each.person.zone,
            check=checks.get(each.person.id),
            starts=starts.get(each.person.id),
            missing=_missing(each),
            phone_verified=each.of.is_verified,
            place_on_file=bool(each.person.city and each.person.state),
            helper=helpers.get(each.person.id, ""),
        )
        for each in people
    ]
    return worst_first(found, now)


async def show_readiness_of(ports: Ports, participant_id: ParticipantId) -> Readiness:
    """One person.

    Raises:
        Missing: There is nobody of that identifier.
    """
    for each in await show_readiness(ports):
        if each.participant_id == participant_id:
            return each
    raise Missing


def _missing(progress: Progress) -> tuple[str, ...]:
    """What the set-up lacks; who was never asked to set up owes nothing."""
    if progress.of.invited_at is None:
        return ()
    return tuple(each.title for each in progress.lacks)

"""How far everybody is with setting up, for those who help them."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.errors import NoProgramme
from vioP.domain.onboarding import Onboarding, Step, missing, required, steps
from vioP.domain.people import Participant
from vioP.domain.setup_link import LinkPurpose, SetupLink
from vioP.ports import Ports
from vioP.storage.onboardings import Waiver


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one person is.

    Attributes:
        lacks: What is missing, the required first.
        links: The newest link of each purpose that was mailed.
        waivers: What was let go, by whom and why.
    """

    person: Participant
    of: Onboarding
    lacks: tuple[Step, ...]
    links: dict[LinkPurpose, SetupLink]
    waivers: Sequence[Waiver]

    @property
    def total(self) -> int:
        """How many pieces are due."""
        return len(steps(self.of))

    @property
    def owes(self) -> tuple[Step, ...]:
        """What is missing without which no join link is issued."""
        return required(self.lacks)


async def show_onboarding(ports: Ports) -> Sequence[Progress]:
    """Everybody: who was asked and owes most first, then who was never asked, then the rest.

    Raises:
        NoProgramme: None was imported yet.
    """
    async with ports.store.read() as tx:
        programme = await tx.programme.read()
        if programme is None:
            raise NoProgramme
        found = await tx.onboardings.of_all(ports.clock.now())
        links = await tx.setup_links.in_use()
        waivers = await tx.onboardings.waivers_of_all()
    lines = []
    for person in programme.participants:
        of = found.get(person.id)
        if of is None:
            continue
        lacks = tuple(sorted(missing(of), key=lambda each: not each.required))
        own = {
            purpose: links[person.id, purpose]
            for purpose in LinkPurpose
            if (person.id, purpose) in links
        }
        lines.append(Progress(person, of, lacks, own, waivers.get(person.id, ())))
    return sorted(lines, key=_worst_first)


def _worst_first(line: Progress) -> tuple[int, int, str]:
    asked = line.of.invited_at is not None
    turn = 0 if asked and line.owes else 1 if not asked else 2
    return turn, -len(line.owes), line.person.name

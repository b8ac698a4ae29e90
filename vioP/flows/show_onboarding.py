"""How far everybody is with setting up, for those who help them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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
        first: Their first day, where it is still to come.
    """

    person: Participant
    of: Onboarding
    lacks: tuple[Step, ...]
    links: dict[LinkPurpose, SetupLink]
    waivers: Sequence[Waiver]
    first: date | None = None

    @property
    def total(self) -> int:
        """How many pieces are due."""
        return len(steps(self.of))

    @property
    def owes(self) -> tuple[Step, ...]:
        """What is missing without which no join link is issued."""
        return required(self.lacks)


async def show_onboarding(ports: Ports) -> Sequence[Progress]:
    """Everybody, newcomers first, and then whoever owes most.

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
    today = ports.clock.now().date()
    first = {
        each.participant_id: each.first
        for each in sorted(programme.enrollments, key=lambda each: each.first, reverse=True)
    }
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
        begins = first.get(person.id)
        soon = begins if begins is not None and begins > today else None
        let_go = waivers.get(person.id, ())
        lines.append(Progress(person, of, lacks, own, let_go, soon))
    return sorted(lines, key=_worst_first)


def _worst_first(line: Progress) -> tuple[bool, date, int, str]:
    """Whoever has not begun yet before those who have, the nearest first day first."""
    return line.first is None, line.first or date.max, -len(line.owes), line.person.name

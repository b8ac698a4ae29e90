"""Prove a calendar: an invite reached somebody, because they answered it or read its word."""

from vioP.domain.errors import Missing
from vioP.domain.setup_link import Visitor
from vioP.domain.time import later
from vioP.flows.show import AHEAD
from vioP.ports import Ports

_BY = "word"


async def prove_by_word(ports: Ports, visitor: Visitor, typed: str) -> bool:
    """Whether somebody has typed the word of one of their own invites; if so it is noted.

    Raises:
        Missing: They are not in the programme.
    """
    now = ports.clock.now()
    said = "".join(typed.split()).casefold()
    async with ports.store.write() as tx:
        if await tx.onboardings.of(visitor.person, now) is None:
            raise Missing
        seats = await tx.seats.of_participant(visitor.person, now, later(now, AHEAD))
        if said not in {ports.secrets.word(each.id) for each in seats}:
            return False
        if await tx.onboardings.prove(visitor.person, now, _BY):
            told = {"by": _BY}
            await tx.audit.note(
                now, visitor.who.value, "calendar.proven", visitor.person, told
            )
    return True

"""Propose: when cohorts could meet next term, and who would hold them. Nothing is kept."""

import asyncio

from vioP.domain.errors import NoProgramme
from vioP.domain.time import Week
from vioP.planner.template import ProposedCohort, propose
from vioP.ports import Ports


async def propose_template(ports: Ports, week: Week) -> tuple[ProposedCohort, ...]:
    """Every cohort as it is and as it could be, judged on one week of the term.

    Raises:
        NoProgramme: Nothing was imported yet.
    """
    async with ports.store.read() as tx:
        programme = await tx.programme.read()
    if programme is None:
        raise NoProgramme
    return await asyncio.to_thread(propose, programme, week)

"""Propose: when cohorts could meet next term, and who would hold them. Nothing is planned."""

from vioP.domain.errors import NoProgramme
from vioP.domain.time import Week
from vioP.flows.crew import run_apart
from vioP.flows.foresight_tasks import Propose
from vioP.planner.template import ProposedCohort
from vioP.ports import Ports


async def propose_template(ports: Ports, week: Week) -> tuple[ProposedCohort, ...]:
    """Every cohort as it is and as it could be, judged on one week of the term.

    Raises:
        NoProgramme: Nothing was imported yet.
        SearchDied: A worker process died.
    """
    async with ports.store.read() as tx:
        programme = await tx.programme.read()
    if programme is None:
        raise NoProgramme
    [proposed] = await run_apart([Propose(programme, week)])
    return proposed

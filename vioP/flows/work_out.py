"""Work out: a worker takes up what is asked of weeks ahead, and keeps the answer.

An answer is kept with the basis it was worked out from, read before anything else is: what
changes meanwhile makes it an old answer, never a wrong one.
"""

import asyncio
from datetime import timedelta
from typing import Any, NoReturn

import structlog
from pydantic import TypeAdapter

from vioP.beside import beside
from vioP.domain.errors import DatabaseBusy, VioPError
from vioP.domain.foresight import Foresight, Question
from vioP.domain.time import later, week_of
from vioP.flows.forecast_weeks import forecast_weeks
from vioP.flows.foresight_tasks import ForeseenWeek, RecommendedCohort
from vioP.flows.propose_template import propose_template
from vioP.flows.recommend_cohorts import recommend_cohorts
from vioP.planner.template import ProposedCohort
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.foresights import Held

log = structlog.get_logger()

FORESEEN = TypeAdapter(tuple[ForeseenWeek, ...])
PROPOSED = TypeAdapter(tuple[ProposedCohort, ...])
RECOMMENDED = TypeAdapter(tuple[RecommendedCohort, ...])

# How often a worker says that it is alive, and from when on it is given up as lost.
_BEAT_EVERY = timedelta(seconds=1)
_SILENT_AFTER = timedelta(seconds=15)


async def work_out(ports: Ports, question: Question) -> None:
    """Work a question out, unless nobody asks it or somebody is at it.

    Runs as a job, any number of times. A refusal is written where the page shows it.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        held = await tx.foresights.take(question, now, later(now, -_SILENT_AFTER))
    if held is None:
        return
    try:
        async with beside(_beat(ports, held)):
            basis, answer = await _answer(ports, question)
    except asyncio.CancelledError:
        async with ports.store.write() as tx:
            await tx.foresights.release(held)
        raise
    except DatabaseBusy:
        raise  # which passes: the job runs again
    except VioPError as error:
        async with ports.store.write() as tx:
            await tx.foresights.fail(held, str(error), ports.clock.now())
        await log.awarning("foresight.failed", code=error.code)
    else:
        async with ports.store.write() as tx:
            await tx.foresights.answer(held, answer, basis, ports.clock.now())


async def basis_of(tx: Transaction, ports: Ports, question: Question) -> str:
    """What an answer is worked out from: of a week that has begun, also what day it is."""
    today = ports.clock.now().date()
    basis = await tx.foresights.basis()
    return f"{basis}/{today}" if question.week == week_of(today) else basis


async def _answer(ports: Ports, question: Question) -> tuple[str, Any]:
    async with ports.store.read() as tx:
        basis = await basis_of(tx, ports, question)
    week = question.week
    match question.what:
        case Foresight.FORECAST:
            foreseen = await forecast_weeks(ports, week)
            return basis, FORESEEN.dump_python(foreseen, mode="json")
        case Foresight.TEMPLATE:
            proposed = await propose_template(ports, week)
            return basis, PROPOSED.dump_python(proposed, mode="json")
        case Foresight.COHORTS:
            found = await recommend_cohorts(ports, question.participant_id, week)
            return basis, RECOMMENDED.dump_python(found, mode="json")


async def _beat(ports: Ports, held: Held) -> NoReturn:
    while True:
        await asyncio.sleep(_BEAT_EVERY.total_seconds())
        async with ports.store.write() as tx:
            await tx.foresights.beat(held, ports.clock.now())

"""See a foresight: the last answer at once, and a new one asked for when it is none or old."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from vioP.domain.foresight import Foresight, Question
from vioP.domain.ids import ParticipantId
from vioP.domain.time import Instant, Week, later
from vioP.flows.foresight_tasks import ForeseenWeek, RecommendedCohort
from vioP.flows.jobs import work_out_job
from vioP.flows.work_out import FORESEEN, PROPOSED, RECOMMENDED, basis_of
from vioP.planner.template import ProposedCohort
from vioP.ports import Ports
from vioP.storage.foresights import Kept

# What came to nothing is asked again when somebody looks after so long.
_AGAIN_AFTER = timedelta(minutes=1)

Answer_co = TypeVar("Answer_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Seen(Generic[Answer_co]):
    """What is known of a question now.

    Attributes:
        answer: The last answer; nothing if there was never one.
        kept: Who asked and when, what the answer was worked out from, and what went wrong.
        is_old: Whether something has changed since the answer.
    """

    answer: Answer_co | None
    kept: Kept
    is_old: bool


async def see_forecast(ports: Ports, week: Week, by: str) -> Seen[tuple[ForeseenWeek, ...]]:
    """What the weeks from one on will be short of."""
    return await _see(ports, Question(Foresight.FORECAST, week), by, FORESEEN)


async def see_template(
    ports: Ports, week: Week, by: str
) -> Seen[tuple[ProposedCohort, ...]]:
    """When cohorts could meet next term, judged on one week."""
    return await _see(ports, Question(Foresight.TEMPLATE, week), by, PROPOSED)


async def see_cohorts(
    ports: Ports, who: ParticipantId, week: Week, by: str
) -> Seen[tuple[RecommendedCohort, ...]]:
    """The cohorts somebody could join in a week."""
    return await _see(ports, Question(Foresight.COHORTS, week, who), by, RECOMMENDED)


async def _see(
    ports: Ports, question: Question, by: str, shape: TypeAdapter[Answer_co]
) -> Seen[Answer_co]:
    now = ports.clock.now()
    async with ports.store.read() as tx:
        basis = await basis_of(tx, ports, question)
        kept = await tx.foresights.of(question)
    if _is_to_ask(kept, basis, now):
        async with ports.store.write() as tx:
            await tx.foresights.ask(question, now, by)
            await ports.jobs.defer(tx, [work_out_job(question, now)])
            kept = await tx.foresights.of(question)
    if kept.answered is None:
        return Seen(None, kept, is_old=False)
    answer = shape.validate_python(kept.answered.answer)
    return Seen(answer, kept, is_old=kept.answered.basis != basis)


def _is_to_ask(kept: Kept, basis: str, now: Instant) -> bool:
    """Whether nobody has asked yet for what there is no answer to."""
    if kept.asked is not None:
        return False
    if kept.failed is not None and now < later(kept.failed.at, _AGAIN_AFTER):
        return False
    return kept.answered is None or kept.answered.basis != basis

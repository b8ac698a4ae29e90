"""Recommend: the cohorts somebody could join without anybody else moving, the kindest first."""

from vioP.domain.errors import Missing
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.time import Week
from vioP.flows.build_week import read_week
from vioP.flows.crew import run_apart
from vioP.flows.foresight_tasks import RecommendedCohort, TryCohorts
from vioP.ports import Ports

# Into so many shares the cohorts go, on every machine: each share states the week anew.
_SHARES = 4


async def recommend_cohorts(
    ports: Ports, participant_id: ParticipantId, week: Week
) -> tuple[RecommendedCohort, ...]:
    """Try every cohort on a week, instead of those they are in, and say what it would mean.

    Returns:
        First those they can join without anybody moving, the lowest price first; then the
        others, each with why not.

    Raises:
        NoProgramme: Nothing was imported yet.
        Missing: There is no such participant.
        SearchDied: A worker process died.
    """
    read = await read_week(ports, week)
    programme = read.programme
    if participant_id not in {each.id for each in programme.participants}:
        raise Missing
    theirs = {
        each.cohort_id
        for each in programme.enrollments
        if each.participant_id == participant_id and each.until > week.monday
    }
    others = [each.id for each in programme.cohorts if each.id not in theirs]
    shares = [tuple(others[start::_SHARES]) for start in range(_SHARES)]
    tried = await run_apart(
        [TryCohorts(read, participant_id, each) for each in shares if each]
    )
    found = {each.cohort_id: each for share in tried for each in share}
    in_order = [found[each] for each in others]
    return tuple(sorted(in_order, key=lambda each: (bool(each.against), each.price)))


async def try_cohort(
    ports: Ports, participant_id: ParticipantId, cohort_id: CohortId, week: Week
) -> RecommendedCohort:
    """Try one cohort on a week, as ``recommend_cohorts`` tries each.

    Raises:
        NoProgramme: Nothing was imported yet.
        Missing: There is no such participant or cohort.
        SearchDied: A worker process died.
    """
    read = await read_week(ports, week)
    people = {each.id for each in read.programme.participants}
    cohorts = {each.id for each in read.programme.cohorts}
    if participant_id not in people or cohort_id not in cohorts:
        raise Missing
    [[found]] = await run_apart([TryCohorts(read, participant_id, (cohort_id,))])
    return found

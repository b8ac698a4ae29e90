"""Which days of care a payer counts, and from when on nothing is authorized."""

from collections.abc import Mapping
from datetime import date, timedelta

from vioP.domain.enrollment import Authorization, first_unauthorized_day
from vioP.domain.ids import ParticipantId
from vioP.domain.program import Payer
from vioP.domain.programme import Programme


def counted_days(
    authorization: Authorization, payer: Payer, until: date, programme: Programme
) -> list[date]:
    """The days on which somebody uses a unit if they attend everything, to a day."""
    cohorts = {each.id: each for each in programme.cohorts}
    closed = set(programme.program.holidays)
    days: list[date] = []
    for enrollment in programme.enrollments:
        if enrollment.participant_id != authorization.participant_id:
            continue
        cohort = cohorts[enrollment.cohort_id]
        minutes = sum(block.minutes for block in cohort.blocks if block.is_care)
        if minutes < payer.min_day_minutes:
            continue
        length = (until - authorization.first).days + 1
        stretch = (authorization.first + timedelta(days=each) for each in range(length))
        days.extend(
            day
            for day in stretch
            if day.weekday() in cohort.days
            and day not in closed
            and enrollment.includes(day)
        )
    return days


def unauthorized_from(programme: Programme, until: date) -> Mapping[ParticipantId, date]:
    """The first day no unit is left for, of everybody for whom one comes by a day.

    Who has several authorizations is covered as long as one of them lasts.
    """
    payers = {each.id: each for each in programme.payers}
    ends: dict[ParticipantId, date | None] = {}
    for each in programme.authorizations:
        payer = payers.get(each.payer_id)
        first = None
        if payer is not None and payer.unit == "day":
            first = first_unauthorized_day(
                each.units, counted_days(each, payer, until, programme)
            )
        known = ends.get(each.participant_id, date.min)
        longer = None if first is None or known is None else max(known, first)
        ends[each.participant_id] = longer
    return {who: day for who, day in ends.items() if day is not None}

"""When an appointment is due: every so many weeks, and more often at first."""

from datetime import date, timedelta

import pytest

from vioP.domain.enrollment import ServicePlan
from vioP.domain.ids import ParticipantId, StaffId
from vioP.domain.time import Week

COUNTED = Week(date(2027, 3, 1))


def due(plan: ServicePlan, weeks: int) -> list[int]:
    """The weeks, counted from the first one, in which a plan is due."""
    return [
        number
        for number in range(weeks)
        if plan.is_due(Week(COUNTED.monday + timedelta(weeks=number)), COUNTED)
    ]


def plan(**facts: object) -> ServicePlan:
    given: dict[str, object] = {
        "id": "p1-psychiatry",
        "participant_id": ParticipantId("p1"),
        "kind": "psychiatry",
        "minutes": 25,
        "every_weeks": 4,
        "staff_id": StaffId("c1"),
    }
    return ServicePlan(**(given | facts))  # type: ignore[arg-type]


def test_an_appointment_is_due_every_so_many_weeks_in_its_own_turn():
    assert due(plan(), 9) == [0, 4, 8]
    assert due(plan(offset=1), 9) == [3, 7]


@pytest.mark.parametrize(
    ("every", "weeks"), [(1, [2, 3, 4, 8]), (2, [2, 4, 8])], ids=["weekly", "fortnightly"]
)
def test_the_first_weeks_are_denser_and_counted_from_the_start(every, weeks):
    """Care begins on the Thursday of the third week; then the usual turn goes on."""
    begun = plan(begins=date(2027, 3, 18), early_weeks=3, early_every=every)

    assert [each for each in due(begun, 9) if each >= 2] == weeks

"""Concerns block publishing, warn or are ignored, as the program decides."""

from dataclasses import replace
from datetime import date

import pytest

from tests.make import programme
from vioP.domain.program import Concern, Impact
from vioP.domain.programme import Programme
from vioP.domain.time import Week
from vioP.domain.week import WeekPlan
from vioP.planner.from_programme import Circumstances, state
from vioP.planner.solve import solve
from vioP.planner.to_plan import to_plan

WEEK = Week(date(2026, 3, 16))


def planned(stated: Programme) -> WeekPlan:
    statement = state(WEEK, stated, Circumstances({}))
    return to_plan(statement, solve(statement.problem), stated, "")


def having(**policy: object) -> Programme:
    plain = programme()
    changed = replace(plain.program.policy, **policy)  # type: ignore[arg-type]
    return replace(plain, program=replace(plain.program, policy=changed))


def concerns(plan: WeekPlan) -> set[Concern | None]:
    return {each.concern for each in plan.notices}


def test_a_thin_group_is_a_warning_unless_the_program_says_otherwise():
    plan = planned(having(group_min=9))
    assert Concern.THIN_GROUP in concerns(plan)
    assert plan.violations == ()


@pytest.mark.parametrize("impact", list(Impact))
def test_a_concern_is_as_grave_as_the_program_says(impact):
    plan = planned(having(group_min=9, impacts=((Concern.THIN_GROUP, impact),)))
    blocked = [each for each in plan.violations if each.startswith("thin_group: ")]
    assert bool(blocked) == (impact is Impact.BLOCK_PUBLISHING)
    assert (Concern.THIN_GROUP in concerns(plan)) == (impact is Impact.WARN)


def test_too_few_days_of_care_are_said():
    plan = planned(having(days_a_week=(4, 5)))
    few = [each for each in plan.notices if each.concern is Concern.DAYS_A_WEEK]
    assert few
    assert all("the program wants 4 to 5" in each.text for each in few)
    assert Concern.DAYS_A_WEEK not in concerns(planned(having(days_a_week=(1, 7))))


def test_a_long_gap_between_days_of_care_is_said():
    assert Concern.SERVICE_GAP in concerns(planned(having(longest_gap=0)))
    assert Concern.SERVICE_GAP not in concerns(planned(having(longest_gap=6)))

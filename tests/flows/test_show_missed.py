"""Missed days of the weeks to come: found where there are some; quick where there are none."""

from dataclasses import replace
from datetime import date

import pytest

from tests.make import WEEK, programme
from vioP.domain.time import week_of
from vioP.flows import show_missed as module
from vioP.flows.build_week import state_week
from vioP.flows.import_programme import import_programme
from vioP.flows.show import show_programme
from vioP.flows.show_missed import show_missed
from vioP.planner.make_up import missed_days
from vioP.ports import Ports

NEXT = week_of(date(2026, 3, 16))


async def test_a_closed_day_is_missed_and_offered_as_the_whole_statement_does(ports: Ports):
    whole = programme()
    program = replace(whole.program, holidays=(date(2026, 3, 17),))
    await import_programme(ports, replace(whole, program=program), "k1")

    found = await show_missed(ports, await show_programme(ports), (WEEK, NEXT))

    assert [each.meeting.day for each in found] == [date(2026, 3, 17)]
    assert tuple(found) == missed_days((await state_week(ports, NEXT)).statement)


async def test_weeks_that_miss_nothing_are_not_stated_whole(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
):
    async def stated(*_: object) -> None:
        pytest.fail("nothing is missed, so there is nothing to state")

    monkeypatch.setattr(module, "state_week", stated)
    await import_programme(ports, programme(), "k1")

    assert list(await show_missed(ports, await show_programme(ports), (WEEK, NEXT))) == []

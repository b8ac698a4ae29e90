"""Health: what counts as trouble, and what takes a process out of service."""

from datetime import timedelta

import pytest

from tests.make import NINE
from vioP.domain.delivery import Channel
from vioP.domain.health import (
    LEAST_FREE,
    Health,
    Part,
    Trouble,
    Vitals,
    judge,
    without_database,
)
from vioP.domain.time import later

LATE = later(NINE, -timedelta(seconds=90))


def bad(health: Health) -> set[Part]:
    return {each.part for each in health.parts if not each.ok}


def test_a_quiet_house_is_well():
    health = judge(Vitals(), NINE)

    assert health.is_ready
    assert health.is_well
    assert {each.part for each in health.parts} == set(Part)


@pytest.mark.parametrize(
    ("vitals", "part", "words"),
    [
        (
            Vitals(late_jobs=2, oldest_job=LATE),
            Part.JOBS,
            "2 late, the oldest by 90 seconds",
        ),
        (Vitals(failing_jobs=1), Part.JOBS, "1 failed again and again"),
        (Vitals(troubles={Channel.MAIL: Trouble(NINE, "x")}), Part.MAIL, "15:00 UTC (x)"),
        (Vitals(stuck={Channel.SMS: 3}), Part.TEXTS, "3 that somebody waits for"),
        (Vitals(stuck={Channel.PHONE: 1}), Part.PHONE, "1 that somebody waits for"),
        (Vitals(silent_rooms=1), Part.ROOMS, "1 running cannot say"),
        (Vitals(unreadable=2), Part.FIELDS, "2 do not open"),
        (Vitals(free_bytes=LEAST_FREE - 1), Part.DISK, "511 MiB left"),
    ],
)
def test_each_trouble_is_named_with_its_remedy_and_shuts_no_door(
    vitals: Vitals, part: Part, words: str
):
    health = judge(vitals, NINE)

    assert bad(health) == {part}
    [state] = [each for each in health.parts if not each.ok]
    assert words in state.detail
    assert state.remedy
    assert health.is_ready
    assert not health.is_well


def test_only_the_database_takes_a_process_out_of_service():
    assert not without_database().is_ready
    assert bad(without_database()) == {Part.DATABASE}

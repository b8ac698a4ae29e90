"""The policy of a programme file."""

from datetime import time, timedelta
from typing import Any, get_args

import pytest

from vioP.domain.fallback import Ladder, Rung
from vioP.domain.ladder_times import in_minutes, with_times
from vioP.domain.program import Concern, Impact, Policy
from vioP.domain.room import SERVICES
from vioP.files.policy import read_policy
from vioP.files.problems import Notebook
from vioP.files.source import Lines
from vioP.files.table import Table
from vioP.video_settings import VideoSettings


def read(policy: Any, impact: Any, ladder: Any = ()) -> tuple[Policy, Notebook]:
    notes = Notebook("programme.toml")
    lines = Lines("")
    tables = [
        Table(name, 0, values, lines, notes)
        for name, values in (
            ("policy", policy),
            ("policy.impact", impact),
            ("policy.ladder", ladder or {}),
        )
    ]
    return read_policy(*tables), notes


def test_a_policy_that_says_nothing_is_the_standard_one():
    assert read({}, {})[0] == Policy()


def test_days_gaps_and_impacts_are_read():
    policy, _ = read(
        {"sessions_per_week": [3, 5], "longest_gap_days": 2},
        {"thin_group": "ignore", "units_running_out": "block_publishing"},
    )
    assert policy.days_a_week == (3, 5)
    assert policy.longest_gap == 2
    assert policy.impact(Concern.THIN_GROUP) is Impact.IGNORE
    assert policy.impact(Concern.UNITS_RUNNING_OUT) is Impact.BLOCK_PUBLISHING
    assert policy.impact(Concern.SHORT_WEEK) is Impact.WARN


@pytest.mark.parametrize(
    ("policy", "impact", "what"),
    [
        ({"sessions_per_week": [5, 3]}, {}, "sessions_per_week"),
        ({"sessions_per_week": [3]}, {}, "sessions_per_week"),
        ({}, {"thin_group": "loud"}, "thin_group"),
        ({}, {"thick_group": "warn"}, "thick_group"),
        ({}, "loud", "impact"),
        ({"group_min": 9, "group_max": 3}, {}, "group_min"),
    ],
)
def test_what_is_wrong_is_noted(policy, impact, what):
    _, notes = read(policy, impact)
    assert any(what in str(each) for each in notes.found)


def test_a_program_has_ladder_times_and_quiet_hours_of_its_own():
    policy, notes = read({"quiet_hours": ["20:00", "09:00"]}, {}, {"call_after_min": 7})

    assert notes.found == []
    assert policy.quiet_hours == (time(20), time(9))
    assert dict(policy.ladder) == {"call_after": 7.0}
    ladder = with_times(Ladder(), in_minutes(policy.ladder))
    assert [step.after for step in ladder.steps if step.rung is Rung.CALL] == [
        timedelta(minutes=7)
    ]


@pytest.mark.parametrize(
    ("policy", "ladder", "what"),
    [
        ({}, {"call_after_min": 2}, "later than the one before"),
        ({}, {"shout_after_min": 2}, "shout_after_min"),
        ({}, "soon", "[policy.ladder]"),
        ({"quiet_hours": ["21:00"]}, {}, "quiet_hours"),
    ],
)
def test_a_ladder_that_makes_no_sense_is_noted(policy, ladder, what):
    _, notes = read(policy, {}, ladder)
    assert any(what in str(each) for each in notes.found)


def test_a_program_names_its_video_service_and_a_typing_mistake_is_no_choice():
    policy, notes = read({"video": "zoom", "video_fallback": "none"}, {})
    assert (policy.video, policy.video_fallback) == ("zoom", "none")
    assert notes.found == []

    for wrong in ({"video": "zom"}, {"video": "none"}, {"video_fallback": "auto"}):
        _, notes = read(wrong, {})
        assert len(notes.found) == 1


def test_what_files_may_name_is_what_settings_can_set_up():
    field = VideoSettings.model_fields["provider"]
    assert set(get_args(field.annotation)) - {"auto"} == set(SERVICES)

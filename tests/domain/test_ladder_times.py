"""A program's own times over those of the house."""

from datetime import timedelta

import pytest

from vioP.domain.fallback import Ladder, Rung
from vioP.domain.ladder_times import LADDER_TIMES, in_minutes, with_times


def test_what_a_program_does_not_say_stays_as_it_is():
    assert with_times(Ladder(), {}) == Ladder()


@pytest.mark.parametrize("name", LADDER_TIMES)
def test_every_time_can_be_changed_and_changes_the_ladder(name: str):
    times = {"call_after": 5.0, "second_call_after": 9.0, "clinician_after": 16.0,
             "high_risk_coordinator_after": 4.0, "high_risk_clinician_after": 8.0}  # fmt: skip

    changed = with_times(
        Ladder(),
        in_minutes([(name, times.get(name, 1.0) if name != "coordinator_after" else 11.0)]),
    )

    assert changed != Ladder()


def test_the_message_has_one_time_whoever_it_goes_to():
    ladder = with_times(Ladder(), {"nudge_after": timedelta(minutes=1)})

    for steps in (ladder.steps, ladder.high_risk):
        assert [each.after for each in steps if each.rung is Rung.NUDGE] == [
            timedelta(minutes=1)
        ]


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="shout_after is no time of the ladder"):
        with_times(Ladder(), {"shout_after": timedelta(minutes=1)})

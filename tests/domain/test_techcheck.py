"""What a device check means for joining."""

from datetime import timedelta

import pytest

from tests.make import NINE
from vioP.domain.techcheck import GOOD_FOR, Part, Probe, Verdict, judge


@pytest.mark.parametrize(
    ("probe", "verdict", "failed"),
    [
        (Probe(True, True, True, 40), Verdict.READY, ()),
        (Probe(False, True, True, 40), Verdict.AUDIO_ONLY, (Part.CAMERA,)),
        (Probe(True, True, True, 900), Verdict.AUDIO_ONLY, (Part.CONNECTION,)),
        (Probe(True, True, True, None), Verdict.AUDIO_ONLY, (Part.CONNECTION,)),
        (Probe(True, False, True, 40), Verdict.FAILED, (Part.MICROPHONE,)),
        (Probe(True, True, False, 40), Verdict.FAILED, (Part.SPEAKER,)),
    ],
)
def test_sound_both_ways_is_needed_and_a_picture_is_not(probe, verdict, failed):
    check = judge(probe, NINE)

    assert (check.verdict, check.failed) == (verdict, failed)


def test_a_check_grows_old():
    check = judge(Probe(True, True, True, 40), NINE)

    assert check.is_fresh(NINE + GOOD_FOR - timedelta(seconds=1))
    assert not check.is_fresh(NINE + GOOD_FOR)
